import type { PlannedRequest } from '../../src/plan/types.ts';

let made = 0;

/** A planned request of one turn, under a name of its own. */
export function planned(parts: Partial<PlannedRequest> = {}): PlannedRequest {
  made += 1;
  const requestId = parts.requestId ?? `p${made}`;
  return {
    requestId,
    target: 'market',
    model: 'a',
    suite: 's',
    caseId: 'c',
    phase: 'measure',
    repeat: 0,
    conversationId: requestId,
    turn: 0,
    turnCount: 1,
    pairId: null,
    arm: null,
    scheduledMs: null,
    messages: [{ role: 'user', content: 'Hello' }],
    nonce: null,
    parameters: {},
    expect: [],
    reference: null,
    gradedTurns: 0,
    costUpperUsd: null,
    outputTokensUpper: null,
    ...parts,
  };
}

export function several(count: number, parts: Partial<PlannedRequest> = {}): PlannedRequest[] {
  return Array.from({ length: count }, () => planned(parts));
}

/** The turns of one conversation. */
export function turns(count: number, parts: Partial<PlannedRequest> = {}): PlannedRequest[] {
  const first = planned(parts);
  return Array.from({ length: count }, (_, turn) => ({
    ...first,
    requestId: `${first.requestId}t${turn}`,
    turn,
    turnCount: count,
    messages: [{ role: 'user', content: `turn ${turn}` }],
  }));
}
