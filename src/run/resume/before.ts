import path from 'node:path';
import type { RunLimits, RunSettings } from '../../config/types.ts';
import { readJudgeCalls } from '../../judge/index.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import { lanesOf } from '../../plan/lanes.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { RUN_FILES } from '../../store/folder.ts';
import { readRecordBatches, readSuperseded, type StoredRun } from '../../store/read.ts';
import type { Manifest, Resumption, Validity } from '../../store/types.ts';
import { billedTokens, billedUsd } from '../billed.ts';
import { worseOf } from '../validity.ts';
import type { Resumable } from './resumable.ts';

/** What a run that is gone on with brings along. */
export interface Before {
  /** With its folder mended, and its manifest as it was. */
  run: StoredRun;
  planned: Resumable['planned'];
  records: number;
  /** Where the run's clock stands: at the latest end of a record that stays. */
  elapsedMs: number;
  durationMs: number;
  validity: Validity;
  spent: Spent;
  /** What of that no record tells. */
  unrecorded: Resumption['unrecorded'];
}

interface Spent {
  /** By requests and judges, superseded ones too. */
  usd: number;
  judgesUsd: number;
  outputTokens: number;
}

/** @param resumable whose folder was mended since */
export async function whatWasBefore({
  run,
  planned,
  missing,
  settings,
}: Resumable): Promise<Before> {
  const spent: Spent = { usd: 0, judgesUsd: 0, outputTokens: 0 };
  const spend = (record: RequestRecord): void => {
    const request = planned.get(record.request_id);
    const upper = request ?? { costUpperUsd: null, outputTokensUpper: null };
    spent.usd += billedUsd(record, upper);
    spent.outputTokens += billedTokens(record, upper);
  };
  let records = 0;
  let elapsedMs = 0;
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) {
      records += 1;
      elapsedMs = Math.max(elapsedMs, record.ended_ms);
      spend(record);
    }
  }
  const aside = path.join(run.path, RUN_FILES.superseded);
  for await (const batch of readSuperseded(aside)) batch.forEach(spend);
  for (const { cost_usd } of await readJudgeCalls(run.path)) spent.judgesUsd += cost_usd ?? 0;
  const { manifest } = run;
  const unrecorded = wasKilled(manifest) ? inFlightAtMost(missing.requests, settings) : undefined;
  for (const each of [...(manifest.resumed ?? []).map((one) => one.unrecorded), unrecorded]) {
    spent.usd += each?.cost_usd ?? 0;
    spent.outputTokens += each?.output_tokens ?? 0;
  }
  spent.usd += spent.judgesUsd;
  return {
    ...{ run, planned, records, elapsedMs, spent, unrecorded },
    durationMs: manifest.duration_ms ?? elapsedMs,
    validity: validityOf(manifest, elapsedMs),
  };
}

/** It did not even write that it had ended. */
function wasKilled({ finished_at }: Manifest): boolean {
  return finished_at === null;
}

/** Nobody knows how late the client was while it recorded what its process left behind when it was killed. */
function validityOf(manifest: Manifest, elapsedMs: number): Validity {
  const { validity, resumed } = manifest;
  const seamMs = resumed?.at(-1)?.elapsed_ms ?? 0;
  if (!wasKilled(manifest) || elapsedMs <= seamMs) return validity;
  return worseOf(validity, {
    verdict: 'warned',
    reasons: [
      'a part of the run ended without a word (killed, or its machine was): how late its client was is not known',
    ],
  });
}

/**
 * What requests may have come to that had no record when their process was killed: no more of them were in
 * flight than there are slots, and none of them is not missing.
 */
function inFlightAtMost(
  missing: readonly PlannedRequest[],
  { order, concurrency, runLimits }: RunSettings,
): Resumption['unrecorded'] {
  if (runLimits.costUsd === null && runLimits.outputTokens === null) return undefined;
  const lanes = order === 'interleaved' ? [missing] : lanesOf(missing);
  const most = (of: (request: PlannedRequest) => number | null): number => {
    const sums = lanes.map((lane) => largest(lane, concurrency, (request) => of(request) ?? 0));
    return order === 'sequential' ? Math.max(0, ...sums) : sums.reduce((sum, one) => sum + one, 0);
  };
  return {
    cost_usd: most(({ costUpperUsd }) => costUpperUsd),
    output_tokens: most(({ outputTokensUpper }) => outputTokensUpper),
  };
}

/** The sum of the `count` largest conversations, each by its largest turn. */
function largest(
  lane: readonly PlannedRequest[],
  count: number,
  of: (request: PlannedRequest) => number,
): number {
  const byConversation = new Map<string, number>();
  for (const request of lane) {
    const known = byConversation.get(request.conversationId) ?? 0;
    byConversation.set(request.conversationId, Math.max(known, of(request)));
  }
  const sorted = [...byConversation.values()].sort((a, b) => b - a);
  return sorted.slice(0, count).reduce((sum, one) => sum + one, 0);
}

/** A clock on which no time has passed since it stood there: its origin, if it had run through. */
export function clockThatStoodAt(elapsedMs: number): Resumption['clock'] {
  const originNs = process.hrtime.bigint() - BigInt(Math.round(elapsedMs * 1e6));
  return {
    wall: new Date(Date.now() - elapsedMs).toISOString(),
    monotonic_ns: String(originNs),
  };
}

/** What the limits of a run leave to what is sent from now on. */
export function limitsLeft(limits: RunLimits, before: Before | undefined): RunLimits {
  if (before === undefined) return limits;
  const { elapsedMs, spent } = before;
  const left = (limit: number | null, used: number): number | null =>
    limit === null ? null : Math.max(0, limit - used);
  return {
    ...limits,
    durationMs: left(limits.durationMs, elapsedMs),
    outputTokens: left(limits.outputTokens, spent.outputTokens),
    costUsd: left(limits.costUsd, spent.usd),
  };
}
