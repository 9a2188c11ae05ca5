import type { RunSettings } from '../../config/types.ts';

type Limits = Pick<RunSettings, 'grading' | 'runLimits'>;

/**
 * What all calls of judges may cost: their own limit, and no more than the run has left of `max_cost`.
 * @param spentUsd by the requests of the run, and by judges before
 * @param judgesUsd by judges before
 * @returns `null` where there is no limit
 */
export function leftForJudgesUsd(
  { grading, runLimits }: Limits,
  spentUsd: number,
  judgesUsd = 0,
): number | null {
  const limit = grading.judge?.maxCostUsd ?? null;
  const own = limit === null ? null : Math.max(0, limit - judgesUsd);
  if (runLimits.costUsd === null) return own;
  const left = Math.max(0, runLimits.costUsd - spentUsd);
  return own === null ? left : Math.min(own, left);
}

/** The limit that cannot be kept where a judge has no price; `null` without one. */
export function limitOfJudges({ grading, runLimits }: Limits): string | null {
  if (runLimits.costUsd !== null) return '--max-cost';
  return grading.judge?.maxCostUsd == null ? null : 'grading.judge.max_cost';
}
