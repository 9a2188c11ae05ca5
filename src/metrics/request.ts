import type { Price } from '../config/types.ts';
import type { DecodedReply } from '../decode/types.ts';
import { quantile } from '../stats/quantile.ts';
import type { CountedTokens } from '../tokens/count.ts';
import { type ChunkTokens, chunkTokens } from './chunk-tokens.ts';
import type { TokenSource } from './types.ts';

/*
 * One function per metric of one request. A reply's instants are milliseconds from `started`, so
 * `x − started` is the instant itself. `undefined` is «no data», never 0.
 */

/**
 * Time to first token: the first event with non-empty content, reasoning or tool-call text.
 * @returns milliseconds from `started`, ≥ 0; `undefined` where no token came
 * @see docs/metrics.md#ttft, which says how vLLM and GuideLLM differ
 */
export function ttftMs(reply: DecodedReply): number | undefined {
  return reply.firstTokenMs ?? undefined;
}

/**
 * Time to first token from when the plan wanted the request sent.
 * @param scheduledMs relative to `started`, ≤ 0
 * @see docs/metrics.md#ttft
 */
export function ttftFromScheduleMs(reply: DecodedReply, scheduledMs: number): number | undefined {
  return reply.firstTokenMs === null ? undefined : reply.firstTokenMs - scheduledMs;
}

/**
 * Time to first answer token: the first event with non-empty answer content, not reasoning.
 * @see docs/metrics.md#ttfat
 */
export function ttfatMs(reply: DecodedReply): number | undefined {
  return reply.firstAnswerMs ?? undefined;
}

/**
 * From the first reasoning token to the first of the answer, in milliseconds.
 * @returns `undefined` where either did not come
 * @see docs/metrics.md#thinking
 */
export function thinkingMs(reply: DecodedReply): number | undefined {
  if (reply.firstAnswerMs === null || reply.firstReasoningMs === null) return undefined;
  // An answer that begins before any reasoning was not waited for.
  return reply.firstAnswerMs < reply.firstReasoningMs
    ? undefined
    : reply.firstAnswerMs - reply.firstReasoningMs;
}

/**
 * End-to-end latency of a request that ended `ok`: its last token's instant.
 * @see docs/metrics.md#e2e
 */
export function e2eMs(reply: DecodedReply): number | undefined {
  return reply.lastTokenMs ?? undefined;
}

/**
 * Time per output token after the first chunk:
 * (last token − first token) / (tokens streamed − tokens of the first chunk), the latter 1 where
 * its count is unknown.
 * @param tokens from `tokenCounts`
 * @param chunks from `chunkTokens`
 * @returns ms/token, > 0; `undefined` under 2 streamed tokens, or where all came at one instant
 * @see docs/metrics.md#tpot
 */
export function tpotMs(
  reply: DecodedReply,
  tokens: TokenCounts,
  chunks?: ChunkTokens,
): number | undefined {
  const first = reply.tokenEvents[0];
  if (first === undefined || tokens.output === undefined) return undefined;
  if (reply.firstTokenMs === null || reply.lastTokenMs === null) return undefined;
  // The first chunk's count may be all that the server gave.
  const firstCount =
    first.completionTokens === null
      ? chunks?.perChunk[0]
      : first.completionTokens - tokens.reasoningUnstreamed;
  const later = tokens.output - tokens.reasoningUnstreamed - Math.max(1, firstCount ?? 1);
  const spanMs = reply.lastTokenMs - reply.firstTokenMs;
  return later > 0 && spanMs > 0 ? spanMs / later : undefined;
}

/** Decode speed in tokens/s, 1000 / TPOT. @see docs/metrics.md#decode-speed */
export function decodeTokensPerSecond(tpot: number | undefined): number | undefined {
  return tpot === undefined ? undefined : 1000 / tpot;
}

/**
 * End-to-end speed in tokens/s: output tokens / E2E.
 * @see docs/metrics.md#e2e-speed
 */
export function e2eTokensPerSecond(
  outputTokens: number | undefined,
  e2e: number | undefined,
): number | undefined {
  if (outputTokens === undefined || e2e === undefined || e2e <= 0) return undefined;
  return (1000 * outputTokens) / e2e;
}

/** Median and largest gap between consecutive token-bearing events. */
export interface ChunkGaps {
  p50Ms: number;
  maxMs: number;
}

/**
 * Gaps between consecutive token-bearing events, in milliseconds; not yet per token.
 * @returns `undefined` under 2 such events
 * @see docs/metrics.md#chunk-gap
 */
export function chunkGaps(reply: DecodedReply): ChunkGaps | undefined {
  const gaps = new Float64Array(Math.max(0, reply.tokenEvents.length - 1));
  reply.tokenEvents.forEach((event, index) => {
    const before = reply.tokenEvents[index - 1];
    if (before !== undefined) gaps[index - 1] = event.atMs - before.atMs;
  });
  const p50Ms = quantile(gaps.sort(), 0.5);
  return p50Ms === undefined ? undefined : { p50Ms, maxMs: gaps[gaps.length - 1] as number };
}

/**
 * Median inter-token latency: every token of a chunk gets gap / tokens of the chunk. The gap before
 * a chunk that ends no token is part of the next one's.
 * @param chunks from `chunkTokens`; without it gaps are only `chunkGaps`
 * @returns milliseconds; `undefined` where no token came after the first chunk
 * @see docs/metrics.md#itl
 */
export function itlP50Ms(
  reply: DecodedReply,
  chunks: ChunkTokens | undefined = chunkTokens(reply, null, 0),
): number | undefined {
  if (chunks === undefined) return undefined;
  const gaps: { perTokenMs: number; tokens: number }[] = [];
  let sinceMs = reply.tokenEvents[0]?.atMs ?? 0;
  for (const [index, { atMs }] of reply.tokenEvents.entries()) {
    const tokens = chunks.perChunk[index] ?? 0;
    if (index === 0 || tokens === 0) continue;
    gaps.push({ perTokenMs: (atMs - sinceMs) / tokens, tokens });
    sinceMs = atMs;
  }
  return weightedMedian(gaps);
}

/** Type 7 at p = 0.5 over `perTokenMs`, each counted `tokens` times, without writing them out. */
function weightedMedian(chunks: { perTokenMs: number; tokens: number }[]): number | undefined {
  const total = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
  if (total === 0) return undefined;
  chunks.sort((a, b) => a.perTokenMs - b.perTokenMs);
  const at = (position: number): number => {
    let seen = 0;
    for (const chunk of chunks) {
      seen += chunk.tokens;
      if (position < seen) return chunk.perTokenMs;
    }
    return (chunks.at(-1) as (typeof chunks)[number]).perTokenMs;
  };
  const middle = (total - 1) / 2;
  return (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
}

/** What is known of a reply's tokens; `undefined` where it is not. */
export interface TokenCounts {
  prompt: number | undefined;
  cachedPrompt: number | undefined;
  /** All of them, reasoning included. */
  output: number | undefined;
  reasoning: number | undefined;
  /** Reasoning tokens that are billed but whose text was never streamed; no instant shows them. */
  reasoningUnstreamed: number;
  source: TokenSource;
}

/**
 * Token counts by the server's `usage`, else by the tokenizer that the config names, else unknown;
 * never `max_tokens`, never chunks.
 * @param counted the streamed text as the tokenizer counts it; `null` without one
 * @see docs/metrics.md#output-tokens
 */
export function tokenCounts(
  reply: DecodedReply,
  counted: CountedTokens | null = null,
): TokenCounts {
  const { usage } = reply;
  const trusted = !reply.flags.includes('usage_inconsistent');
  const byUsage = (trusted ? usage?.completionTokens : undefined) ?? undefined;
  const reasoning = (trusted ? usage?.reasoningTokens : undefined) ?? undefined;
  const known = {
    prompt: usage?.promptTokens ?? undefined,
    cachedPrompt: usage?.cachedPromptTokens ?? undefined,
  };
  // Where nothing was streamed, there is nothing that a tokenizer could know of.
  if (byUsage === undefined && counted !== null && reply.tokenEvents.length > 0) {
    return {
      ...known,
      output: counted.output,
      reasoning: counted.reasoning ?? undefined,
      reasoningUnstreamed: 0,
      source: 'tokenizer',
    };
  }
  return {
    ...known,
    output: byUsage,
    reasoning,
    reasoningUnstreamed: reply.firstReasoningMs === null ? (reasoning ?? 0) : 0,
    source: byUsage === undefined ? 'unknown' : 'usage',
  };
}

/**
 * The tokenizer's count less the server's, over the text that was streamed.
 * @returns `undefined` where either is not known
 * @see docs/metrics.md#tokens-by-a-tokenizer
 */
export function tokenDifference(
  tokens: TokenCounts,
  counted: CountedTokens | null,
): number | undefined {
  if (counted === null || tokens.output === undefined || tokens.source !== 'usage') {
    return undefined;
  }
  return counted.output - (tokens.output - tokens.reasoningUnstreamed);
}

/**
 * What a request cost, in USD: tokens × price, both sides known or nothing.
 * @see docs/metrics.md#cost
 */
export function costUsd(tokens: TokenCounts, price: Price | null): number | undefined {
  if (price === null || tokens.prompt === undefined || tokens.output === undefined) {
    return undefined;
  }
  return (tokens.prompt * price.input_per_mtok + tokens.output * price.output_per_mtok) / 1e6;
}
