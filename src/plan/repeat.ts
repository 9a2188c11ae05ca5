import type { PlannedRequest } from './types.ts';

/** How many passes over the cases a plan makes by itself: those that follow are numbered on from it. */
export function passesIn(requests: readonly Pick<PlannedRequest, 'repeat'>[]): number {
  return requests.reduce((passes, { repeat }) => Math.max(passes, repeat + 1), 1);
}

/**
 * A planned request as it is sent in a later pass over the whole list, under names of its own.
 * @param pass from 1 on
 * @param passes of the plan itself, by `passesIn`
 */
export function repeatedRequest(
  request: PlannedRequest,
  pass: number,
  passes: number,
): PlannedRequest {
  return {
    ...request,
    requestId: `${request.requestId}.${pass}`,
    conversationId: `${request.conversationId}.${pass}`,
    pairId: request.pairId === null ? null : `${request.pairId}.${pass}`,
    repeat: request.repeat + pass * passes,
    nonce: request.nonce === null ? null : `${request.nonce}.${pass}`,
  };
}

/** The planned request and the pass behind an id: `r00012.3` is the third pass of `r00012`. */
export function passOf(requestId: string): { plannedId: string; pass: number } {
  const [plannedId = '', pass] = requestId.split('.');
  return { plannedId, pass: pass === undefined ? 0 : Number(pass) };
}
