import type { Answered } from '../../src/score/types.ts';

/** A reply as graders see it, with what a test says of it. */
export function answered(text: string, given: Partial<Answered> = {}): Answered {
  return {
    text,
    reasoning: '',
    toolCalls: [],
    finishReason: 'stop',
    messages: [],
    reference: null,
    ttftMs: null,
    e2eMs: null,
    costUsd: null,
    ...given,
  };
}
