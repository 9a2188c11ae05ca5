import { leftOutOf } from '../../metrics/row-samples.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { Grade } from '../../score/types.ts';
import type { GatedMetric, PairedMetric } from '../metric.ts';

/** What of a record the comparison reads. */
export type PairedRecord = Pick<
  RequestRecord,
  'outcome' | 'flags' | 'censored' | 'case_id' | PairedMetric
> &
  Partial<Pick<RequestRecord, 'repeat' | 'turn' | 'output_tokens'>> & {
    /** Absent where the answer is not graded. */
    grade?: Grade;
  };

/** The same prompt sent to both arms, one right after the other in an order drawn by lot. */
export interface Pair {
  candidate: PairedRecord;
  baseline: PairedRecord;
  /** False where the suite expects nothing of the answers, so that no score misses them. */
  isGraded?: boolean;
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
  /**
   * Which lot decided the order of each: a number of its own, but for the turns of one conversation,
   * which share theirs.
   */
  lots: Uint32Array;
  /** Pairs of which one arm alone timed out. */
  timedOut: { candidate: number; baseline: number };
  leftOut: LeftOut;
  /**
   * Neither reply of any pair can have this metric: all are ok as they came from the model, and their
   * tokens are counted. A classifier has no TPOT.
   */
  absent: boolean;
}

/** Takes from pairs what they say of one metric, in their order. */
export function samplesOf(pairs: readonly Pair[], metric: QuantileMetric): PairedSamples {
  const candidate = new Float64Array(pairs.length);
  const baseline = new Float64Array(pairs.length);
  const lots = new Uint32Array(pairs.length);
  const lotOf = drawLots();
  const timedOut = { candidate: 0, baseline: 0 };
  const leftOut: LeftOut = { failed: 0, timedOut: 0, distorted: 0, missing: 0 };
  let count = 0;
  let absent = 0;
  for (const pair of pairs) {
    const lot = lotOf(pair);
    const [one, other] = [readingOf(pair.candidate, metric), readingOf(pair.baseline, metric)];
    const reason = reasonToLeave(one, other);
    if (reason !== null) {
      leftOut[reason]++;
      if (one === 'missing' && other === 'missing' && isCounted(pair, metric)) absent++;
      continue;
    }
    candidate[count] = one as number;
    baseline[count] = other as number;
    lots[count] = lot;
    if (one === Infinity) timedOut.candidate++;
    if (other === Infinity) timedOut.baseline++;
    count++;
  }
  return {
    candidate: candidate.slice(0, count),
    baseline: baseline.slice(0, count),
    lots: lots.slice(0, count),
    timedOut,
    leftOut,
    absent: absent > 0 && absent === pairs.length,
  };
}

function isCounted({ candidate, baseline }: Pair, { metric }: QuantileMetric): boolean {
  return [candidate, baseline].every(
    ({ output_tokens = null, chunk_gap_ms_p50: gap }) =>
      // Chunks with gaps have an ITL as soon as somebody counts their tokens.
      output_tokens !== null && (metric !== 'itl_ms_p50' || gap === null),
  );
}

/** Numbers lots as pairs come: a turn after the first is of the lot of its conversation. */
function drawLots(): (pair: Pair) => number {
  const conversations = new Map<string, number>();
  let next = 0;
  return ({ candidate, baseline }) => {
    // What stands for a turn that was never sent has no name.
    const { case_id, repeat = 0, turn = 0 } = candidate.case_id === '' ? baseline : candidate;
    const key = `${case_id}\n${repeat}`;
    const lot = turn > 0 ? (conversations.get(key) ?? next++) : next++;
    conversations.set(key, lot);
    return lot;
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

/**
 * d = ln(candidate / baseline), turned so that above 0 is worse; one for each lot. Of turns that
 * share a lot it is the mean, for together they are worth no more than one.
 */
export function differencesOf({ candidate, baseline, lots }: PairedSamples): Float64Array {
  const byLot = new Map<number, number[]>();
  for (const [index, lot] of lots.entries()) {
    const [one, other] = [candidate[index] as number, baseline[index] as number];
    // Two of 0 are equal, though their logarithms have no difference.
    const difference = one === other ? 0 : one - other;
    const turns = byLot.get(lot);
    if (turns === undefined) byLot.set(lot, [difference]);
    else turns.push(difference);
  }
  return Float64Array.from(byLot.values(), meanOf);
}

/** Infinite as most of the infinite ones are; where these balance, of the others. */
function meanOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  const infinite = values
    .filter((value) => !Number.isFinite(value))
    .reduce((sum, value) => sum + Math.sign(value), 0);
  if (infinite !== 0) return infinite * Infinity;
  return finite.length === 0 ? 0 : finite.reduce((sum, value) => sum + value, 0) / finite.length;
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
  const of = (arm: 'candidate' | 'baseline') =>
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
