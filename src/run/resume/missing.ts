import { isRefusal } from '../../load/model-gate.ts';
import { rowKey } from '../../metrics/row-key.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';

/**
 * What a record is worth to a run that goes on: `void` is one that says nothing of the model, for we gave
 * the request up, or the key was refused, which may be mended by now.
 */
export type RecordStanding = 'ok' | 'failed' | 'void';

export function standingOf({
  outcome,
  http_status,
  error_message,
}: Pick<RequestRecord, 'outcome' | 'http_status' | 'error_message'>): RecordStanding {
  if (outcome === 'ok') return 'ok';
  if (outcome === 'cancelled' || outcome === 'lost') return 'void';
  return isRefusal(http_status, Buffer.from(error_message ?? '')) ? 'void' : 'failed';
}

export interface Missing {
  /** To be sent, in the order of the plan. */
  requests: PlannedRequest[];
  /** Measured requests among them. */
  measured: number;
  /** Ids of the records that make room: their requests are sent again. */
  superseded: ReadonlySet<string>;
}

/**
 * What a run that was cut off still has to send. A conversation is sent again whole where any of its turns
 * is missing; one that ended because a turn failed is not. Rows that still lack something are warmed up
 * again, for connections and caches are cold.
 * @param planned all requests of the run
 * @param standings of its records, by request
 */
export function whatIsMissing(
  planned: Iterable<PlannedRequest>,
  standings: ReadonlyMap<string, RecordStanding>,
): Missing {
  const all = [...planned];
  const open = new Set<string>();
  for (const turns of conversations(all)) {
    if (!isSettled(turns, standings)) for (const { requestId } of turns) open.add(requestId);
  }
  const rows = new Set(all.filter(({ requestId }) => open.has(requestId)).map(rowKey));
  const isMissing = (request: PlannedRequest): boolean =>
    request.phase === 'warmup' ? rows.has(rowKey(request)) : open.has(request.requestId);
  const requests = all.filter(isMissing);
  const superseded = requests.filter(({ requestId }) => standings.has(requestId));
  return {
    requests,
    measured: requests.filter(({ phase }) => phase === 'measure').length,
    superseded: new Set(superseded.map(({ requestId }) => requestId)),
  };
}

/** Measured ones, their turns in order. */
function conversations(all: readonly PlannedRequest[]): Iterable<PlannedRequest[]> {
  const byId = new Map<string, PlannedRequest[]>();
  for (const request of all) {
    if (request.phase !== 'measure') continue;
    const turns = byId.get(request.conversationId);
    if (turns === undefined) byId.set(request.conversationId, [request]);
    else turns.push(request);
  }
  return byId.values();
}

/** All of its turns ended, or one of them failed, behind which there is nothing to be sent. */
function isSettled(
  turns: readonly PlannedRequest[],
  standings: ReadonlyMap<string, RecordStanding>,
): boolean {
  for (const { requestId } of turns) {
    const standing = standings.get(requestId);
    if (standing === 'failed') return true;
    if (standing !== 'ok') return false;
  }
  return true;
}
