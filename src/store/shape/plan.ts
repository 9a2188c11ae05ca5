import type { ChatMessage } from '../../suite/types.ts';
import type { PlanHeader, PromptLine, RequestLine } from '../plan-line.ts';
import {
  AMOUNT,
  COUNT,
  FLAG,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  optional,
  orNull,
  type Shape,
  shaped,
  TEXT,
} from './kind.ts';

/** The lines of `plan.ndjson.gz`. */
export const HEADER_SHAPE: Shape<PlanHeader> = {
  schema_version: oneOf([1]),
  run_id: TEXT,
  simulated: FLAG,
  requests: COUNT,
};

const MESSAGE = shaped<ChatMessage>({
  role: oneOf(['system', 'user', 'assistant']),
  content: TEXT,
});

export const PROMPT_SHAPE: Shape<PromptLine> = {
  prompt_id: TEXT,
  messages: listOf(MESSAGE),
  // What an expectation takes, its grader says.
  expect: listOf(shaped<{ type: string }>({ type: TEXT })),
  reference: optional(TEXT),
  graded_turns: optional(COUNT),
};

export const REQUEST_SHAPE: Shape<RequestLine> = {
  request_id: TEXT,
  target: TEXT,
  model: TEXT,
  suite: TEXT,
  case_id: TEXT,
  phase: oneOf(['warmup', 'measure']),
  repeat: COUNT,
  conversation_id: TEXT,
  turn: COUNT,
  turn_count: COUNT,
  pair_id: optional(TEXT),
  arm: optional(oneOf(['candidate', 'baseline'])),
  scheduled_ms: orNull(NUMBER),
  prompt_id: TEXT,
  nonce: orNull(TEXT),
  parameters: OBJECT,
  output_tokens_upper: orNull(AMOUNT),
};
