/*
 * Samples that depend on one another are worth fewer independent ones. The design effect says how
 * many times fewer: the variance of their mean over what independent ones would give it. Of a share
 * they are hits (1) or misses (0); a quantile's samples are hits where they are no larger than it,
 * so one effect serves both. Of a shift they are the places of one sample's values in another.
 *
 * An effect that chance alone would often show (more than two standard deviations of it are needed)
 * counts as 1, so that independent samples keep their n.
 */

/** A number from 0 on for each hit, equal where they are of one cluster; `null` where none are. */
export type Clusters = Uint32Array | null;

/** Hits as 1 and misses as 0, or scores. */
type Scores = Uint8Array | Float64Array;

/** Beyond this many, samples are taken together in blocks, which leaves the slow dependence. */
const MOST_POINTS = 4096;
/** How many standard deviations of what chance shows an effect has to pass. */
export const CHANCE_SDS = 2;

/**
 * Of scores that come and go together in time: from the autocovariances of their series, summed up
 * to where neighbouring pairs of them are no longer positive and falling (Geyer 1992).
 * @param scores hits (1 or 0) or any other bounded scores, in the order of time
 * @returns 1 or more
 */
export function timeEffect(scores: Scores): number {
  const { variance: one, skewness } = momentsOf(scores);
  const { series, size } = inBlocks(scores);
  const points = series.length;
  const independent = size * one;
  if (!(independent > 0)) return 1;

  const { variance, lags } = longRunVariance(series);
  // The mean was taken from the same samples, which takes its own part out of every covariance.
  const own = Math.max(0.2, 1 - (2 * lags + 1) / points);
  const effect = variance / own / independent;
  const sd = Math.sqrt((4 * lags + (size > 1 ? 2 : 0)) / points);
  // Few hits (or few misses) meet by chance in lumps: one such meeting must not be enough.
  const lump = (2 * skewness * skewness) / (points * size);
  return effect - 1 > CHANCE_SDS * sd + lump ? effect : 1;
}

/** Of one score; the variance of a share p is p·(1 − p). */
function momentsOf(scores: Scores): { mean: number; variance: number; skewness: number } {
  const n = scores.length;
  const mean = sumOf(scores) / n;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const deviation = (scores[i] as number) - mean;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  const variance = squares / n;
  return { mean, variance, skewness: variance > 0 ? cubes / n / variance ** 1.5 : 0 };
}

/** Scores summed up in blocks of equal size, of which a last one that is not full is left out. */
function inBlocks(scores: Scores): { series: Float64Array; size: number } {
  const size = Math.ceil(scores.length / MOST_POINTS) || 1;
  const series = new Float64Array(Math.floor(scores.length / size));
  for (let point = 0, at = 0; point < series.length; point++) {
    let sum = 0;
    for (const end = at + size; at < end; at++) sum += scores[at] as number;
    series[point] = sum;
  }
  return { series, size };
}

/** γ₀ + 2·Σ γₖ over the initial positive, falling pairs of lags. */
function longRunVariance(series: Float64Array): { variance: number; lags: number } {
  const points = series.length;
  const mean = sumOf(series) / points;
  const centred = new Float64Array(points);
  for (let i = 0; i < points; i++) centred[i] = (series[i] as number) - mean;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < points; i++) {
      sum += (centred[i] as number) * (centred[i - lag] as number);
    }
    return sum / points;
  };
  let variance = -covariance(0);
  let lags = 0;
  let last = Infinity;
  for (let lag = 0; lag + 1 < points / 2; lag += 2) {
    const pair = Math.min(last, covariance(lag) + covariance(lag + 1));
    if (pair <= 0) break;
    variance += 2 * pair;
    last = pair;
    lags = lag + 1;
  }
  return { variance: Math.max(0, variance), lags };
}

/**
 * Of scores that go with a cluster, as all repeats of one case may: from the products of each pair of
 * scores within one, by the robust («sandwich») variance of clustered samples.
 * @returns 1 or more; 1 where no cluster has two
 */
export function clusterEffect(scores: Scores, clusters: Clusters): number {
  if (clusters === null) return 1;
  const n = scores.length;
  let count = 0;
  for (let i = 0; i < n; i++) count = Math.max(count, (clusters[i] as number) + 1);
  const { mean, variance } = momentsOf(scores);
  const independent = n * variance;
  if (!(independent > 0)) return 1;

  const sizes = new Float64Array(count);
  const sums = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const cluster = clusters[i] as number;
    sizes[cluster] = (sizes[cluster] as number) + 1;
    sums[cluster] = (sums[cluster] as number) + (scores[i] as number) - mean;
  }
  let met = 0;
  let pairs = 0;
  let squares = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    const size = sizes[cluster] as number;
    met += size > 0 ? 1 : 0;
    pairs += size * (size - 1);
    squares += (sums[cluster] as number) ** 2;
  }
  if (pairs === 0 || met < 2) return 1;
  const effect = (squares * met) / (met - 1) / independent;
  const sd = Math.sqrt(2 * pairs) / n;
  return effect - 1 > CHANCE_SDS * sd ? effect : 1;
}

/** Of both together: what each adds to the variance adds up. */
export function designEffect(scores: Scores, clusters: Clusters): number {
  return timeEffect(scores) + clusterEffect(scores, clusters) - 1;
}

/** A loop, for `reduce` over a typed array takes several times as long. */
function sumOf(values: Scores): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
