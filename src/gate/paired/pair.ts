import { leftOutOf } from '../../metrics/row-samples.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { GatedMetric, PairedMetric } from '../metric.ts';

/** What of a record the comparison reads. */
export type PairedRecord = Pick<
  RequestRecord,
  'outcome' | 'flags' | 'censored' | 'case_id' | PairedMetric
>;

/** The same prompt sent to both arms, one right after the other in an order drawn by lot. */
export interface Pair {
  candidate: PairedRecord;
  baseline: PairedRecord;
}

type QuantileMetric = Extract<GatedMetric, { kind: 'quantile' }>;

/** Why a pair says nothing of a latency. */
export interface LeftOut {
  /** One of the two failed, other than by a timeout, or never ran. */
  failed: number;
  /** Both timed out: neither is known to be the slower. */
  timedOut: number;
  /** A cached reply, or one whose chunks a proxy held back. */
  distorted: number;
  /** A reply without this metric: too few tokens, or no count of them. */
  missing: number;
}

/** What pairs say of one metric: parallel, one entry for each pair that counts. */
export interface PairedSamples {
  /** ln of the metric, turned so that more is worse; `Infinity` where it timed out. */
  candidate: Float64Array;
  baseline: Float64Array;
  /** Pairs of which one arm alone timed out. */
  timedOut: { candidate: number; baseline: number };
  leftOut: LeftOut;
}

/** Takes from pairs what they say of one metric, in their order. */
export function samplesOf(pairs: readonly Pair[], metric: QuantileMetric): PairedSamples {
  const candidate = new Float64Array(pairs.length);
  const baseline = new Float64Array(pairs.length);
  const timedOut = { candidate: 0, baseline: 0 };
  const leftOut: LeftOut = { failed: 0, timedOut: 0, distorted: 0, missing: 0 };
  let count = 0;
  for (const pair of pairs) {
    const [one, other] = [readingOf(pair.candidate, metric), readingOf(pair.baseline, metric)];
    const reason = reasonToLeave(one, other);
    if (reason !== null) {
      leftOut[reason]++;
      continue;
    }
    candidate[count] = one as number;
    baseline[count] = other as number;
    if (one === Infinity) timedOut.candidate++;
    if (other === Infinity) timedOut.baseline++;
    count++;
  }
  return {
    candidate: candidate.slice(0, count),
    baseline: baseline.slice(0, count),
    timedOut,
    leftOut,
  };
}

type Reading = number | Exclude<keyof LeftOut, 'timedOut'>;

/** A reply that timed out takes longer than any that came, and makes fewer tokens a second. */
function readingOf(record: PairedRecord, { metric, better }: QuantileMetric): Reading {
  if (record.outcome !== 'ok') return record.censored.includes(metric) ? Infinity : 'failed';
  if (leftOutOf(record).includes(metric)) return 'distorted';
  const value = record[metric];
  if (value === null) return 'missing';
  return better === 'lower' ? Math.log(value) : -Math.log(value);
}

function reasonToLeave(one: Reading, other: Reading): keyof LeftOut | null {
  for (const reason of ['failed', 'distorted', 'missing'] as const) {
    if (one === reason || other === reason) return reason;
  }
  return one === Infinity && other === Infinity ? 'timedOut' : null;
}

/** d = ln(candidate / baseline), turned so that above 0 is worse. */
export function differencesOf({ candidate, baseline }: PairedSamples): Float64Array {
  // Two of 0 are equal, though their logarithms have no difference.
  return candidate.map((value, index) =>
    value === baseline[index] ? 0 : value - (baseline[index] as number),
  );
}

/** Pairs by which of the two failed; those that were cut short or never ran are in none. */
export interface Failures {
  pairs: number;
  candidateOnly: number;
  baselineOnly: number;
  /** 1 where it failed; one entry for each of these pairs, in their order. */
  candidate: Uint8Array;
  baseline: Uint8Array;
}

const NEVER_ENDED: readonly RequestRecord['outcome'][] = ['cancelled', 'dropped', 'lost'];

export function failuresOf(pairs: readonly Pair[]): Failures {
  const ended = pairs.filter(({ candidate, baseline }) =>
    [candidate, baseline].every(({ outcome }) => !NEVER_ENDED.includes(outcome)),
  );
  const of = (arm: keyof Pair) =>
    Uint8Array.from(ended, (pair) => (pair[arm].outcome === 'ok' ? 0 : 1));
  const [candidate, baseline] = [of('candidate'), of('baseline')];
  const differing = (sign: 1 | -1) =>
    candidate.filter((failed, index) => failed - (baseline[index] as number) === sign).length;
  return {
    pairs: ended.length,
    candidateOnly: differing(1),
    baselineOnly: differing(-1),
    candidate,
    baseline,
  };
}
