import { decoded, linesOf } from './framing.ts';
import {
  countOr,
  dict,
  firstOf,
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
 * SGLang's `bench_serving --backend sglang-oai-chat`: its latency lasts to the last line, `[DONE]`
 * and usage included, and without usage it believes that it got as many tokens as it asked for.
 * @see docs/definitions.md#sglang
 */
export const sglang: Definition = {
  name: 'sglang',
  title: 'SGLang bench_serving',
  has: { tpot: true, itl: true },
  quantile: linear,
  tokenizer: null,
  failedSpan: wholeSpan,
  read: readReply,
};

function readReply(reply: Reply): Success {
  if (reply.status !== 200) throw new Raised(`status ${reply.status}`);
  const itlMs: number[] = [];
  let firstMs: number | null = null;
  let tokenMs = 0;
  let latencyMs: number | null = null;
  let outputTokens = reply.requestedTokens;
  for (const { atMs, text } of linesOf(decoded(reply, true), reply.endMs, /\n/)) {
    const line = stripped(text);
    if (line === '') continue;
    latencyMs = atMs;
    const payload = withoutPrefix(line, 'data: ');
    if (payload === '[DONE]') continue;
    const { usage, choices } = dict(loads(payload));
    if (truthy(usage) && 'completion_tokens' in dict(usage)) {
      outputTokens = countOr(dict(usage).completion_tokens);
    }
    if (!truthy(choices)) continue;
    const delta = dict(firstOf(choices)).delta;
    const { reasoning_content, reasoning, content } = truthy(delta) ? dict(delta) : {};
    const thought = textOr(truthy(reasoning_content) ? reasoning_content : reasoning);
    if (thought + textOr(content) === '') continue;
    if (firstMs === null) firstMs = atMs;
    else itlMs.push(atMs - tokenMs);
    tokenMs = atMs;
  }
  if (!reply.whole) throw new Raised('the connection broke');
  if (latencyMs === null) throw new Raised('UnboundLocalError');
  // A reply without text is a success, its first token at 0.
  const ttftMs = firstMs ?? 0;
  const several = outputTokens !== null && outputTokens > 1;
  return {
    kind: 'ok',
    ttftMs,
    tpotMs: several ? (latencyMs - ttftMs) / ((outputTokens as number) - 1) : null,
    itlMs,
    outputTokens,
    lacksTokenizer: false,
    span: wholeSpan(reply),
  };
}
