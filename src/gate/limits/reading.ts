import type { Estimate } from '../../metrics/types.ts';
import { isUpperLimit, keepsLimit, type Threshold } from '../thresholds.ts';
import type { FindingVerdict } from '../types.ts';

/** One-sided levels: the chance that a bound is passed although the figure is at the limit. */
export interface Levels {
  /** Of all looks and findings together: any of them may fail the check. */
  fail: number;
  /** Of all looks: a check passes only if every finding does. */
  pass: number;
}

/** What a row shows of one limit: the figure, between its bounds, and what more it would take. */
export interface Reading {
  verdict: FindingVerdict;
  /** With its 95 % interval. */
  value: Estimate;
  /** The bounds that the verdict rests on, in the metric's unit; `null` where there is none. */
  low: number | null;
  high: number | null;
  /** Of a quantile too far out for bounds of its own: how many samples are past the limit. */
  past: { count: number; allowed: number } | null;
  samples: number;
  /** How many independent samples these are worth. */
  effectiveSamples: number;
  /**
   * How many more would probably tell (of grades: cases, to which further passes add little): 0 where it is told, `Infinity` where more than anybody sends.
   * `null` where it is not the number of samples that keeps it from being told.
   */
  missing: number | null;
  /** Whether the high end is open because waits were cut off, not because samples are few. */
  cutOff: boolean;
  /** What else keeps it from being told, and its remedy. */
  hindrance: { why: string; remedy: string } | null;
}

/** The level of each end: the fail bound is the one towards the limit from the side that keeps it not. */
export function tailsOf(threshold: Threshold, { fail, pass }: Levels) {
  return isUpperLimit(threshold) ? { low: fail, high: pass } : { low: pass, high: fail };
}

/**
 * Whether both bounds are past the limit, or keep it. An end that is not there is as far out as can
 * be, so it keeps nothing and is past nothing.
 */
export function verdictBetween(
  low: number | null,
  high: number | null,
  threshold: Threshold,
): FindingVerdict {
  const [best, worst] = isUpperLimit(threshold) ? [low, high] : [high, low];
  if (best !== null && !keepsLimit(best, threshold)) return 'fail';
  return worst !== null && keepsLimit(worst, threshold) ? 'pass' : 'inconclusive';
}
