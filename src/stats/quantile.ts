/**
 * Quantile of a sorted sample by Hyndman–Fan type 7: linear between the order statistics around
 * position (n − 1)·p, as R, NumPy and most benchmarks have it.
 * @param sorted ascending, without NaN
 * @param p in [0, 1]
 * @returns in the samples' unit; `undefined` of an empty sample
 * @see docs/metrics.md#quantiles
 */
export function quantile(sorted: ArrayLike<number>, p: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const { lower, upper, weight } = neighbours(sorted, p);
  return weight === 0 ? lower : lower + weight * (upper - lower);
}

/**
 * The smallest n from which a quantile at p may be given: n ≥ ln 0.01 / ln max(p, 1 − p), so that
 * with 99 % certainty a sample lies beyond it. p50: 7, p90: 44, p95: 90, p99: 459.
 * @param p in (0, 1)
 */
export function minimumSamples(p: number): number {
  return Math.ceil(Math.log(0.01) / Math.log(Math.max(p, 1 - p)));
}

export interface CensoredQuantile {
  value: number;
  /** True where the estimate rests on a censored sample: the true quantile is no smaller. */
  atLeast: boolean;
}

/**
 * Quantile of a sample in which some values are only known to be no smaller than a bound.
 * A bound counts as soon as it reaches the upper of the two order statistics that the estimate
 * lies between, for the sample behind it may pull that one upwards.
 * @param sorted ascending; a censored sample stands at its bound
 * @param lowestBound the smallest such bound; `Infinity` where no sample is censored
 */
export function censoredQuantile(
  sorted: ArrayLike<number>,
  p: number,
  lowestBound: number,
): CensoredQuantile | undefined {
  const value = quantile(sorted, p);
  if (value === undefined) return undefined;
  const { lower, upper, weight } = neighbours(sorted, p);
  return { value, atLeast: lowestBound <= (weight === 0 ? lower : upper) };
}

function neighbours(sorted: ArrayLike<number>, p: number) {
  const position = (sorted.length - 1) * p;
  const index = Math.floor(position);
  return {
    lower: sorted[index] as number,
    upper: sorted[Math.min(index + 1, sorted.length - 1)] as number,
    weight: position - index,
  };
}
