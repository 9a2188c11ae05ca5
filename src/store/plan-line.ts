import type { JsonObject } from '../json.ts';
import type { Arm, Phase, PlannedRequest } from '../plan/types.ts';
import type { ChatMessage, Expectation } from '../suite/types.ts';

/** The first line of `plan.ndjson.gz`. */
export interface PlanHeader {
  schema_version: 1;
  run_id: string;
  simulated: boolean;
  /** Lines of requests that follow. */
  requests: number;
}

/** A prompt, in front of the first request that sends it; the models of a run share theirs. */
export interface PromptLine {
  prompt_id: string;
  /** For a first turn all of it, for a later one what comes after the model's answer. */
  messages: ChatMessage[];
  expect: Expectation[];
  /** Absent where there is none. */
  reference?: string;
  /** Turns of its case that are graded; absent where this one alone is, or none. */
  graded_turns?: number;
}

/** A planned request. Of prices it knows nothing: what a token costs is no part of what is sent. */
export interface RequestLine {
  request_id: string;
  target: string;
  model: string;
  suite: string;
  case_id: string;
  phase: Phase;
  repeat: number;
  conversation_id: string;
  turn: number;
  turn_count: number;
  /** Both absent where nothing is compared. */
  pair_id?: string;
  arm?: Arm;
  scheduled_ms: number | null;
  prompt_id: string;
  nonce: string | null;
  parameters: JsonObject;
  output_tokens_upper: number | null;
}

/** @param promptId its name within the file */
export function promptToLine(request: PlannedRequest, promptId: string): PromptLine {
  const { messages, expect, reference, gradedTurns } = request;
  return {
    prompt_id: promptId,
    messages,
    expect,
    ...(reference !== null && { reference }),
    ...(gradedTurns !== gradedAlone(expect) && { graded_turns: gradedTurns }),
  };
}

/** Graded turns where no other turn is graded. */
function gradedAlone(expect: readonly Expectation[]): number {
  return expect.length > 0 ? 1 : 0;
}

export function requestToLine(request: PlannedRequest, promptId: string): RequestLine {
  return {
    request_id: request.requestId,
    target: request.target,
    model: request.model,
    suite: request.suite,
    case_id: request.caseId,
    phase: request.phase,
    repeat: request.repeat,
    conversation_id: request.conversationId,
    turn: request.turn,
    turn_count: request.turnCount,
    ...(request.pairId !== null && { pair_id: request.pairId }),
    ...(request.arm !== null && { arm: request.arm }),
    scheduled_ms: request.scheduledMs,
    prompt_id: promptId,
    nonce: request.nonce,
    parameters: request.parameters,
    output_tokens_upper: request.outputTokensUpper,
  };
}

export function lineToRequest(line: RequestLine, prompt: PromptLine): PlannedRequest {
  return {
    requestId: line.request_id,
    target: line.target,
    model: line.model,
    suite: line.suite,
    caseId: line.case_id,
    phase: line.phase,
    repeat: line.repeat,
    conversationId: line.conversation_id,
    turn: line.turn,
    turnCount: line.turn_count,
    pairId: line.pair_id ?? null,
    arm: line.arm ?? null,
    scheduledMs: line.scheduled_ms,
    messages: prompt.messages,
    nonce: line.nonce,
    parameters: line.parameters,
    expect: prompt.expect,
    reference: prompt.reference ?? null,
    gradedTurns: prompt.graded_turns ?? gradedAlone(prompt.expect),
    costUpperUsd: null,
    outputTokensUpper: line.output_tokens_upper,
  };
}
