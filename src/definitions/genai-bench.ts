import type { JsonObject, JsonValue } from '../json.ts';
import { BYTE_LINE_ENDS, decoded, linesOf } from './framing.ts';
import { countOr, dict, item, loads, Raised, stripped, textOr, truthy } from './python.ts';
import { linear } from './quantiles.ts';
import { wholeSpan } from './span.ts';
import type { Definition, Reading, Reply } from './types.ts';

/** Shorter than this, an answer has no TPOT. */
const OUTPUT_LATENCY_MIN_MS = 1;

/**
 * genai-bench's OpenAI user: it stops at the usage, and drops without a trace the replies that its
 * code does not expect, those of fewer than two tokens among them.
 * @see docs/definitions.md#genai-bench
 */
export const genaiBench: Definition = {
  name: 'genai-bench',
  title: 'genai-bench',
  has: { tpot: true, itl: false },
  quantile: linear,
  tokenizer: 'counts a reply without usage with a tokenizer',
  failedSpan: wholeSpan,
  read: readReply,
};

interface Streamed {
  firstMs: number | null;
  finishReason: boolean;
  tokens: number;
  text: string;
  endMs: number;
}

function readReply(reply: Reply): Reading {
  const span = wholeSpan(reply);
  if (reply.status !== 200) return { kind: 'failed', span };
  let streamed: Streamed | 'failed';
  try {
    streamed = readStream(reply);
  } catch (error) {
    if (error instanceof Raised) return { kind: 'lost', span };
    throw error;
  }
  if (streamed === 'failed') return { kind: 'failed', span };
  const { firstMs, text, endMs } = streamed;
  // Without a count it asks the tokenizer.
  const tokens = streamed.tokens || (reply.countTokens?.(text) ?? null);
  const outputMs = endMs - (firstMs ?? 0);
  const several = tokens !== null && tokens > 1;
  if (firstMs === null || (tokens !== null && !several)) return { kind: 'lost', span };
  return {
    kind: 'ok',
    ttftMs: firstMs,
    tpotMs: several && outputMs >= OUTPUT_LATENCY_MIN_MS ? outputMs / (tokens - 1) : null,
    itlMs: [],
    outputTokens: tokens,
    lacksTokenizer: tokens === null,
    span,
  };
}

/** @throws Raised for what its code does not expect */
function readStream(reply: Reply): Streamed | 'failed' {
  const streamed: Streamed = {
    firstMs: null,
    finishReason: false,
    tokens: 0,
    text: '',
    endMs: reply.endMs,
  };
  for (const { atMs, text } of linesOf(decoded(reply, true), reply.endMs, BYTE_LINE_ENDS)) {
    const line = stripped(text);
    if (!line.startsWith('data:')) continue;
    const payload = line.startsWith('data: ') ? line.slice(6) : line.slice(5);
    if (payload === '[DONE]') return { ...streamed, endMs: atMs };
    const chunk = dict(loads(payload));
    if (chunk.error !== undefined && chunk.error !== null) {
      checkCode(dict(chunk.error).code);
      return 'failed';
    }
    if (takeChunk(chunk, atMs, streamed)) return { ...streamed, endMs: atMs };
  }
  return reply.whole ? streamed : 'failed';
}

/** @returns whether it has seen enough: the usage behind a finish_reason, or with it */
function takeChunk(chunk: JsonObject, atMs: number, streamed: Streamed): boolean {
  const choices = item(chunk, 'choices');
  if (!truthy(choices) && streamed.finishReason && truthy(chunk.usage)) {
    streamed.tokens = countOr(dict(chunk.usage).completion_tokens) ?? 0;
    if (streamed.firstMs === null && streamed.tokens <= 1) throw new Raised('empty response');
    streamed.firstMs ??= atMs;
    return true;
  }
  if (!Array.isArray(choices)) throw new Raised('TypeError');
  const choice = choices[0];
  // No choice, or none with a delta, it expects, and passes over.
  if (choice === undefined || dict(choice).delta === undefined) return false;
  const { content, reasoning, reasoning_content, usage } = dict(dict(choice).delta);
  if (truthy(usage)) streamed.tokens = countOr(dict(usage).completion_tokens) ?? 0;
  const text = textOr([content, reasoning, reasoning_content].find(truthy));
  streamed.text += text;
  if (text !== '') streamed.firstMs ??= atMs;
  streamed.finishReason = truthy(dict(choice).finish_reason);
  if (!streamed.finishReason || !truthy(chunk.usage)) return false;
  streamed.tokens = countOr(dict(chunk.usage).completion_tokens) ?? 0;
  return true;
}

/** The code becomes the status, which has to be a number. */
function checkCode(code: JsonValue | undefined): void {
  if (code === undefined || typeof code === 'number') return;
  if (typeof code !== 'string' || !/^\d+$/.test(code)) throw new Raised('ValidationError');
}
