import type { Random } from '../random.ts';
import type { Answer } from './answers.ts';
import type { ModelProfile } from './profiles.ts';
import { tokenize } from './tokens.ts';

export type ChunkKind = 'reasoning' | 'content' | 'tool_call';

/** Text that goes out in one event, and how many tokens it took to make. */
export interface Chunk {
  kind: ChunkKind;
  text: string;
  tokens: number;
}

/** A reply cut into chunks, in a model's habits. */
export interface ChunkedReply {
  chunks: Chunk[];
  toolName: string | null;
  finishReason: 'stop' | 'length' | 'tool_calls';
  /** Of all kinds: what `usage.completion_tokens` says. */
  completionTokens: number;
  /** Where the server tells reasoning apart, else 0. */
  reasoningTokens: number;
}

/** How often a think tag comes as plain text, split over chunks, instead of as one token. */
const SPLIT_TAG_SHARE = 0.4;

function tagTokens(tag: string, random: Random): string[] {
  return random.next() < SPLIT_TAG_SHARE ? tokenize(tag) : [tag];
}

function tokensOf(answer: Answer, model: ModelProfile, random: Random): Chunk[] {
  const tokens = (kind: ChunkKind, texts: readonly string[]): Chunk[] =>
    texts.map((text) => ({ kind, text, tokens: 1 }));
  const said = answer.toolCall
    ? tokens('tool_call', tokenize(answer.toolCall.arguments))
    : tokens('content', tokenize(answer.content));
  if (answer.reasoning === null) return said;
  if (model.habits.thinks === 'reasoning_content') {
    return [...tokens('reasoning', tokenize(answer.reasoning)), ...said];
  }
  const thought = [
    ...tagTokens('<think>', random),
    '\n',
    ...tokenize(answer.reasoning),
    '\n',
    ...tagTokens('</think>', random),
    '\n\n',
  ];
  return [...tokens('content', thought), ...said];
}

/** Several tokens of one kind in a chunk at times, as engines that draft or hold back send them. */
function grouped(tokens: readonly Chunk[], several: number, random: Random): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < tokens.length; ) {
    const { kind } = tokens[at] as Chunk;
    const wanted = random.next() < several ? random.integer(2, 3) : 1;
    const taken = tokens.slice(at, at + wanted);
    const stranger = taken.findIndex((token) => token.kind !== kind);
    const group = stranger === -1 ? taken : taken.slice(0, stranger);
    chunks.push({ kind, text: group.map((token) => token.text).join(''), tokens: group.length });
    at += group.length;
  }
  return chunks;
}

/**
 * Cuts an answer into the chunks it is streamed in.
 * @param maxTokens cuts the reply, reasoning included, with `finish_reason: length`
 */
export function chunkReply(
  answer: Answer,
  model: ModelProfile,
  maxTokens: number | null,
  random: Random,
): ChunkedReply {
  const all = tokensOf(answer, model, random);
  const cut = maxTokens !== null && maxTokens < all.length;
  const tokens = cut ? all.slice(0, maxTokens) : all;
  const chunks = grouped(tokens, model.habits.severalTokensPerChunk, random);
  const finishReason = cut ? 'length' : answer.toolCall ? 'tool_calls' : 'stop';
  return {
    chunks,
    toolName: answer.toolCall?.name ?? null,
    finishReason,
    completionTokens: tokens.length,
    reasoningTokens: tokens.filter((token) => token.kind === 'reasoning').length,
  };
}
