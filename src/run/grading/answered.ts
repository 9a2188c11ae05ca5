import type { DecodedReply } from '../../decode/types.ts';
import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import type { Answered } from '../../score/types.ts';
import type { ChatMessage } from '../../suite/types.ts';

/** What a reply said, as it was decoded, or as its record keeps it. */
export type Said = Pick<DecodedReply, 'answerText' | 'reasoningText' | 'toolCalls'>;

/** A reply to be graded. */
export interface Reply {
  planned: PlannedRequest;
  record: RequestRecord;
  said: Said;
  /** What was said before this turn of its conversation. */
  history: readonly ChatMessage[];
}

/** Whether a reply is graded at all: warm-up and failed requests are not, nor what nothing is expected of. */
export function isToBeGraded(
  { expect }: Pick<PlannedRequest, 'expect'>,
  { phase, outcome }: Pick<RequestRecord, 'phase' | 'outcome'>,
): boolean {
  return phase === 'measure' && outcome === 'ok' && expect.length > 0;
}

/** All that graders see of it; the figures are those of the record, so that they are had again from it. */
export function answeredOf({ planned, record, said, history }: Reply): Answered {
  return {
    requestId: record.request_id,
    text: said.answerText,
    reasoning: said.reasoningText,
    toolCalls: said.toolCalls,
    finishReason: record.finish_reason,
    messages: history.length === 0 ? planned.messages : [...history, ...planned.messages],
    reference: planned.reference,
    ttftMs: record.ttft_ms,
    e2eMs: record.e2e_ms,
    costUsd: record.cost_usd,
  };
}

/** What a stored record says was said. */
export function saidIn({ answer_text, reasoning_text, tool_calls }: RequestRecord): Said {
  return {
    answerText: answer_text ?? '',
    reasoningText: reasoning_text ?? '',
    toolCalls: tool_calls === null ? [] : (JSON.parse(tool_calls) as Said['toolCalls']),
  };
}
