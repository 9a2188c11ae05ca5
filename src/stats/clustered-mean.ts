import type { Clusters } from './design-effect.ts';
import { studentQuantile } from './student.ts';
import { wilsonInterval } from './wilson.ts';

/** Φ⁻¹(0.975). */
const Z = 1.959963984540054;

/**
 * A 95 % interval for the mean of scores in [0, 1] of which those of one cluster go together: Wilson's,
 * on as many independent trials as would give the mean the variance that its clusters show (the robust
 * «sandwich» one), fewer by (z/t)² where the clusters are few. Near 0 and 1 it holds where the symmetric
 * one, mean ± t·SE, falls far short; in the middle both are the same.
 *
 * Where the scores show no variance at all, every cluster counts as one trial. Where they are hits and
 * misses, each of a cluster of its own, it is Wilson's interval itself.
 * @param scores in [0, 1], at least one
 * @param clusters `null` where each score has one of its own
 * @returns `undefined` where all are of one cluster: of other clusters they say nothing
 * @see docs/metrics.md#grades, and docs/coverage.md for how often it holds
 */
export function clusteredMeanInterval(
  scores: Float64Array,
  clusters: Clusters,
): { low: number; high: number } | undefined {
  const { mean, variance, met } = clusteredMean(scores, clusters);
  if (clusters === null && scores.every((score) => score === 0 || score === 1)) {
    return wilsonInterval(mean, scores.length);
  }
  if (met < 2) return undefined;
  const ofOne = mean * (1 - mean);
  if (!(variance > 0 && ofOne > 0)) return wilsonInterval(mean, met);
  const shrunk = (Z / studentQuantile(0.975, met - 1)) ** 2;
  return wilsonInterval(mean, (ofOne / variance) * shrunk);
}

/** The mean, its variance by the sums of each cluster, and how many clusters there are. */
export function clusteredMean(
  scores: Float64Array,
  clusters: Clusters,
): { mean: number; variance: number; met: number } {
  const n = scores.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += scores[i] as number;
  const mean = Math.min(1, sum / n);

  const { sums, met } = deviationsOf(scores, mean, clusters);
  let squares = 0;
  for (let i = 0; i < sums.length; i++) squares += (sums[i] as number) ** 2;
  // Squares of the last bits of a mean are no variance.
  const variance = squares < 1e-20 * n ? 0 : ((squares / n / n) * met) / (met - 1);
  return { mean, variance, met };
}

/** What each cluster's scores come to beyond the mean, and how many clusters there are. */
function deviationsOf(
  scores: Float64Array,
  mean: number,
  clusters: Clusters,
): { sums: Float64Array; met: number } {
  if (clusters === null) return { sums: scores.map((score) => score - mean), met: scores.length };
  let count = 0;
  for (let i = 0; i < clusters.length; i++) count = Math.max(count, (clusters[i] as number) + 1);
  const sums = new Float64Array(count);
  const isMet = new Uint8Array(count);
  for (let i = 0; i < scores.length; i++) {
    const cluster = clusters[i] as number;
    sums[cluster] = (sums[cluster] as number) + (scores[i] as number) - mean;
    isMet[cluster] = 1;
  }
  return { sums, met: isMet.reduce((met, one) => met + one, 0) };
}
