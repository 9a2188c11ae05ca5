import type { Model } from '../config/types.ts';
import type { PlannedRow } from '../metrics/types.ts';
import { isGraded } from '../suite/audience.ts';
import type { ChatMessage, Suite } from '../suite/types.ts';
import type { DrawnCase } from './draw.ts';
import { estimateUpper } from './estimate.ts';
import type { Phase, PlannedRequest } from './types.ts';

/** Whom requests go to, and of which suite they are. */
export interface Place {
  target: string;
  model: Model;
  suite: Suite;
}

export function rowOf({ target, model, suite }: Place, planned: number): PlannedRow {
  return {
    target,
    model: model.name,
    label: model.label,
    suite: suite.name,
    planned,
    skipped_reason: null,
    not_subscribed: false,
  };
}

/**
 * The requests of drawn cases, each case a conversation.
 * @param offset requests of the plan before these, which their names count on from
 */
export function requestsOf(
  { target, model, suite }: Place,
  phase: Phase,
  drawn: readonly DrawnCase[],
  offset: number,
): PlannedRequest[] {
  const requests: PlannedRequest[] = [];
  const graded = isGraded(suite, model.tags);
  for (const { case: one, repeat, turns } of drawn) {
    const parameters = { ...one.parameters, ...model.parameters };
    const gradedTurns = graded ? one.turns.filter(({ expect }) => expect.length > 0).length : 0;
    const conversationId = requestName(offset + requests.length);
    let historyTokensUpper = 0;
    for (const [turn, asked] of one.turns.slice(0, turns).entries()) {
      const messages = messagesOf(one.system, asked.text, turn);
      const upper = estimateUpper(messages, historyTokensUpper, parameters, model);
      historyTokensUpper = upper.promptTokensUpper + (upper.outputTokensUpper ?? 0);
      requests.push({
        requestId: requestName(offset + requests.length),
        target,
        model: model.name,
        suite: suite.name,
        caseId: one.id,
        phase,
        repeat,
        conversationId,
        turn,
        turnCount: turns,
        pairId: null,
        arm: null,
        scheduledMs: null,
        messages,
        nonce: null,
        parameters,
        expect: graded ? asked.expect : [],
        reference: graded && asked.expect.length > 0 ? asked.reference : null,
        gradedTurns,
        costUpperUsd: upper.costUpperUsd,
        outputTokensUpper: upper.outputTokensUpper,
      });
    }
  }
  return requests;
}

function requestName(index: number): string {
  return `r${String(index + 1).padStart(5, '0')}`;
}

function messagesOf(system: string | null, text: string, turn: number): ChatMessage[] {
  const user: ChatMessage = { role: 'user', content: text };
  return system === null || turn > 0 ? [user] : [{ role: 'system', content: system }, user];
}
