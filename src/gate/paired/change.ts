import { type GatedMetric, isOfShares } from '../metric.ts';
import type { ChangeLimits, GateSettings } from '../settings.ts';
import type { Change } from '../types.ts';
import type { Shift } from './judge.ts';
import { isTail } from './looks.ts';

/**
 * Limits on the scale of a shift. A ratio's are taken as ln(1 + limit) whichever way the metric
 * points, so 10 % worse is 1.1 times the latency, and 1/1.1 of the tokens a second.
 */
export function shiftLimits(metric: GatedMetric, settings: GateSettings): ChangeLimits {
  if (metric.kind === 'error_rate') return settings.errorRate;
  if (metric.kind === 'grade') return settings.score;
  const { failFrom, passBelow } = isTail(metric) ? settings.tail : settings.median;
  return { failFrom: Math.log1p(failFrom), passBelow: Math.log1p(passBelow) };
}

/** A shift in the metric's own direction; α of all looks on either side of it. */
export function changeOf(metric: GatedMetric, shift: Shift, alpha: number): Change {
  const [low, high] = metric.better === 'lower' ? [shift.low, shift.high] : [shift.high, shift.low];
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    scale: isOfShares(metric) ? 'difference' : 'ratio',
    estimate: finite(changeAt(metric, shift.estimate)),
    low: Number.isFinite(low) ? changeAt(metric, low) : null,
    high: Number.isFinite(high) ? changeAt(metric, high) : null,
    confidence: 1 - 2 * alpha,
  };
}

/** One shift as a change: of a ratio its distance from 1, of a share the difference as it is. */
export function changeAt(metric: GatedMetric, shift: number): number {
  if (isOfShares(metric)) return metric.better === 'lower' ? shift : 0 - shift;
  return Math.expm1(metric.better === 'lower' ? shift : -shift);
}
