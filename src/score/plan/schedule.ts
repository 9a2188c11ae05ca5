import { ownOf } from '../../own.ts';
import type { PlanRules } from '../../suite/plan-schema.ts';
import { type Constraint, constraint } from './constraint.ts';
import type { Step } from './read.ts';

interface TimedStep {
  step: Step;
  start: number;
  end: number;
}

/**
 * What a schedule has to keep to: each step starts at a time, takes as long as its action does, waits
 * for what must precede it and for what it says it depends on, and shares what is scarce.
 */
export function scheduleConstraints(steps: readonly Step[], rules: PlanRules): Constraint[] {
  const { durations = {}, finish_by: finishBy, resources = {} } = rules;
  const timed = steps.map((step) => timedStep(step, durations));
  const broken = steps.find((_, index) => timed[index] === undefined);
  const known = timed.filter((step) => step !== undefined);
  const found = [
    constraint(broken === undefined, `${broken?.action} has no start, or no known duration`),
    ...(rules.must_precede ?? []).map(([a, b]) =>
      constraint(precedes(known, a, b), `${b} starts before ${a} has ended`),
    ),
    constraint(keepsOwnWaits(known), 'a step starts before one that it depends on has ended'),
  ];
  if (finishBy !== undefined) {
    const end = Math.max(0, ...known.map((step) => step.end));
    found.push(constraint(end <= finishBy, `ends at ${end}, later than ${finishBy}`));
  }
  for (const [name, { capacity, used_by: users }] of Object.entries(resources)) {
    const using = known.filter(({ step }) => users.includes(step.action));
    const most = mostAtOnce(using);
    found.push(constraint(most <= capacity, `${most} steps use ${name} at the same time`));
  }
  return found;
}

function timedStep(step: Step, durations: Record<string, number>): TimedStep | undefined {
  const duration = ownOf(durations, step.action);
  if (duration === undefined || step.start === null || step.start < 0) return undefined;
  return { step, start: step.start, end: step.start + duration };
}

function precedes(timed: readonly TimedStep[], a: string, b: string): boolean {
  const first = timed.filter(({ step }) => step.action === a);
  const second = timed.filter(({ step }) => step.action === b);
  if (first.length === 0 || second.length === 0) return false;
  const ended = Math.min(...first.map(({ end }) => end));
  return second.every(({ start }) => start >= ended);
}

function keepsOwnWaits(timed: readonly TimedStep[]): boolean {
  const ends = new Map(timed.map(({ step, end }) => [step.id, end]));
  return timed.every(({ step, start }) =>
    step.dependsOn.every((id) => (ends.get(id) ?? 0) <= start),
  );
}

/** The most steps under way at one instant; one that ends when another starts is not with it. */
function mostAtOnce(timed: readonly TimedStep[]): number {
  const under = timed.map(
    ({ start }) => timed.filter((other) => other.start <= start && other.end > start).length,
  );
  return Math.max(0, ...under);
}
