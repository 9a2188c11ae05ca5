import { regularizedBeta } from './beta.ts';
import { BOTH_TAILS, type Tails } from './quantile-interval.ts';

/**
 * Clopper and Pearson's exact interval for a share: each end is the share at which as many hits, or
 * as few, would be seen with the tail's chance. For verdicts: it never promises more than it holds,
 * where Wilson's, the closer one on average, is passed several times as often as it says in thin
 * tails of rare hits.
 * @param share of what was counted, in [0, 1]
 * @param effectiveN how many independent trials these are worth, above 0; need not be whole
 * @param tails those of a 95 % interval, unless told otherwise
 * @returns both ends in [0, 1]; an end left open is at 0 or 1
 */
export function exactShareInterval(
  share: number,
  effectiveN: number,
  tails: Tails = BOTH_TAILS,
): { low: number; high: number } {
  const hits = share * effectiveN;
  const misses = effectiveN - hits;
  return {
    low:
      share === 0 || tails.low === 0
        ? 0
        : rootOf((p) => regularizedBeta(p, hits, misses + 1) - tails.low),
    high:
      share === 1 || tails.high === 0
        ? 1
        : rootOf((p) => regularizedBeta(p, hits + 1, misses) - (1 - tails.high)),
  };
}

/** The root of a rising function in (0, 1), by halving. */
function rootOf(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60 && high - low > 1e-15; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
