import type { JsonObject, JsonValue } from '../json.ts';
import { decoded, linesOf, TEXT_LINE_ENDS } from './framing.ts';
import { countOr, dict, firstOf, isDict, item, loads, Raised, textOr, truthy } from './python.ts';
import { inverseCdf } from './quantiles.ts';
import { noSpan } from './span.ts';
import type { Definition, Reply, Success } from './types.ts';

/**
 * GuideLLM's OpenAI backend: the time to the first token is in its TPOT, what others call TPOT is its
 * ITL, both weigh by tokens, and a missing value counts as 0.
 * @see docs/definitions.md#guidellm
 */
export const guidellm: Definition = {
  name: 'guidellm',
  title: 'GuideLLM',
  has: { tpot: true, itl: true },
  quantile: inverseCdf,
  tokenizer: null,
  failedSpan: noSpan,
  read: readReply,
};

interface Streamed {
  firstMs: number | null;
  lastMs: number | null;
  iterations: number;
  text: string;
  toolCalls: boolean;
  usage: JsonObject | null;
  endMs: number;
}

function readReply(reply: Reply): Success {
  const { status } = reply;
  if (status === null || status < 200 || status > 299) throw new Raised(`status ${status}`);
  const streamed = readStream(reply);
  const { firstMs, lastMs, iterations, text, toolCalls, usage, endMs } = streamed;
  const counted = usage === null ? null : tokensIn(usage);
  if (text.trim() === '' && !toolCalls && (counted ?? 0) <= 0) throw new Raised('empty response');
  // Without usage, every chunk with text is a token.
  const tokens = counted ?? (iterations || null);
  const spanned = firstMs !== null && lastMs !== null && tokens !== null && tokens > 1;
  return {
    kind: 'ok',
    ttftMs: firstMs ?? 0,
    tpotMs: tokens === null || tokens === 0 ? 0 : (lastMs ?? endMs) / tokens,
    itlMs: [spanned ? (lastMs - firstMs) / (tokens - 1) : 0],
    weights: { tpot: tokens ?? 0, itl: (tokens || 1) - 1 },
    outputTokens: tokens ?? 0,
    lacksTokenizer: false,
    span: { fromMs: iterations > 1 ? firstMs : (lastMs ?? endMs), toMs: lastMs ?? endMs },
  };
}

function readStream(reply: Reply): Streamed {
  const streamed: Streamed = {
    firstMs: null,
    lastMs: null,
    iterations: 0,
    text: '',
    toolCalls: false,
    usage: null,
    endMs: reply.endMs,
  };
  for (const { atMs, text } of linesOf(decoded(reply, false), reply.endMs, TEXT_LINE_ENDS)) {
    if (text.trim() === '') continue;
    const data = dataIn(text);
    // Nothing behind `[DONE]` is read, nor how the connection ended.
    if (data === null) return { ...streamed, endMs: atMs };
    if (!takeChunk(dict(data), streamed)) continue;
    streamed.firstMs ??= atMs;
    streamed.lastMs = atMs;
    streamed.iterations += 1;
  }
  if (!reply.whole) throw new Raised('the connection broke');
  return streamed;
}

/** The JSON of a line, `{}` where it has none, `null` where it ends the stream. */
function dataIn(line: string): JsonValue {
  if (line === 'data: [DONE]') return null;
  const trimmed = line.trim();
  if (!trimmed.startsWith('data:')) return {};
  const data = loads(trimmed.slice('data:'.length).trim());
  if (isDict(data) && truthy(data.error)) {
    throw new Raised('an error in the stream');
  }
  return data;
}

/** @returns whether the chunk brought text, reasoning or a piece of a tool call */
function takeChunk({ choices, usage }: JsonObject, streamed: Streamed): boolean {
  if (truthy(usage)) streamed.usage = dict(usage);
  if (!truthy(choices)) return false;
  const { delta = {} } = dict(firstOf(choices));
  const { reasoning, reasoning_content, content, tool_calls } = dict(delta);
  const thought = textOr(truthy(reasoning) ? reasoning : reasoning_content);
  const said = textOr(content);
  streamed.text += said;
  const calls = truthy(tool_calls) ? (tool_calls as JsonValue[]) : [];
  for (const call of calls) item(call, 'index');
  if (calls.length > 0) streamed.toolCalls = true;
  return thought !== '' || said !== '' || calls.length > 0;
}

function tokensIn(usage: JsonObject): number {
  const details = truthy(usage.completion_tokens_details)
    ? dict(usage.completion_tokens_details)
    : {};
  const text = countOr(details.completion_tokens) || countOr(usage.completion_tokens) || 0;
  const others = [details.image_tokens, details.video_tokens, details.audio_tokens];
  return others.reduce<number>((sum, count) => sum + (countOr(count) ?? 0), text);
}
