import { clusteredMeanInterval } from '../stats/clustered-mean.ts';
import type { Clusters } from '../stats/design-effect.ts';
import { estimate } from './estimate.ts';
import type { Estimate } from './types.ts';

/**
 * The mean of scores in [0, 1] with its interval.
 * @param cases the number of the case that each score is of
 */
export function meanEstimate(scores: Float64Array, cases: Float64Array): Estimate {
  const n = scores.length;
  if (n === 0) return estimate(null, 0);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += scores[i] as number;
  return estimate(sum / n, n, clusteredMeanInterval(scores, clustersOf(cases)));
}

/** `null` where no case comes twice. */
function clustersOf(cases: Float64Array): Clusters {
  return new Set(cases).size === cases.length ? null : Uint32Array.from(cases);
}
