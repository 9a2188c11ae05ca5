import type { Tape } from '../capture/tape.ts';
import { decodeTape } from '../decode/reply.ts';
import { modelKey } from '../load/protocol.ts';
import { recordOf } from '../metrics/record.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { IntakeContext } from './intake.ts';

/** How many requests of each model were sent, and what became of them as far as anybody knows. */
export interface Whereabouts {
  /** By `modelKey`: sent, also those of which the tape never came. */
  sent: ReadonlyMap<string, number>;
  /** By `modelKey`: those whose record was made. */
  recorded: ReadonlyMap<string, number>;
  /** Ids of those that have a record, or were not sent and never will be. */
  settled: ReadonlySet<string>;
}

/**
 * The planned requests that went down with the measuring thread: sent, and never heard of again. Each
 * model's are sent in the order of the plan, warm-up first, and of a pair or a conversation one at a
 * time; so their number tells which they are.
 */
export function lostRequests(
  planned: readonly PlannedRequest[],
  { sent, recorded, settled }: Whereabouts,
): PlannedRequest[] {
  const left = new Map([...sent].map(([key, count]) => [key, count - (recorded.get(key) ?? 0)]));
  const begun = new Set<string>();
  const lost: PlannedRequest[] = [];
  for (const phase of ['warmup', 'measure'] as const) {
    for (const request of planned) {
      const unit = request.pairId ?? request.conversationId;
      if (request.phase !== phase || settled.has(request.requestId) || begun.has(unit)) continue;
      const key = modelKey(request);
      const count = left.get(key) ?? 0;
      if (count === 0) continue;
      begun.add(unit);
      left.set(key, count - 1);
      lost.push(request);
    }
  }
  return lost;
}

/**
 * What is known of a request that was lost: that it was.
 * @param atMs when that was found, on the run's clock
 */
export function lostRecord(
  planned: PlannedRequest,
  { target, model, keepText }: IntakeContext,
  atMs: number,
  why: string,
): RequestRecord {
  const tape: Tape = {
    requestId: planned.requestId,
    originNs: '0',
    scheduledMs: 0,
    startedMs: Math.round(atMs * 1000) / 1000,
    turnDelayMs: null,
    dnsMs: null,
    tcpMs: null,
    connectedMs: null,
    headersMs: null,
    end: { atMs: 0, how: 'error', code: null, stage: null, message: null },
    status: null,
    headers: {},
    protocol: null,
    staleSocketRedials: 0,
    arrivalsMs: new Float64Array(),
    arrivalBytes: new Uint32Array(),
    body: new Uint8Array(),
  };
  const reply = decodeTape(tape, target.dialect);
  const outcome = { class: 'lost' as const, message: why };
  return recordOf({
    planned,
    tape,
    reply,
    outcome,
    model,
    simulated: target.simulated,
    keepText,
  });
}
