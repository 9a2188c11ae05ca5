import type { Change, CheckResult, Finding } from '../../gate/types.ts';
import type { Estimate } from '../../metrics/types.ts';
import { counted, formatCount, formatEstimate, formatUsd, NOT_AVAILABLE } from '../numbers.ts';
import { formatSeconds } from '../progress.ts';
import { neutralise } from '../text.ts';
import { metricNameOf } from './metric-name.ts';

/**
 * Text from outside for one line of a log: neutralised, and nothing in it is a command to the
 * runner of a CI job, which acts on `::` at the head of a line and on `##[` anywhere.
 */
export function plain(text: string): string {
  return neutralise(text)
    .replace(/(^|\s)(:+)(?=:)/g, '$1$2 ')
    .replaceAll('##[', '## [');
}

/** Names a finding among `all`: `DeepSeek-R1 · chat`, and the target where there are several. */
export function namingOf(all: readonly Finding[]): NameOf {
  const severalTargets = new Set(all.map(({ target }) => target)).size > 1;
  return ({ label, suite, target }) =>
    [label, suite, ...(severalTargets ? [target] : [])].map(plain).join(' · ');
}

export type NameOf = (finding: Finding) => string;

/** `TTFT p50` */
export function titleOf({ metric }: Finding): string {
  return plain(metricNameOf(metric).title);
}

/** `184 → 206 ms`; of a limit `912 ms (871 to 960)`; `n/a` where there is no figure. */
export function valuesOf({ metric, value, baseline }: Finding): string {
  const { format, unit } = metricNameOf(metric);
  const figure = (estimate: Estimate) => formatEstimate(estimate, format);
  if (baseline !== null) {
    const ends = `${figure(baseline)} → ${figure(value)}`;
    return baseline.value === null && value.value === null ? NOT_AVAILABLE : `${ends}${unit}`;
  }
  if (value.value === null) return NOT_AVAILABLE;
  return `${figure(value)}${unit}${bracketed(value.low, value.high, format)}`;
}

/** `+11.8 % (+9.1 to +14.6), slower`; of a limit `limit < 800 ms`. */
export function changeOf(finding: Finding): string {
  const { change, limit, against, metric } = finding;
  if (limit !== null) {
    return `limit ${limitOf(finding) ?? plain(against)}${metricNameOf(metric).unit}`;
  }
  if (change === null || change.estimate === null) return `change ${NOT_AVAILABLE}`;
  const unit = change.scale === 'ratio' ? '%' : 'points';
  const figure = `${signed(100 * change.estimate)} ${unit}`;
  const bounds = bracketed(scaled(change.low), scaled(change.high), signed);
  const word = directionOf(finding);
  return `${figure}${bounds}${word === '' ? '' : `, ${word}`}`;
}

/** As it was set, not rounded as a figure is; `< 0.01` of a share is `< 1` in percent, as the figure beside it. */
function limitOf({ limit, against, metric }: Finding): string | null {
  const operator = /^\s*([<>]=?)/.exec(against)?.[1];
  if (limit === null || operator === undefined) return null;
  const { scale, sign } = metricNameOf(metric);
  const text = String(Number((scale * limit).toPrecision(12)));
  return `${operator} ${sign}${sign === '$' ? text.replace(/\.\d$/, '$&0') : text}`;
}

/** `slower`, `faster`, …; nothing where the interval leaves it open and no verdict says it. */
export function directionOf({ metric, change, verdict }: Finding): string {
  if (change === null || change.estimate === null || change.estimate === 0) return '';
  const { low, high, estimate } = change;
  const certain = (low !== null && low > 0) || (high !== null && high < 0);
  if (!certain && verdict !== 'fail') return '';
  const { more, less } = metricNameOf(metric);
  return estimate > 0 ? more : less;
}

/** `105 pairs` */
export function samplesOf({ samples }: Finding): string {
  return counted(samples.count, samples.of.slice(0, -1));
}

/** `105 pairs, look 1 of 3` */
export function evidenceOf(finding: Finding): string {
  const { looks } = finding;
  const count = samplesOf(finding);
  return looks.planned > 1 ? `${count}, look ${looks.taken} of ${looks.planned}` : count;
}

/** One finding as one sentence without a full stop, for where there is no table. */
export function sentenceOf(finding: Finding): string {
  return `${titleOf(finding)} ${valuesOf(finding)}, ${changeOf(finding)}, ${evidenceOf(finding)}`;
}

/** `400 of 400 requests sent, 398 ok`, cost, time and run, as far as they are known. */
export function factsOf({ requests, cost_usd, duration_ms, run_id }: CheckResult): string[] {
  const sent = `${formatCount(requests.sent)} of ${counted(requests.planned, 'request')} sent`;
  return [
    `${sent}, ${formatCount(requests.ok)} ok`,
    ...(duration_ms === null ? [] : [formatSeconds(duration_ms)]),
    ...(cost_usd === null ? [] : [formatUsd(cost_usd)]),
    `run ${plain(run_id)}`,
  ];
}

/** What stands in brackets, and how often such a check is wrong. */
export function methodOf({ findings, alpha, verdict }: CheckResult): string[] {
  if (findings.length === 0 || verdict === 'invalid') return [];
  const changes = findings.flatMap(({ change }) => (change === null ? [] : [change]));
  const levels = [...new Set(changes.map(({ confidence }) => percentOf(confidence)))];
  const ofChanges =
    levels.length === 0
      ? []
      : [`of a change the bounds that its verdict rests on, at least ${levels.join(' or ')} sure`];
  const ofFigures = findings.some(({ baseline, value }) => baseline === null && value.low !== null)
    ? ['of a figure its 95 % interval']
    : [];
  const brackets = [...ofChanges, ...ofFigures];
  return [
    ...(brackets.length === 0 ? [] : [`In brackets: ${brackets.join('; ')}.`]),
    `Where nothing changed, at most ${percentOf(alpha)} of such checks fail anything.`,
  ];
}

function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function scaled(share: number | null): number | null {
  return share === null ? null : 100 * share;
}

/** ` (9.1 to 14.6)`, ` (at least 9.1)`, or nothing. */
function bracketed(
  low: Change['low'],
  high: Change['high'],
  format: (value: number) => string,
): string {
  if (low === null && high === null) return '';
  if (low === null) return ` (at most ${format(high as number)})`;
  return high === null ? ` (at least ${format(low)})` : ` (${format(low)} to ${format(high)})`;
}

/** One decimal, more below 0.1 so that what is not 0 does not look like it; whole from 1,000 on. */
export function signed(value: number): string {
  const size = Math.abs(value);
  if (size < 0.0005) return '0.0';
  const sign = value < 0 ? '-' : '+';
  if (size >= 999.95) return sign + formatCount(size);
  return sign + (size < 0.095 ? String(Number(size.toPrecision(1))) : size.toFixed(1));
}
