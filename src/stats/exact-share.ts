import { regularizedBeta } from './beta.ts';
import { BOTH_TAILS, type Tails } from './quantile-interval.ts';

/**
 * The chance of at least as many hits as were seen, by the binomial distribution; between whole
 * numbers by the beta distribution that joins its values.
 * @param share of hits seen, in [0, 1]
 * @param effectiveN how many independent trials these are worth, above 0; need not be whole
 * @param p the chance of a hit
 */
export function chanceOfAsMany(share: number, effectiveN: number, p: number): number {
  const hits = share * effectiveN;
  return share === 0 ? 1 : regularizedBeta(p, hits, effectiveN - hits + 1);
}

/** The chance of at most as many hits as were seen. */
export function chanceOfAsFew(share: number, effectiveN: number, p: number): number {
  return chanceOfAsMany(1 - share, effectiveN, 1 - p);
}

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
  const endOf = (hits: number, tail: number) =>
    tail === 0 || hits === 0 ? 0 : rootOf((p) => chanceOfAsMany(hits, effectiveN, p) - tail);
  return { low: endOf(share, tails.low), high: 1 - endOf(1 - share, tails.high) };
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
