import { type Clusters, designEffect } from './design-effect.ts';
import { mannWhitneyRank } from './mann-whitney.ts';
import { neighbourEffect } from './neighbour-effect.ts';
import { PairwiseDifferences } from './pairwise-differences.ts';
import { type Interval, LEAST_FOR_INTERVAL } from './quantile-interval.ts';
import { studentQuantile } from './student.ts';

/** One of two samples that a shift lies between. */
export interface ShiftSample {
  /** In the order of time, without NaN; a censored sample stands at its bound. */
  series: Float64Array;
  /** Parallel to it: which samples are of one case. */
  clusters: Clusters;
  /** The smallest bound of a censored sample; `Infinity` without one. */
  lowestBound?: number;
}

/** By how much a second sample lies above a first, in their unit. */
export interface Shift {
  /** `undefined` where censored samples leave it open. */
  value: number | undefined;
  /** `undefined` where there is none to give; an end that nothing bounds is infinite. */
  interval: Interval | undefined;
}

/** What may lie beyond each end of a 95 % interval. */
const TAIL = 0.025;
/** Up to here the few-samples rule of dependence holds, as for quantiles. */
const FEW_SAMPLES = 200;
/** Products n·m up to which the exact distribution is worked out. */
const MOST_EXACT = 20_000;

/**
 * The shift from one sample to another: the median of all differences between their values (Hodges
 * and Lehmann 1963), with the interval of all shifts that the Mann–Whitney test would not refute.
 * Of logarithms it is the ratio of two samples, and its interval that of the ratio.
 *
 * The test is studentised (Brunner and Munzel 2000), so that the samples may differ in spread and
 * shape, by the places that the values of one take in the other; and what these places say of the
 * dependence of samples in time and within cases widens it. Where a sample has fewer than 20, their
 * variance cannot be told: the exact distribution is taken, and samples of one shape and independent
 * ones are supposed, so that callers who do not know it give no interval there.
 *
 * A censored sample may be anything from its bound upwards: the interval holds whatever it is.
 * @param tail what may lie beyond each end: 0.025 for a 95 % interval
 * @returns `undefined` of an empty sample
 * @see docs/compare.md#shift
 */
export function shiftBetween(
  base: ShiftSample,
  other: ShiftSample,
  tail = TAIL,
): Shift | undefined {
  if (base.series.length === 0 || other.series.length === 0) return undefined;
  const [lowBase, highBase] = [opened(base), base.series.slice().sort()];
  const [lowOther, highOther] = [other.series.slice().sort(), opened(other)];
  const lowest = new PairwiseDifferences(lowBase, lowOther);
  const highest = new PairwiseDifferences(highBase, highOther);
  const middle = lowest.median();
  const bounded = isCensored(base) || isCensored(other);
  const known = !bounded || middle === highest.median();

  // At their bounds, censored samples still have places.
  const sorted = { base: highBase, other: lowOther };
  const anchor = bounded ? new PairwiseDifferences(highBase, lowOther).median() : middle;
  const rank = rankOfEnds(base, other, sorted, anchor, tail);
  return {
    value: known ? middle : undefined,
    interval:
      rank < 1
        ? undefined
        : { low: lowest.ranked(rank), high: highest.ranked(highest.count + 1 - rank) },
  };
}

function isCensored({ lowestBound = Infinity }: ShiftSample): boolean {
  return lowestBound < Infinity;
}

/** Ascending, with every sample open that may be a bound. */
function opened({ series, lowestBound = Infinity }: ShiftSample): Float64Array {
  return series.map((value) => (value >= lowestBound ? Infinity : value)).sort();
}

/** Which of the differences, counted from either end, bound the shift; below 1 none do. */
function rankOfEnds(
  base: ShiftSample,
  other: ShiftSample,
  sorted: { base: Float64Array; other: Float64Array },
  shift: number,
  tail: number,
): number {
  const [n, m] = [base.series.length, other.series.length];
  const pairs = n * m;
  if (Math.min(n, m) < LEAST_FOR_INTERVAL && pairs <= MOST_EXACT) {
    return mannWhitneyRank(n, m, tail);
  }
  const ofBase = varianceOfPlaces(base, sorted.base, sorted.other, -shift);
  const ofOther = varianceOfPlaces(other, sorted.other, sorted.base, shift);
  const variance = ofBase.variance + ofOther.variance;
  if (Math.min(ofBase.effectiveN, ofOther.effectiveN) < LEAST_FOR_INTERVAL) return 0;
  if (variance === 0) return Math.floor((pairs + 1) / 2);
  const freedom =
    variance ** 2 /
    (ofBase.variance ** 2 / (ofBase.effectiveN - 1) +
      ofOther.variance ** 2 / (ofOther.effectiveN - 1));
  const reach = studentQuantile(1 - tail, freedom) * Math.sqrt(variance);
  return Math.floor(pairs * (0.5 - reach) + 0.5);
}

/**
 * Of the mean place that values take in the other sample, moved by the shift: 0 below all of it, 1
 * above, halves at equals.
 */
function varianceOfPlaces(
  { series, clusters }: ShiftSample,
  sorted: Float64Array,
  otherSorted: Float64Array,
  shift: number,
): { variance: number; effectiveN: number } {
  const n = series.length;
  const places = series.map((value) => placeOf(value - shift, otherSorted));
  let sum = 0;
  for (let i = 0; i < n; i++) sum += places[i] as number;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((places[i] as number) - sum / n) ** 2;
  const neighbours = n < FEW_SAMPLES ? neighbourEffect(series, sorted) : 1;
  const effectiveN = n / Math.max(designEffect(places, clusters), neighbours);
  return { variance: squares / (n - 1) / effectiveN, effectiveN };
}

/** The share of a sorted sample below a value, half of its equals included. */
function placeOf(value: number, sorted: Float64Array): number {
  return (firstFrom(value, sorted) + firstAbove(value, sorted)) / 2 / sorted.length;
}

function firstFrom(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
