import type { PlannedRequest } from '../plan/types.ts';

/**
 * Whether any pair's arms were planned to be sent different prompts: then what tells them apart may be
 * the prompt.
 */
export function armsDiffer(requests: Iterable<PlannedRequest>): boolean {
  const firsts = new Map<string, PlannedRequest>();
  for (const request of requests) {
    if (request.pairId === null) continue;
    const first = firsts.get(request.pairId);
    if (first === undefined) firsts.set(request.pairId, request);
    else if (!isSamePrompt(first, request)) return true;
  }
  return false;
}

/** Nonces are each request's own, and as long as their numbers are. */
function isSamePrompt(a: PlannedRequest, b: PlannedRequest): boolean {
  return (
    a.caseId === b.caseId &&
    a.turn === b.turn &&
    (a.nonce === null) === (b.nonce === null) &&
    a.messages.length === b.messages.length &&
    a.messages.every(({ role, content }, index) => {
      const other = b.messages[index];
      return role === other?.role && content === other.content;
    })
  );
}
