import { type Clusters, designEffect } from './design-effect.ts';
import { neighbourEffect } from './neighbour-effect.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { type Interval, LEAST_FOR_INTERVAL } from './quantile-interval.ts';
import { differenceHigh, differenceLow } from './score-difference.ts';
import type { Shift } from './shift.ts';
import { SignedRank } from './signed-rank.ts';

/** What may lie beyond each end of a 95 % interval. */
const TAIL = 0.025;
/** Up to here the few-samples rule of dependence holds, as for quantiles. */
const FEW_SAMPLES = 200;

/** Differences of pairs, each between the least and the most that it may be; equal where it is known. */
export interface PairedDifferences {
  /** In the order of time; −`Infinity` where nothing bounds it. */
  lowest: Float64Array;
  /** Parallel; `Infinity` likewise. */
  highest: Float64Array;
  /** Parallel: which pairs are of one case. */
  clusters: Clusters;
}

/**
 * The shift within pairs: the Hodges–Lehmann centre of their differences (other − base), with the
 * interval by the signed-rank test. Pairs that depend on one another in time or within cases are
 * worth fewer, by what their signed ranks say: the normal distance of each end grows by the root of
 * their design effect.
 * @returns `undefined` without pairs; no interval where they are worth fewer than 20
 * @see docs/compare.md#shift
 */
export function pairedShift(pairs: PairedDifferences): Shift | undefined {
  const { lowest, highest, clusters } = pairs;
  if (lowest.length === 0) return undefined;
  const low = new SignedRank(lowest);
  const high = new SignedRank(highest);
  const middle = low.estimate() as number;
  const value = middle === high.estimate() && Number.isFinite(middle) ? middle : undefined;

  const level = levelOf(signedScores(lowest, middle), lowest, clusters);
  if (level === undefined) return { value, interval: undefined };
  return { value, interval: { low: low.lowerBound(level), high: high.upperBound(level) } };
}

/** Pairs of which one, the other or both failed, in the order of time: 1 for a failure, else 0. */
export interface PairedHits {
  base: Uint8Array;
  other: Uint8Array;
  clusters: Clusters;
}

/** The interval of the difference of two shares (other − base) within pairs: Tango's score interval. */
export function pairedShareInterval({ base, other, clusters }: PairedHits): Interval | undefined {
  const differences = Float64Array.from(other, (hit, i) => hit - (base[i] as number));
  const level = levelOf(differences, differences, clusters);
  if (level === undefined) return undefined;
  const counts = {
    firstOnly: differences.reduce((count, each) => count + (each > 0 ? 1 : 0), 0),
    secondOnly: differences.reduce((count, each) => count + (each < 0 ? 1 : 0), 0),
    pairs: differences.length,
  };
  return { low: differenceLow(counts, level), high: differenceHigh(counts, level) };
}

/** The level at which independent pairs are as certain as these are at 2.5 %. */
function levelOf(
  scores: Float64Array,
  series: Float64Array,
  clusters: Clusters,
): number | undefined {
  const n = scores.length;
  const neighbours = n < FEW_SAMPLES ? neighbourEffect(series, series.slice().sort()) : 1;
  const effect = Math.max(designEffect(scores, clusters), neighbours);
  if (n / effect < LEAST_FOR_INTERVAL) return undefined;
  return effect === 1 ? TAIL : normalCdf(normalQuantile(TAIL) * Math.sqrt(effect));
}

/** Of each difference from the centre: its sign times the share of those that are no farther off. */
function signedScores(differences: Float64Array, centre: number): Float64Array {
  const from = Number.isFinite(centre) ? centre : 0;
  const distances = differences.map((each) => Math.abs(each - from));
  const order = Uint32Array.from(distances, (_, i) => i).sort((a, b) => {
    const [first, second] = [distances[a] as number, distances[b] as number];
    return first < second ? -1 : Number(first > second);
  });
  const scores = new Float64Array(differences.length);
  order.forEach((index, rank) => {
    scores[index] = (Math.sign((differences[index] as number) - from) * (rank + 1)) / scores.length;
  });
  return scores;
}
