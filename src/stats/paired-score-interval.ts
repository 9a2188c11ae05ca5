import { type Clusters, clusterEffect } from './design-effect.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { type Interval, LEAST_FOR_INTERVAL } from './quantile-interval.ts';
import { differenceHigh, differenceLow } from './score-difference.ts';

/** What may lie beyond each end of a 95 % interval. */
const TAIL = 0.025;

/**
 * The 95 % interval of a mean difference within pairs: Tango's score interval, a part of a difference
 * counting as that part of a pair. Pairs of one case that differ alike are worth fewer: the normal
 * distance of each end grows by the root of their design effect.
 * @param differences other − base, each in [−1, 1]
 * @param clusters which pairs are of one case; `null` where each has its own
 * @returns `undefined` where the pairs are worth fewer than 20
 */
export function pairedScoreInterval(
  differences: Float64Array,
  clusters: Clusters,
): Interval | undefined {
  const counts = { firstOnly: 0, secondOnly: 0, pairs: differences.length };
  for (let i = 0; i < differences.length; i++) {
    const difference = differences[i] as number;
    if (difference > 0) counts.firstOnly += difference;
    else counts.secondOnly -= difference;
  }
  const effect = clusterEffect(differences, clusters);
  if (differences.length / effect < LEAST_FOR_INTERVAL) return undefined;
  const level = effect === 1 ? TAIL : normalCdf(normalQuantile(TAIL) * Math.sqrt(effect));
  return { low: differenceLow(counts, level), high: differenceHigh(counts, level) };
}
