import type { Interval } from './quantile-interval.ts';

/** A figure with its interval; an end that nothing bounds is infinite. */
export interface Bounded extends Interval {
  value: number;
}

/**
 * The interval of the difference of two independent figures, from the intervals of both: the
 * distances of each figure to the end that would bring the difference there are squared and added.
 * Of two shares with Wilson's intervals that is Newcombe's tenth method (1998); of two logarithms it
 * is the interval of a ratio (Zou and Donner 2008). It is as certain as the two intervals are.
 * @returns other − base
 */
export function differenceInterval(base: Bounded, other: Bounded): Interval {
  const difference = other.value - base.value;
  return {
    low: difference - Math.hypot(other.value - other.low, base.high - base.value),
    high: difference + Math.hypot(other.high - other.value, base.value - base.low),
  };
}
