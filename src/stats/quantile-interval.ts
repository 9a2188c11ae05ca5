import { regularizedBeta } from './beta.ts';

/** The chance that the truth lies beyond each end of an interval; 0 where that end is left open. */
export interface Tails {
  low: number;
  high: number;
}

/** Of a 95 % interval. */
export const BOTH_TAILS: Tails = { low: 0.025, high: 0.025 };

/**
 * The fewest independent samples that an interval is put around: on fewer, nobody can tell whether
 * they depend on one another, and an interval that supposes they do not may be far too narrow.
 */
export const LEAST_FOR_INTERVAL = 20;

export interface Interval {
  /** `-Infinity` where it was left open. */
  low: number;
  /** `Infinity` where no end can be given above. */
  high: number;
}

/**
 * Interval for the quantile of what a sample was drawn from, by interpolated order statistics
 * (Hutson 1999): the fractional order statistics at (n + 1)·u, where u is each of the two levels
 * that the true quantile passes with the tail's chance, by Beta((m + 1)·u, (m + 1)·(1 − u)).
 * Nothing is supposed of the distribution but that it is continuous.
 *
 * A censored sample stands at its bound. That can only lower the low end, which so still holds; the
 * high end is open as soon as a bound is no larger than the order statistics that it rests on.
 * @param sorted ascending, without NaN
 * @param p in (0, 1)
 * @param effectiveN m: how many independent samples these n are worth; no more than n
 * @param lowestBound the smallest bound of a censored sample; `Infinity` without one
 * @param tails those of a 95 % interval, unless told otherwise; each in [0, 0.5)
 * @returns in the samples' unit; `undefined` where m samples are too few for an end that is wanted
 * @see docs/metrics.md#intervals
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
  effectiveN: number,
  lowestBound = Infinity,
  tails: Tails = BOTH_TAILS,
): Interval | undefined {
  if (effectiveN < LEAST_FOR_INTERVAL) return undefined;
  const levels = intervalLevels(p, effectiveN, tails);
  if (levels === undefined) return undefined;
  const at = (level: number) => orderStatistic(sorted, (sorted.length + 1) * level);
  const low = tails.low === 0 ? -Infinity : at(levels.low).value;
  const high = tails.high === 0 ? undefined : at(levels.high);
  const isOpen = high === undefined || lowestBound <= high.upper;
  return { low, high: isOpen ? Infinity : high.value };
}

/** Both ends as levels of the sample; each needs order statistics on its two sides. */
function intervalLevels(p: number, m: number, tails: Tails): Interval | undefined {
  // The chance that the fractional order statistic at u is below the true quantile; falls with u.
  const below = (u: number) => regularizedBeta(p, (m + 1) * u, (m + 1) * (1 - u));
  const first = 1 / (m + 1);
  const last = m / (m + 1);
  if (tails.low > 0 && below(first) < 1 - tails.low) return undefined;
  if (tails.high > 0 && below(last) > tails.high) return undefined;
  return {
    low: tails.low === 0 ? 0 : rootOf((u) => below(u) - (1 - tails.low), first, p),
    high: tails.high === 0 ? 1 : rootOf((u) => below(u) - tails.high, p, last),
  };
}

/** The root of a falling function between two points around it, by regula falsi (Illinois). */
function rootOf(falling: (x: number) => number, from: number, to: number): number {
  let [left, right] = [from, to];
  let [atLeft, atRight] = [falling(left), falling(right)];
  for (let step = 0; step < 100 && right - left > 1e-13; step++) {
    const x = right - (atRight * (right - left)) / (atRight - atLeft);
    const at = falling(x);
    if (Math.abs(at) < 1e-12) return x;
    if (at > 0) {
      [left, atLeft] = [x, at];
      atRight /= 2;
    } else {
      [right, atRight] = [x, at];
      atLeft /= 2;
    }
  }
  return (left + right) / 2;
}

/** Linear between the order statistics around a position, which counts from 1. */
function orderStatistic(sorted: ArrayLike<number>, position: number) {
  const index = Math.min(Math.max(Math.floor(position), 1), sorted.length);
  const lower = sorted[index - 1] as number;
  const weight = Math.max(0, position - index);
  const upper = weight === 0 ? lower : (sorted[Math.min(index, sorted.length - 1)] as number);
  return { value: weight === 0 ? lower : lower + weight * (upper - lower), upper };
}
