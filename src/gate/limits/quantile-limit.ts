import { orderedSample, quantileEstimate } from '../../metrics/estimates.ts';
import type { RowEvidence } from '../../metrics/evidence.ts';
import type { Timeline } from '../../metrics/timeline.ts';
import { formatFigure } from '../../report/numbers.ts';
import { chanceOfAsFew, chanceOfAsMany } from '../../stats/exact-share.ts';
import type { OrderedSample } from '../../stats/ordered-sample.ts';
import { LEAST_FOR_INTERVAL } from '../../stats/quantile-interval.ts';
import type { Observed } from '../observed.ts';
import { isUpperLimit, keepsLimit, type Threshold } from '../thresholds.ts';
import type { FindingVerdict } from '../types.ts';
import { type PastShare, samplesMissing } from './missing.ts';
import { type Levels, type Reading, tailsOf, verdictBetween } from './reading.ts';

/** From here outwards a quantile has too few samples beyond it for bounds: these are counted. */
const FAR_OUT = 0.01;

/** Fewer samples hide that they depend on one another so well that a verdict would be wrong too often. */
export const LEAST_SAMPLES = 50;
/** How much so is estimated, at times too low; at so many times less than the level, verdicts hold. */
export const CARE_IF_DEPENDENT = 3;

/** What a row shows of a limit on a quantile. */
export function readQuantileLimit(
  threshold: Threshold,
  observed: Extract<Observed, { kind: 'quantile' }>,
  { row, samples: { columns } }: RowEvidence,
  timeline: Timeline,
  plainLevels: Levels,
): Reading {
  const { metric, p } = observed;
  const column = columns[metric];
  const sample = orderedSample(column, timeline);
  const isFarOut = Math.min(p, 1 - p) <= FAR_OUT + 1e-12;
  const effectiveSamples = column.count === 0 ? 0 : sample.effectiveN(p);
  const care = effectiveSamples < column.count ? CARE_IF_DEPENDENT : 1;
  const levels = { fail: plainLevels.fail / care, pass: plainLevels.pass / care };
  const counted = countPast(sample, threshold, p, effectiveSamples, levels);
  const { low, high } =
    isFarOut || column.count < LEAST_SAMPLES
      ? { low: null, high: null }
      : boundsOf(sample, p, tailsOf(threshold, levels));
  const verdict = isFarOut ? counted.verdict : verdictBetween(low, high, threshold);
  const isHindered = verdict === 'inconclusive' && counted.wouldTell;
  const hasNone = column.count === 0 && row.requests.ok > 0;
  return {
    verdict,
    value: quantileEstimate(sample, p, column.count),
    low,
    high: high === Infinity ? null : high,
    past: isFarOut ? { count: counted.count, allowed: counted.allowed } : null,
    samples: column.count,
    effectiveSamples,
    cutOff: high === Infinity,
    missing: isHindered || hasNone ? null : missingOf(verdict, counted, levels),
    hindrance: hasNone ? NO_REPLY_HAS_IT : isHindered ? cutOff(column.lowestBound) : null,
  };
}

/** Each end on its own: one may be there where the other has too few samples. */
function boundsOf(sample: OrderedSample, p: number, tails: { low: number; high: number }) {
  const low = sample.interval(p, { low: tails.low, high: 0 })?.low ?? null;
  const high = sample.interval(p, { low: 0, high: tails.high })?.high ?? null;
  return { low, high };
}

interface Counted extends PastShare {
  verdict: FindingVerdict;
  /** Samples past the limit for sure. */
  count: number;
  /** Whether it would be told, did no wait that was cut off stand in between. */
  wouldTell: boolean;
}

/**
 * The binomial rule: the limit is missed if so many samples past it would be too many for chance
 * were the quantile at the limit, and kept if so few would be too few.
 */
function countPast(
  sample: OrderedSample,
  threshold: Threshold,
  p: number,
  effectiveSamples: number,
  levels: Levels,
): Counted {
  const isUpper = isUpperLimit(threshold);
  const allowed = isUpper ? 1 - p : p;
  const { atLeast, atMost } = sample.countPast((value) => !keepsLimit(value, threshold), isUpper);
  const samples = sample.size;
  const judge = (fewest: number, most: number): FindingVerdict => {
    if (samples < LEAST_SAMPLES || effectiveSamples < LEAST_FOR_INTERVAL) return 'inconclusive';
    const asMany = chanceOfAsMany(fewest / samples, effectiveSamples, allowed);
    if (asMany < levels.fail) return 'fail';
    const asFew = chanceOfAsFew(most / samples, effectiveSamples, allowed);
    return asFew < levels.pass ? 'pass' : 'inconclusive';
  };
  const asSeen = isUpper ? atLeast : atMost;
  return {
    verdict: judge(atLeast, atMost),
    count: asSeen,
    wouldTell: atLeast < atMost && judge(asSeen, asSeen) !== 'inconclusive',
    share: samples === 0 ? 0 : asSeen / samples,
    allowed,
    samples,
    effectiveSamples,
  };
}

function missingOf(verdict: FindingVerdict, counted: Counted, levels: Levels): number {
  if (verdict !== 'inconclusive') return 0;
  return Math.max(LEAST_SAMPLES - counted.samples, samplesMissing(counted, levels));
}

const NO_REPLY_HAS_IT = {
  why: 'no reply has this figure',
  remedy: 'judge another metric; docs/metrics.md says when this one is n/a',
};

/** Such waits tell nothing, however many there are. */
function cutOff(lowestBoundMs: number): Reading['hindrance'] {
  return {
    why: `waits were cut off from ${formatFigure(lowestBoundMs)} ms on, and would have ended on either side of the limit`,
    remedy: 'raise the timeouts above the limit',
  };
}
