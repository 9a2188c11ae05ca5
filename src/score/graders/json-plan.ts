import { type PlanRules, planSchema } from '../../suite/plan-schema.ts';
import { checkedValue } from '../checked-value.ts';
import { missing, right, ungraded, wrong } from '../judgement.ts';
import { type Constraint, constraint } from '../plan/constraint.ts';
import { readPlan, type Step } from '../plan/read.ts';
import { scheduleConstraints } from '../plan/schedule.ts';
import { waitsOf } from '../plan/waits.ts';
import { worldConstraints } from '../plan/world.ts';
import type { Grader } from '../types.ts';

/** Longer ones are no plan, and their graph would take long to walk. */
const STEPS_MAX = 500;

/**
 * A plan as JSON, held against what it has to keep to: right where it keeps to everything, scored by
 * the share that it keeps. An answer without one is wrong, for the form was asked for.
 */
export const jsonPlan: Grader = (answered, { value = {} }) => {
  const rules = checkedValue(planSchema, value);
  if (rules === null) return ungraded('the plan expected is not what this version takes');
  const plan = readPlan(answered.text);
  if ('fault' in plan) return missing(answered, plan.fault);
  const { steps } = plan;
  const answer = steps.map(({ action }) => action).join(' → ');
  if (steps.length > STEPS_MAX) return wrong(`has ${steps.length} steps`, answer);

  const constraints = constraintsOf(steps, rules);
  const broken = constraints.filter(({ kept }) => !kept);
  const [first] = broken;
  if (first === undefined) return right(answer);
  const others = broken.length > 1 ? `, and ${broken.length - 1} more` : '';
  const judgement = missing(answered, first.fault + others, answer);
  if (judgement.mark === 'ungraded') return judgement;
  return { ...judgement, score: 1 - broken.length / constraints.length };
};

function constraintsOf(steps: readonly Step[], rules: PlanRules): Constraint[] {
  const { waits, soundness } = waitsOf(steps);
  const actions = steps.map(({ action }) => action);
  const twice = actions.find((action, index) => actions.indexOf(action) !== index);
  const { steps_min: min = 0, steps_max: max = Number.POSITIVE_INFINITY } = rules;
  const found = [
    ...soundness,
    constraint(steps.length >= min, `has ${steps.length} steps, fewer than ${min}`),
    constraint(steps.length <= max, `has ${steps.length} steps, more than ${max}`),
    ...(rules.required_actions ?? []).map((action) =>
      constraint(actions.includes(action), `lacks ${action}`),
    ),
    ...(rules.forbidden_actions ?? []).map((action) =>
      constraint(!actions.includes(action), `has ${action}, which it must not`),
    ),
    ...(rules.independent ?? []).map(([a, b]) => {
      const both = actions.includes(a) && actions.includes(b);
      return constraint(both && !waits(a, b) && !waits(b, a), `${a} and ${b} wait for one another`);
    }),
  ];
  if (rules.world !== undefined) return [...found, ...worldConstraints(steps, rules.world)];
  found.push(constraint(twice === undefined, `has ${twice} twice`));
  if (rules.durations !== undefined) return [...found, ...scheduleConstraints(steps, rules)];
  const mustWait = (rules.must_precede ?? []).map(([a, b]) =>
    constraint(waits(b, a), `${b} does not wait for ${a}`),
  );
  return [...found, ...mustWait];
}
