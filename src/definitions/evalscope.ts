import type { JsonObject } from '../json.ts';
import { decoded, eagerBlocksOf, type Framed, TEXT_LINE_ENDS } from './framing.ts';
import { countOr, dict, firstOf, loads, Raised, textOr, truthy } from './python.ts';
import { sortedIndex } from './quantiles.ts';
import { startOnly, wholeSpan } from './span.ts';
import type { Definition, Reply, Success } from './types.ts';

/**
 * `evalscope perf --api openai`: the role chunk is the first token, the latency ends with the usage,
 * a reply of one token has a TPOT of 0, and one without any is a success.
 * @see docs/definitions.md#evalscope
 */
export const evalscope: Definition = {
  name: 'evalscope',
  title: 'EvalScope perf',
  has: { tpot: true, itl: true },
  quantile: sortedIndex,
  tokenizer: 'counts a reply without usage with a tokenizer',
  failedSpan: startOnly,
  read: readReply,
};

function readReply(reply: Reply): Success {
  if (reply.status !== 200) throw new Raised(`status ${reply.status}`);
  if (!(reply.headers['content-type'] ?? '').includes('text/event-stream')) {
    return unstreamed(reply);
  }
  const itlMs: number[] = [];
  let ttftMs = 0;
  let latencyMs = 0;
  let messages = 0;
  let generated = '';
  let usage: JsonObject = {};
  for (const { atMs, text } of messagesOf(reply)) {
    if (text === '[DONE]') continue;
    const chunk = dict(loads(text));
    if (truthy(chunk.choices)) {
      generated += textIn(chunk);
      if (ttftMs === 0) ttftMs = atMs;
      else itlMs.push(atMs - latencyMs);
      messages += 1;
    }
    if (truthy(chunk.usage)) usage = dict(chunk.usage);
    latencyMs = atMs;
  }
  if (!reply.whole) throw new Raised('the connection broke');
  const isCounted = countOr(usage.prompt_tokens) !== null;
  const counted = isCounted ? countOr(usage.completion_tokens) : null;
  // Without usage it asks the tokenizer, but for a reply of nothing.
  const outputTokens = counted ?? (messages === 0 ? 0 : (reply.countTokens?.(generated) ?? null));
  return {
    kind: 'ok',
    ttftMs,
    tpotMs: outputTokens === null ? null : tpotOf(latencyMs - ttftMs, outputTokens),
    itlMs,
    outputTokens,
    lacksTokenizer: outputTokens === null,
    span: { fromMs: 0, toMs: latencyMs },
  };
}

function tpotOf(spanMs: number, outputTokens: number): number {
  return outputTokens > 1 ? spanMs / (outputTokens - 1) : 0;
}

/** Any other 200 is a success too; it has no first token and takes no part in the stream's figures. */
function unstreamed(reply: Reply): Success {
  return {
    kind: 'ok',
    ttftMs: null,
    tpotMs: null,
    itlMs: [],
    outputTokens: null,
    lacksTokenizer: true,
    span: wholeSpan(reply),
  };
}

/**
 * What it would count of a chunk, which is content alone.
 * @throws Raised where that, or the reasoning beside it, is no text
 */
function textIn({ object, choices }: JsonObject): string {
  const choice = dict(firstOf(choices));
  if (object === 'text_completion') return textOr(choice.text);
  const { content, reasoning_content } = dict(choice.delta === undefined ? {} : choice.delta);
  textOr(reasoning_content);
  return textOr(content);
}

function messagesOf(reply: Reply): Framed[] {
  const toLf = (text: string): string => text.replaceAll('\r\n', '\n');
  return eagerBlocksOf(decoded(reply, false), toLf, payloadOf).flatMap(({ atMs, text }) => {
    const payload = payloadOf(text);
    return payload === null ? [] : [{ atMs, text: payload }];
  });
}

/** The data lines of a message as one; `null` where there are none. */
function payloadOf(message: string): string | null {
  const data = message
    .trim()
    .split(TEXT_LINE_ENDS)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).replace(/^ +/, ''));
  const payload = data.join('').trim();
  return payload === '' ? null : payload;
}
