import type { JsonObject, JsonValue } from '../../json.ts';
import { jsonIn } from '../json/find.ts';

/** One step as the model wrote it. */
export interface Step {
  id: string;
  action: string;
  dependsOn: string[];
  /** Of a schedule; `null` where it says none. */
  start: number | null;
}

/** The plan that an answer means, or why there is none. */
export type ReadPlan = { steps: Step[] } | { fault: string };

/** The last object of an answer with a list `steps`, or the last list of steps by itself. */
export function readPlan(text: string): ReadPlan {
  const lists = jsonIn(text).flatMap((value) => {
    const list = isObject(value) ? value.steps : value;
    return Array.isArray(list) && (isObject(value) || list.some(isObject)) ? [list] : [];
  });
  const list = lists.at(-1);
  if (list === undefined) return { fault: 'there is no JSON with steps in the answer' };
  const steps: Step[] = [];
  for (const [index, item] of list.entries()) {
    const step = isObject(item) ? readStep(item, index) : undefined;
    if (step === undefined) return { fault: `step ${index + 1} has no action` };
    steps.push(step);
  }
  return { steps };
}

function readStep(item: JsonObject, index: number): Step | undefined {
  const { id, action, depends_on: dependsOn = [], start } = item;
  if (typeof action !== 'string' || action.trim() === '') return undefined;
  return {
    id: nameOf(id) ?? `#${index + 1}`,
    action: action.trim(),
    dependsOn: [dependsOn].flat().flatMap((name) => nameOf(name) ?? []),
    start: typeof start === 'number' ? start : null,
  };
}

function nameOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
