import type { JsonObject, JsonValue } from '../json.ts';
import { blocksOf, decoded, type Framed } from './framing.ts';
import {
  countOr,
  dict,
  jsonIn,
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
 * inference-perf: only content is a token, counted with a tokenizer for every time per token, unless
 * it is told to believe the server (`use_server_output_tokens`). Its ITL always needs the tokenizer.
 * @see docs/definitions.md#inference-perf
 */
export const inferencePerf: Definition = {
  name: 'inference-perf',
  title: 'inference-perf',
  has: { tpot: true, itl: true },
  quantile: linear,
  tokenizer:
    'counts every reply with a tokenizer for its times per token; inference-perf+usage believes the server, but for ITL',
  failedSpan: wholeSpan,
  read: (reply) => readReply(reply, false),
};

export const inferencePerfByUsage: Definition = {
  ...inferencePerf,
  name: 'inference-perf+usage',
  title: 'inference-perf, by usage',
  tokenizer: 'counts every chunk with a tokenizer for its ITL',
  read: (reply) => readReply(reply, true),
};

function readReply(reply: Reply, byUsage: boolean): Success {
  if (reply.status !== 200) throw new Raised(`status ${reply.status}`);
  const { chunks, usage } = readStream(reply);
  if (!reply.whole) throw new Raised('the connection broke');
  const instants = tokenInstants(chunks, reply.countTokens);
  const [firstMs = 0] = instants;
  // Times are per token: of a single one there is none.
  const streamed = instants.length > 1;
  const spanMs = (instants.at(-1) ?? 0) - firstMs;
  const ofServer = truthy(usage) ? (countOr(usage.completion_tokens) ?? 0) : null;
  const ofTokenizer = tokensOf(chunks, reply.countTokens);
  const ratedTokens = byUsage && ofServer ? ofServer : ofTokenizer;
  const several = streamed && ratedTokens !== null && ratedTokens > 1;
  return {
    kind: 'ok',
    ttftMs: streamed ? firstMs : null,
    tpotMs: several ? spanMs / (ratedTokens - 1) : null,
    itlMs: reply.countTokens === null ? [] : gapsOf(instants),
    outputTokens: ofServer ?? ofTokenizer,
    ratedTokens,
    lacksTokenizer: ofTokenizer === null,
    span: wholeSpan(reply),
  };
}

/**
 * Every token of a chunk at its instant. Without a tokenizer every chunk is one: whether a single
 * chunk holds several, nobody can tell.
 */
function tokenInstants(chunks: readonly Framed[], countTokens: Reply['countTokens']): number[] {
  if (countTokens === null) return chunks.map(({ atMs }) => atMs);
  return chunks.flatMap(({ atMs, text }) => Array<number>(countTokens(text)).fill(atMs));
}

/** Of the whole text; a reply without content has no token, by any tokenizer. */
function tokensOf(chunks: readonly Framed[], countTokens: Reply['countTokens']): number | null {
  if (chunks.length === 0) return 0;
  return countTokens?.(chunks.map(({ text }) => text).join('')) ?? null;
}

function gapsOf(instants: readonly number[]): number[] {
  return instants.slice(1).map((atMs, i) => atMs - (instants[i] as number));
}

/** The chunks with content. Usage may come in parts, which are put together. */
function readStream(reply: Reply): { chunks: Framed[]; usage: JsonObject } {
  const chunks: Framed[] = [];
  const usage: JsonObject = {};
  for (const { atMs, text } of blocksOf(decoded(reply, true), ['\n\n']).blocks) {
    for (const line of text.split('\n')) {
      if (!line.startsWith('data:')) continue;
      const payload = stripped(withoutPrefix(line, 'data: '));
      const data = jsonIn(payload);
      // `[DONE]` is no JSON either; what is none is passed over.
      if (data === undefined) continue;
      const chunk = dict(data);
      if (truthy(chunk.usage)) Object.assign(usage, dict(chunk.usage));
      const content = textOr(contentOf(chunk));
      if (content !== '') chunks.push({ atMs, text: content });
    }
  }
  return { chunks, usage };
}

function contentOf({ choices = [{}] }: JsonObject): JsonValue | undefined {
  if (!Array.isArray(choices)) throw new Raised('TypeError');
  // No choice is an IndexError, which it expects.
  if (choices[0] === undefined) return undefined;
  const { delta = {} } = dict(choices[0]);
  return dict(delta).content;
}
