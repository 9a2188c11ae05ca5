import { ownOf } from '../../own.ts';
import type { World } from '../../suite/plan-schema.ts';
import { type Constraint, constraint } from './constraint.ts';
import type { Step } from './read.ts';

/**
 * Carries the steps out in the order they are listed: each has to be possible, and the goal be reached.
 * After a step that is not, nothing is carried out.
 */
export function worldConstraints(steps: readonly Step[], world: World): Constraint[] {
  const facts = new Set(world.facts);
  const fault = carryOut(steps, world, facts);
  return [
    constraint(fault === null, fault ?? ''),
    ...world.goal.map((goal) => constraint(facts.has(goal), `does not get to: ${goal}`)),
  ];
}

function carryOut(steps: readonly Step[], { actions }: World, facts: Set<string>): string | null {
  for (const [index, { action }] of steps.entries()) {
    const effect = ownOf(actions, action);
    if (effect === undefined) return `there is no action ${action}`;
    const lacking = (effect.needs ?? []).find((fact) => !facts.has(fact));
    if (lacking !== undefined)
      return `step ${index + 1}, ${action}, is not possible: not ${lacking}`;
    for (const fact of effect.removes ?? []) facts.delete(fact);
    for (const fact of effect.adds ?? []) facts.add(fact);
  }
  return null;
}
