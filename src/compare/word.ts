import type { EstimateName } from '../metrics/types.ts';
import { betterWayOf, isShare } from './metrics.ts';
import type { Word } from './types.ts';

/** What is not worth naming: a shift of this many percent, or of a share this many points. */
export const MARGIN = { percent: 2, points: 1 };

/**
 * The word for a shift by its interval. The whole interval within the margin: no difference, also
 * where it excludes 0, for that a difference is certain does not make it matter. Else where it
 * excludes 0, which way; and else undecided.
 * @param low −`Infinity` where that end is open
 * @param high `Infinity` likewise
 */
export function wordFor(metric: EstimateName, low: number, high: number): Word {
  const margin = isShare(metric) ? MARGIN.points : MARGIN.percent;
  if (low >= -margin && high <= margin) return 'no difference';
  if (low <= 0 && high >= 0) return 'undecided';
  const isBetter = low > 0 === (betterWayOf(metric) === 'higher');
  if (/_ms_|tokens_per_second/.test(metric)) return isBetter ? 'faster' : 'slower';
  return isBetter ? 'better' : 'worse';
}
