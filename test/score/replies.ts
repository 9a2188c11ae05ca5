import type { Answered, GraderLimits } from '../../src/score/types.ts';

/** Long, for the machine may be busy: no honest pattern comes near. */
export const LIMITS: GraderLimits = { regexMs: 2000 };

/** A reply that says `text`, and nothing else of note. */
export function replied(text: string, more: Partial<Answered> = {}): Answered {
  return {
    text,
    reasoning: '',
    toolCalls: [],
    finishReason: 'stop',
    messages: [{ role: 'user', content: 'question' }],
    reference: null,
    ttftMs: 100,
    e2eMs: 1000,
    costUsd: 0.001,
    ...more,
  };
}
