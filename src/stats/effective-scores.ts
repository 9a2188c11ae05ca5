import { clusteredMean } from './clustered-mean.ts';
import type { Clusters } from './design-effect.ts';
import { normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';

/**
 * How many independent hits and misses a mean of scores is worth, for verdicts by the exact interval: as
 * many as give it the variance that its clusters show, fewer by (z/t)² where the clusters are few, and no
 * more than there are scores. Two clusters are added that nobody saw, one all misses and one all hits:
 * where few clusters miss, chance often shows none of those that miss in all their scores, and without
 * these a bound at 1 % is passed in up to 4 %. Where the scores show no variance, nothing tells whether
 * those of one cluster agree by chance, so every cluster counts as one.
 * @param scores in [0, 1]
 * @param clusters `null` where each score has one of its own
 * @param level one-sided, in (0, 0.5): that at which the mean is bounded
 * @returns 0 where all are of one cluster: of other clusters they say nothing
 */
export function effectiveScores(scores: Float64Array, clusters: Clusters, level: number): number {
  if (scores.length === 0) return 0;
  const { mean, variance, met } = clusteredMean(scores, clusters);
  if (clusters === null) return scores.length;
  if (met < 2) return 0;
  const ofOne = mean * (1 - mean);
  if (!(variance > 0 && ofOne > 0)) return met;
  const unseen = (scores.length / met) ** 2 * (mean ** 2 + (1 - mean) ** 2);
  const squares = (variance * scores.length ** 2 * (met - 1)) / met + unseen;
  const grown = met + 2;
  const careful = ((squares / ((scores.length / met) * grown) ** 2) * grown) / (grown - 1);
  const shrunk = (normalQuantile(level) / studentQuantile(level, met - 1)) ** 2;
  return Math.min(scores.length, (ofOne / careful) * shrunk);
}
