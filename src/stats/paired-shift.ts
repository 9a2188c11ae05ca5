import { type Clusters, designEffect } from './design-effect.ts';
import { midRank, neighbourEffect } from './neighbour-effect.ts';
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
  const isKnown = lowest.every((each, i) => each === highest[i]);
  const low = new SignedRank(lowest);
  const high = isKnown ? low : new SignedRank(highest);
  const middle = low.estimate() as number;
  const isBounded = isKnown || middle === high.estimate();
  const value = isBounded && Number.isFinite(middle) ? middle : undefined;

  // Of symmetric differences the signed rank is the rank among all of them, but for its scale.
  const sorted = lowest.slice().sort();
  const ranks = lowest.map((each) => midRank(each, sorted));
  const level = levelOf(ranks, clusters, neighbourEffectOf(lowest));
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
  const differences = new Float64Array(base.length);
  const counts = { firstOnly: 0, secondOnly: 0, pairs: base.length };
  for (let i = 0; i < differences.length; i++) {
    const difference = (other[i] as number) - (base[i] as number);
    differences[i] = difference;
    if (difference > 0) counts.firstOnly++;
    if (difference < 0) counts.secondOnly++;
  }
  const level = levelOf(differences, clusters, neighbourEffectOf(differences));
  if (level === undefined) return undefined;
  return { low: differenceLow(counts, level), high: differenceHigh(counts, level) };
}

/** The level at which independent pairs are as certain as these are at 2.5 %. */
function levelOf(scores: Float64Array, clusters: Clusters, neighbours: number): number | undefined {
  const effect = Math.max(designEffect(scores, clusters), neighbours);
  if (scores.length / effect < LEAST_FOR_INTERVAL) return undefined;
  return effect === 1 ? TAIL : normalCdf(normalQuantile(TAIL) * Math.sqrt(effect));
}

function neighbourEffectOf(series: Float64Array): number {
  return series.length < FEW_SAMPLES ? neighbourEffect(series, series.slice().sort()) : 1;
}
