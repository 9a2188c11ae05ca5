import { decoded, eagerBlocksOf } from './framing.ts';
import {
  countOr,
  dict,
  firstOf,
  item,
  loads,
  Raised,
  stripped,
  textOr,
  truthy,
  withoutPrefix,
} from './python.ts';
import { linear } from './quantiles.ts';
import { wholeSpan } from './span.ts';
import type { Definition, Reply, Success } from './types.ts';

/**
 * `vllm bench serve --backend openai-chat`: every chunk with a choice is a token, the role chunk and
 * the one with the finish_reason too.
 * @see docs/definitions.md#vllm
 */
export const vllm: Definition = {
  name: 'vllm',
  title: 'vLLM bench serve',
  has: { tpot: true, itl: true },
  quantile: linear,
  tokenizer: 'counts a reply without usage with a tokenizer',
  failedSpan: wholeSpan,
  read: readReply,
};

function readReply(reply: Reply): Success {
  if (reply.status !== 200) throw new Raised(`status ${reply.status}`);
  const itlMs: number[] = [];
  let ttftMs: number | null = null;
  let latencyMs = 0;
  let usageTokens = 0;
  let generated = '';
  for (const { atMs, text } of messagesOf(reply)) {
    if (text.startsWith(':')) continue;
    const payload = withoutPrefix(text, 'data: ');
    if (payload === '[DONE]') continue;
    const { choices, usage } = dict(loads(payload));
    if (truthy(choices)) {
      generated += textOr(dict(item(firstOf(choices), 'delta')).content);
      if (ttftMs === null) ttftMs = atMs;
      else itlMs.push(atMs - latencyMs);
      latencyMs = atMs;
    } else if (truthy(usage)) {
      usageTokens = countOr(dict(usage).completion_tokens) ?? 0;
    }
  }
  if (!reply.whole) throw new Raised('the connection broke');
  if (ttftMs === null) throw new Raised('no valid chunk');
  // Without a count it asks the tokenizer.
  const outputTokens = usageTokens || (reply.countTokens?.(generated) ?? null);
  const several = outputTokens !== null && outputTokens > 1;
  return {
    kind: 'ok',
    ttftMs,
    tpotMs: several ? (latencyMs - ttftMs) / (outputTokens - 1) : null,
    itlMs,
    outputTokens,
    lacksTokenizer: outputTokens === null,
    span: wholeSpan(reply),
  };
}

function messagesOf(reply: Reply) {
  const dataOf = (buffer: string): string | null =>
    buffer.startsWith('data: ') ? buffer.slice('data: '.length).trim() : null;
  return eagerBlocksOf(decoded(reply, true), stripped, dataOf).map(({ atMs, text }) => ({
    atMs,
    text: text.trim(),
  }));
}
