import type { JsonObject } from '../json.ts';
import type { ChatMessage, Expectation } from '../suite/types.ts';

export type Phase = 'warmup' | 'measure';

/** Which side of a pair a request is on. */
export type Arm = 'candidate' | 'baseline';

/** One request that the run is to send. Plain data: a plan can be written, cut and sent elsewhere. */
export interface PlannedRequest {
  requestId: string;
  target: string;
  model: string;
  suite: string;
  caseId: string;
  phase: Phase;
  /** 0-based pass over the case. */
  repeat: number;
  /** Shared by the turns of one conversation, which run one after another in one slot. */
  conversationId: string;
  /** 0-based, of `turnCount`. */
  turn: number;
  turnCount: number;
  /**
   * Shared by the two requests that are compared with one another: the same turn of the same case, one
   * in each arm. `null` in warm-up, and where nothing is compared.
   */
  pairId: string | null;
  arm: Arm | null;
  /** When to send, on the run's clock; `null` in a closed loop: as soon as a slot is free. */
  scheduledMs: number | null;
  /** For the first turn all of it, for later turns what is added after the model's answer. */
  messages: ChatMessage[];
  /** Put in front of the first message; `null` where switched off. */
  nonce: string | null;
  parameters: JsonObject;
  expect: Expectation[];
  /** A right answer of the suite's own; `null` where it has none, or the answer is not graded. */
  reference: string | null;
  /** Turns of its case whose answers are graded, also where not all are sent. */
  gradedTurns: number;
  /** Upper estimate of what it may cost; `null` without a price or a token limit. */
  costUpperUsd: number | null;
  outputTokensUpper: number | null;
}
