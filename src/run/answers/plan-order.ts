import type { JsonObject, JsonValue } from '../../json.ts';

/**
 * A plan with the actions that `json-plan` requires, each after what must precede it.
 * @param value of the expectation
 * @returns JSON; `null` where nothing is required, or the order goes in a circle
 */
export function planOf(value: JsonObject): string | null {
  const actions = texts(value.required_actions);
  const pairs = pairsOf(value.must_precede);
  const ordered = inOrder(actions, pairs);
  if (actions.length === 0 || ordered === null) return null;
  const steps = ordered.map((action, index) => ({
    id: `s${index + 1}`,
    action,
    depends_on: pairs
      .filter(([before, after]) => after === action && ordered.includes(before))
      .map(([before]) => `s${ordered.indexOf(before) + 1}`),
  }));
  return JSON.stringify({ steps });
}

/** The same plan told backwards, so that nothing stands after what it needs. */
export function reversedPlan(plan: string): string {
  const { steps } = JSON.parse(plan) as { steps: { id: string; action: string }[] };
  const actions = steps.map(({ action }) => action).reverse();
  return JSON.stringify({
    steps: actions.map((action, index) => ({
      id: `s${index + 1}`,
      action,
      depends_on: index === 0 ? [] : [`s${index}`],
    })),
  });
}

/** Kahn: whatever waits for nothing more comes next. */
function inOrder(actions: readonly string[], pairs: [string, string][]): string[] | null {
  const left = [...actions];
  const ordered: string[] = [];
  while (left.length > 0) {
    const next = left.findIndex((action) =>
      pairs.every(([before, after]) => after !== action || !left.includes(before)),
    );
    if (next === -1) return null;
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function pairsOf(value: JsonValue | undefined): [string, string][] {
  return Array.isArray(value) ? value.map((pair) => texts(pair) as [string, string]) : [];
}
