import { type Constraint, constraint } from './constraint.ts';
import type { Step } from './read.ts';

/** Which steps wait for which, as `depends_on` says it, over any number of steps between. */
export interface Waits {
  /** Whether each step of action `b` waits for one of action `a`; false where either is missing. */
  waits(b: string, a: string): boolean;
  /** Faults of the graph itself: ids twice, ids that no step has, cycles. */
  soundness: Constraint[];
}

/** Reads the graph of a plan; names without a step are left out of it. */
export function waitsOf(steps: readonly Step[]): Waits {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ancestors = new Map(steps.map((step) => [step, ancestorsOf(step, byId)]));
  const unknown = steps.flatMap(({ dependsOn }) => dependsOn).find((id) => !byId.has(id));
  const cyclic = steps.find((step) => ancestors.get(step)?.has(step));
  const soundness = [
    constraint(byId.size === steps.length, 'two steps have the same id'),
    constraint(unknown === undefined, `depends on ${unknown}, which is no step`),
    constraint(cyclic === undefined, `${cyclic?.action} waits for itself`),
  ];
  const waits = (b: string, a: string) => {
    const waiting = steps.filter(({ action }) => action === b);
    const suits = (step: Step) =>
      [...(ancestors.get(step) ?? [])].some(({ action }) => action === a);
    return waiting.length > 0 && waiting.every(suits);
  };
  return { waits, soundness };
}

function ancestorsOf(step: Step, byId: ReadonlyMap<string, Step>): Set<Step> {
  const found = new Set<Step>();
  const open = [step];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const id of next.dependsOn) {
      const before = byId.get(id);
      if (before === undefined || found.has(before)) continue;
      found.add(before);
      open.push(before);
    }
  }
  return found;
}
