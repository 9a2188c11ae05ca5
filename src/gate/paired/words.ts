import { counted } from '../../report/numbers.ts';
import { mcnemarP } from '../../stats/mcnemar.ts';
import { type GatedMetric, isOfShares } from '../metric.ts';
import type { ChangeLimits } from '../settings.ts';
import type { FindingVerdict } from '../types.ts';
import { changeAt } from './change.ts';
import type { Counted, Shift } from './judge.ts';
import type { Failures, PairedSamples } from './pair.ts';

/** A shift for a reader: `11.8 % higher`, `2.0 points lower`, `9.1 % lower`. */
export function shiftWords(metric: GatedMetric, shift: number): string {
  const worse = metric.better === 'lower' ? 'higher' : 'lower';
  const better = metric.better === 'lower' ? 'lower' : 'higher';
  const way = shift > 0 ? worse : better;
  if (!Number.isFinite(shift)) return `any amount ${way}`;
  const size = Math.abs(100 * changeAt(metric, shift));
  const digits = size < 100 ? size.toFixed(1) : Math.round(size).toLocaleString('en-US');
  if (Number(digits) === 0) return 'equal';
  return `${digits} ${isOfShares(metric) ? 'points' : '%'} ${way}`;
}

/** Why a look came out as it did. */
export function whyOf(
  metric: GatedMetric,
  verdict: FindingVerdict,
  shift: Shift,
  limits: ChangeLimits,
): string {
  const words = (value: number) => shiftWords(metric, value);
  const estimate = words(shift.estimate);
  const failFrom = withoutZero(words(limits.failFrom));
  const passBelow = withoutZero(words(limits.passBelow));
  if (verdict === 'fail') {
    return `${estimate}; at best ${words(shift.low)}, so certainly worse, and ${failFrom} is enough to fail`;
  }
  if (verdict === 'pass') {
    return `${estimate}; at worst ${words(shift.high)}, and anything below ${passBelow} passes`;
  }
  const open =
    shift.low > 0
      ? `certainly worse, but whether by ${passBelow} is open`
      : `neither certainly worse nor certainly below ${passBelow}`;
  return `${estimate}, but it may be anything from ${words(shift.low)} to ${words(shift.high)}: ${open}`;
}

/** Why nothing passes where few of the pairs count, whatever these show. */
export function tooFewToPass({ pairs, sent }: Counted): string {
  return `only ${pairs.toLocaleString('en-US')} of the ${counted(sent, 'pair')} sent count, and a pass takes half of them at least`;
}

/** Limits are round figures: `5 %`, not `5.0 %`. */
function withoutZero(words: string): string {
  return words.replace('.0 ', ' ');
}

/** What a reader should know of the pairs behind a latency; empty where all of them count alike. */
export function pairsWords({
  leftOut,
  timedOut,
}: Pick<PairedSamples, 'leftOut' | 'timedOut'>): string {
  const reasons = [
    [leftOut.failed, 'failed'],
    [leftOut.timedOut, 'timed out on both sides'],
    [leftOut.distorted, 'cached or held back by a proxy'],
    [leftOut.missing, 'without this metric'],
  ] as const;
  const given = reasons.filter(([count]) => count > 0);
  const total = given.reduce((sum, [count]) => sum + count, 0);
  const left =
    total > 0
      ? `; ${counted(total, 'pair')} left out (${given.map((each) => each.join(' ')).join(', ')})`
      : '';
  const timeouts =
    timedOut.candidate + timedOut.baseline > 0
      ? `; timed out on one side: ${timedOut.candidate} of the candidate, ${timedOut.baseline} of the baseline`
      : '';
  return timeouts + left;
}

/** What the exact test counts, and what it makes of it. */
export function failuresWords({
  candidateOnly,
  baselineOnly,
}: Pick<Failures, 'candidateOnly' | 'baselineOnly'>): string {
  const p = mcnemarP(candidateOnly, baselineOnly).toPrecision(2);
  return `; ${counted(candidateOnly, 'pair')} failed in the candidate alone, ${baselineOnly} in the baseline alone (McNemar p = ${p})`;
}

const PREFILL =
  'look at what comes before the first token: queues, routing, prompt caches, thinking';
const DECODE = 'look at what paces the tokens: batch sizes, hardware, quantisation';

/** Where to look once it failed. */
export function whereToLook(metric: GatedMetric): string {
  if (metric.kind === 'error_rate') {
    return "look at the outcomes and messages of the candidate's failed requests";
  }
  if (metric.kind === 'grade') {
    return metric.text === 'ungraded_share'
      ? 'see why answers could not be graded: tokentape show RUN --ungraded'
      : 'read what the baseline got right and the candidate did not: tokentape show RUN --failed';
  }
  switch (metric.metric) {
    case 'ttft_ms':
    case 'ttfat_ms':
      return PREFILL;
    case 'e2e_ms':
    case 'e2e_tokens_per_second':
      return 'see which of ttft_ms, tpot_ms and the number of output tokens moved';
    default:
      return DECODE;
  }
}

/** So many times the pairs at hand, and more are no advice. */
const MOST_TIMES = 10;

/**
 * What to do where the pairs did not decide: how many more it takes if the estimate holds, a bound's
 * distance from it falling with the root of their number.
 */
export function moreToDecide(
  shift: Shift,
  limits: ChangeLimits,
  pairs: number,
  unit: 'pair' | 'case' = 'pair',
): string {
  const { estimate, low, high } = shift;
  const toPass =
    estimate < limits.passBelow
      ? ((high - estimate) / (limits.passBelow - estimate)) ** 2
      : Infinity;
  const toFail = estimate >= limits.failFrom ? ((estimate - low) / estimate) ** 2 : Infinity;
  const times = Math.min(...[toPass, toFail].map((each) => (Number.isNaN(each) ? Infinity : each)));
  if (times > MOST_TIMES) {
    return `the noise is too large to decide with less than ${MOST_TIMES} times the ${unit}s: make the limits wider, or send when less is going on`;
  }
  const more = Math.max(10, roundedUp(pairs * (times - 1)));
  return `about ${counted(more, `more ${unit}`)} would decide it, if the change stays as it is`;
}

/** Up to two digits: nobody knows it better. */
function roundedUp(count: number): number {
  const unit = 10 ** Math.max(1, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / unit) * unit;
}
