import { createRandom } from '../random.ts';
import { composeAnswer } from './answers.ts';
import type { ChatRequest } from './chat-request.ts';
import { type ChunkedReply, chunkReply } from './chunking.ts';
import {
  type DialectWriter,
  openaiDialect,
  type TokenCounts,
  usageOf,
  wrapperDialect,
} from './dialects.ts';
import { ANSWERING_FAULTS, isAnsweringFault } from './fault-answers.ts';
import { BENDING_FAULTS } from './fault-bends.ts';
import type { Fault } from './faults.ts';
import { judgeAnswer } from './judging.ts';
import type { SimulatorOptions } from './options.ts';
import type { ModelProfile } from './profiles.ts';
import { lastUserMessage, promptIdentity } from './prompt.ts';
import { bodyPlan, type ReplyPlan, streamPlan } from './reply-plan.ts';
import { countPromptTokens } from './tokens.ts';

/** A reply, planned whole before its first byte. */
export interface ModelReply {
  plan: ReplyPlan;
  counts: TokenCounts;
}

export interface ReplyOptions {
  id: string;
  createdS: number;
  /** The seed's wrapper instead of the OpenAI API. */
  isWrapper: boolean;
  seed: string;
  answerBook: SimulatorOptions['answerBook'];
  /** As a judge, it takes the first option whatever it says. */
  takesFirstOption: boolean;
  fault: Fault | undefined;
  authorization: string;
}

/** Bends that make sense for a reply that is no stream. */
const BENDS_OF_A_BODY = new Set(['slow_headers', 'many_headers', 'close_idle', 'close_on_reuse']);

function completionBody(
  request: ChatRequest,
  reply: ChunkedReply,
  counts: TokenCounts,
  { id, createdS }: ReplyOptions,
): string {
  const textOf = (kind: string): string =>
    reply.chunks.map((chunk) => (chunk.kind === kind ? chunk.text : '')).join('');
  const reasoning = textOf('reasoning');
  const call = { name: reply.toolName, arguments: textOf('tool_call') };
  const message = {
    role: 'assistant',
    content: reply.toolName === null ? textOf('content') : null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(reply.toolName !== null && {
      tool_calls: [{ id: `call_${id}`, type: 'function', function: call }],
    }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: reply.finishReason };
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created: createdS,
    model: request.model,
    choices: [choice],
    usage: usageOf(counts),
  });
}

function planReply(
  model: ModelProfile,
  request: ChatRequest,
  reply: ChunkedReply,
  counts: TokenCounts,
  options: ReplyOptions,
): ReplyPlan {
  const { fault } = options;
  if (fault && isAnsweringFault(fault.name)) {
    return ANSWERING_FAULTS[fault.name](fault.parameters, options.authorization);
  }
  const dialect: DialectWriter = options.isWrapper
    ? wrapperDialect()
    : openaiDialect(options.id, request.model, options.createdS);
  const isStream = request.stream || options.isWrapper;
  const plan = isStream
    ? streamPlan(reply, dialect, { ...request, ...model.habits, counts })
    : bodyPlan(
        200,
        'application/json',
        completionBody(request, reply, counts, options),
        counts.completionTokens,
      );
  if (!fault || isAnsweringFault(fault.name)) return plan;
  if (!isStream && !BENDS_OF_A_BODY.has(fault.name)) return plan;
  return BENDING_FAULTS[fault.name](plan, fault.parameters, { dialect, counts });
}

/** What a model answers to a request: the answer, cut into chunks, written, and spoilt if asked. */
export function makeReply(
  model: ModelProfile,
  request: ChatRequest,
  options: ReplyOptions,
): ModelReply {
  const verdict = judgeAnswer(model, lastUserMessage(request.messages), options);
  const answer =
    verdict === null
      ? composeAnswer(model, request, options.seed, options.answerBook)
      : { reasoning: null, content: verdict, toolCall: null };
  const identity = promptIdentity(request.messages);
  const random = createRandom(`${options.seed}/${model.name}/${identity}/chunks`);
  const reply = chunkReply(answer, model, request.maxTokens, random);
  const counts = {
    promptTokens: countPromptTokens(request.messages.map((message) => message.content)),
    completionTokens: reply.completionTokens,
    reasoningTokens: reply.reasoningTokens,
  };
  return { plan: planReply(model, request, reply, counts, options), counts };
}
