import type { RunLimits } from '../config/types.ts';
import type { ListedTarget, Plan } from './plan.ts';

export interface PlanCost {
  requests: number;
  warmupRequests: number;
  /** `null` where a model has no price, or its answers no limit. */
  costUpperUsd: number | null;
  outputTokensUpper: number | null;
}

/** What the whole plan may come to at most, warm-up included. */
export function estimatePlan(plan: Plan): PlanCost {
  let costUpperUsd: number | null = 0;
  let outputTokensUpper: number | null = 0;
  let warmupRequests = 0;
  for (const request of plan.requests) {
    if (request.phase === 'warmup') warmupRequests += 1;
    costUpperUsd = plus(costUpperUsd, request.costUpperUsd);
    outputTokensUpper = plus(outputTokensUpper, request.outputTokensUpper);
  }
  return { requests: plan.requests.length, warmupRequests, costUpperUsd, outputTokensUpper };
}

function plus(sum: number | null, next: number | null): number | null {
  return sum === null || next === null ? null : sum + next;
}

/**
 * What a limit of money cannot be kept without: a price of each model, and a bound of each answer.
 * @returns one sentence per model that lacks one
 */
export function budgetProblems(
  plan: Plan,
  targets: readonly ListedTarget[],
  limits: RunLimits,
): string[] {
  if (limits.costUsd === null) return [];
  const unbounded = new Set(
    plan.requests.filter((one) => one.outputTokensUpper === null).map(({ model }) => model),
  );
  const problems = targets.flatMap(({ models }) =>
    models.flatMap(({ name, price }) => {
      const lacks = [
        ...(price === null ? ['a price'] : []),
        ...(unbounded.has(name) ? ['max_tokens'] : []),
      ];
      return lacks.length === 0 ? [] : [`${name} lacks ${lacks.join(' and ')}`];
    }),
  );
  return [...new Set(problems)];
}
