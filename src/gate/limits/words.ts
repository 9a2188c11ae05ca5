import type { SummaryRow } from '../../metrics/types.ts';
import {
  counted,
  formatCount,
  formatFigure,
  formatPercent,
  formatUsd,
} from '../../report/numbers.ts';
import { type GradeName, type Observed, percentOf } from '../observed.ts';
import { isUpperLimit, type Threshold } from '../thresholds.ts';
import type { Reading } from './reading.ts';

const NAMES: Record<Exclude<Observed, { kind: 'quantile' | 'cost' }>['name'], string> = {
  error_rate: 'the error rate',
  goodput_share: 'the share of good requests',
  score: 'the score',
  accuracy: 'the share of right answers',
  ungraded_share: 'the share of ungraded answers',
  output_tokens_per_second: 'the throughput',
  requests_per_second: 'the rate of replies',
  goodput_per_second: 'the rate of good replies',
};

/** Below so many of the samples, it is said that they depend on one another. */
const MUCH_FEWER = 0.8;

/** Why a limit is kept, missed, or neither yet. */
export function whyOf(threshold: Threshold, reading: Reading): string {
  const { observed, limit } = threshold;
  const name = nameOf(observed);
  if (observed.kind === 'cost') {
    if (reading.value.value === null) return 'the cost is not known';
    return `${name} is ${figure(reading.value.value, threshold)}, ${sideOf(reading, threshold)}`;
  }
  const why = reading.past === null ? bounded(name, threshold, reading) : count(threshold, reading);
  const dependence =
    reading.effectiveSamples > 0 && reading.effectiveSamples < MUCH_FEWER * reading.samples
      ? `; the ${formatCount(reading.samples)} depend on one another and are worth ${formatCount(reading.effectiveSamples)}`
      : '';
  const hindrance = reading.hindrance === null ? '' : `: ${reading.hindrance.why}`;
  // A limit that nothing can reach needs no bounds to be explained.
  if (reading.hindrance !== null && reading.low === null && reading.high === null) {
    return `nothing can be said of ${name} and the limit of ${figure(limit, threshold)}${hindrance}`;
  }
  return `${why}${hindrance}${dependence}`;
}

/** What to do next; `null` where there is nothing to do. */
export function nextOf({ observed }: Threshold, reading: Reading, row: SummaryRow): string | null {
  if (reading.verdict === 'pass') return null;
  if (reading.verdict === 'fail') {
    if (observed.kind === 'grade') return answersOf(observed.name);
    return observed.kind === 'share' ? failuresOf(row) : null;
  }
  if (reading.hindrance !== null) return reading.hindrance.remedy;
  if (reading.missing === null) return null;
  if (reading.missing === Infinity) {
    return 'the figure is so near to the limit that no number of requests in reach would tell: move the limit, or leave it open';
  }
  const unit = observed.kind === 'grade' ? 'case' : 'request';
  return `${counted(roundedUp(reading.missing), unit)} more would probably tell`;
}

function answersOf(name: GradeName): string {
  return `read them: tokentape show RUN ${name === 'ungraded_share' ? '--ungraded' : '--failed'}`;
}

function failuresOf({ failures }: SummaryRow): string | null {
  const classes = Object.entries(failures).sort(([, a], [, b]) => b - a);
  if (classes.length === 0) return null;
  return `look at what failed: ${classes.map(([name, times]) => `${times} ${name}`).join(', ')}`;
}

function bounded(name: string, threshold: Threshold, reading: Reading): string {
  const { high, samples } = reading;
  // A share is never below 0, so that bound says nothing.
  const low = reading.low === 0 && high !== null ? null : reading.low;
  const limit = figure(threshold.limit, threshold);
  if (low === null && high === null) {
    return samples === 0
      ? `no request tells anything of ${name}`
      : `${counted(samples, 'request is', 'requests are')} too few to say how far ${name} may be from what was seen`;
  }
  const between =
    low !== null && high !== null
      ? `${name} lies between ${bare(low, threshold)} and ${figure(high, threshold)}`
      : low !== null
        ? `${name} is at least ${figure(low, threshold)}`
        : `${name} is at most ${figure(high as number, threshold)}`;
  if (reading.verdict !== 'inconclusive') return `${between}, ${sideOf(reading, threshold)}`;
  if (reading.low !== null && high !== null) {
    return `${between}, and the limit of ${limit} is inside`;
  }
  if (reading.cutOff) {
    return `${between}, and waits that were cut off leave open how high it may be; the limit is ${limit}`;
  }
  // Of a rate it is never the requests: what hinders is said after it, or only the end beyond is open.
  if (threshold.observed.kind === 'rate') return `${between}, and the limit is ${limit}`;
  const open = low !== null ? 'high' : 'low';
  return `${between}, and ${counted(samples, 'request is', 'requests are')} too few to say how ${open} it may be; the limit is ${limit}`;
}

/** Of a quantile far out: how many requests are past the limit, and how many it allows. */
function count(threshold: Threshold, { verdict, past, samples }: Reading): string {
  const { count: seen, allowed } = past as NonNullable<Reading['past']>;
  const expected = allowed * samples;
  const of = `${formatCount(seen)} of ${counted(samples, 'request is', 'requests are')} past ${figure(threshold.limit, threshold)}`;
  const name = nameOf(threshold.observed);
  const allows = `at that limit ${name} allows ${expected < 10 ? Number(expected.toFixed(1)) : formatCount(expected)}`;
  if (verdict === 'fail') return `${of} and ${allows}: too many for chance`;
  if (verdict === 'pass') return `${of} and ${allows}: too few for chance`;
  return `${of} and ${allows}: too near to tell by so many`;
}

function sideOf({ verdict }: Reading, threshold: Threshold): string {
  const limit = figure(threshold.limit, threshold);
  if (verdict === 'fail') return `past the limit of ${limit}`;
  return `${isUpperLimit(threshold) ? 'below' : 'above'} the limit of ${limit}`;
}

/** As a reader would say it: `the median of ttft_ms`, `p95 of ttft_ms`, `the error rate`. */
function nameOf(observed: Observed): string {
  if (observed.kind === 'cost') return 'the cost';
  if (observed.kind !== 'quantile') return NAMES[observed.name];
  return observed.p === 0.5 ? 'the median' : `p${percentOf(observed.p)}`;
}

/** With its unit. */
function figure(value: number, threshold: Threshold): string {
  return `${bare(value, threshold)}${unitOf(threshold.observed)}`;
}

/** Without; to as many digits as tell it from the limit, where it is not the limit. */
function bare(value: number, { observed, limit }: Threshold): string {
  const format = formatOf(observed);
  const short = format(value);
  if (value === limit || short !== format(limit)) return short;
  const scale = isShare(observed) ? 100 : 1;
  for (let digits = 3; digits < 12; digits++) {
    const longer = (scale * value).toPrecision(digits);
    if (Number(longer) !== Number((scale * limit).toPrecision(digits))) return longer;
  }
  return short;
}

function formatOf(observed: Observed): (value: number) => string {
  if (isShare(observed)) return (value) => formatPercent(value).replace(/\.0$/, '');
  return observed.kind === 'cost' ? formatUsd : formatFigure;
}

function unitOf(observed: Observed): string {
  if (isShare(observed)) return ' %';
  if (observed.kind === 'cost') return '';
  const name = observed.kind === 'quantile' ? observed.metric : observed.name;
  if (/_ms(_p50)?$/.test(name)) return ' ms';
  return /tokens_per_second/.test(name) ? ' tokens/s' : ' a second';
}

function isShare({ kind }: Observed): boolean {
  return kind === 'share' || kind === 'grade';
}

/** Up to two digits: nobody knows it better. */
function roundedUp(number: number): number {
  const unit = 10 ** Math.max(1, Math.floor(Math.log10(number)) - 1);
  return Math.ceil(number / unit) * unit;
}
