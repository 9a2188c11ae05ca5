import type { JsonObject } from '../json.ts';
import { BYTE_LINE_ENDS, decoded, linesOf } from './framing.ts';
import { dict, firstOf, item, loads, Raised, stripped, truthy } from './python.ts';
import { linear } from './quantiles.ts';
import { wholeSpan } from './span.ts';
import type { Definition, Reading, Reply } from './types.ts';

/**
 * LLMPerf's OpenAI client: its inter-token latency is the time from the start to the last content over
 * the number of chunks of any kind; tokens are those of one Llama tokenizer, whatever the model.
 * @see docs/definitions.md#llmperf
 */
export const llmperf: Definition = {
  name: 'llmperf',
  title: 'LLMPerf',
  has: { tpot: false, itl: true },
  quantile: linear,
  tokenizer: 'counts every reply with a Llama tokenizer',
  failedSpan: wholeSpan,
  read: readReply,
};

function readReply(reply: Reply): Reading {
  if (reply.status !== 200) throw new Raised(`status ${reply.status}`);
  let firstMs: number | null = null;
  let lastMs = 0;
  let chunks = 0;
  for (const { atMs, text } of linesOf(decoded(reply, true), reply.endMs, BYTE_LINE_ENDS)) {
    const line = stripped(text);
    if (line === '') continue;
    // Six characters go, whatever they are.
    const payload = line.slice('data: '.length);
    if (payload === '[DONE]') continue;
    const chunk = dict(loads(payload));
    if (isUsageOnly(chunk)) continue;
    chunks += 1;
    if ('error' in chunk) throw new Raised('an error in the stream');
    if (!truthy(dict(item(firstOf(item(chunk, 'choices')), 'delta')).content)) continue;
    firstMs ??= atMs;
    lastMs = atMs;
  }
  if (!reply.whole) throw new Raised('the connection broke');
  const span = wholeSpan(reply);
  // A division by the number of chunks, which nothing catches.
  if (chunks === 0) return { kind: 'lost', span };
  return {
    kind: 'ok',
    ttftMs: firstMs ?? 0,
    tpotMs: null,
    itlMs: [lastMs / chunks],
    outputTokens: null,
    lacksTokenizer: true,
    span,
  };
}

/** LLMPerf never asks for usage, so it never gets the chunk that brings nothing else. */
function isUsageOnly({ choices, usage }: JsonObject): boolean {
  return truthy(usage) && Array.isArray(choices) && choices.length === 0;
}
