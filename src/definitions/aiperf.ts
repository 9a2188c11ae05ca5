import type { JsonObject, JsonValue } from '../json.ts';
import { blocksOf, decoded, type Framed, TEXT_LINE_ENDS } from './framing.ts';
import { countOr, dict, isDict, jsonIn, Raised, textOr, truthy } from './python.ts';
import { linear } from './quantiles.ts';
import { noSpan } from './span.ts';
import type { Definition, Reply, Success } from './types.ts';

/**
 * AIPerf's chat endpoint: it counts with the model's tokenizer, unless it is told to believe the
 * server (`--use-server-token-count`), and calls ITL what others call TPOT.
 * @see docs/definitions.md#aiperf
 */
export const aiperf: Definition = {
  name: 'aiperf',
  title: 'AIPerf',
  has: { tpot: false, itl: true },
  quantile: linear,
  tokenizer: 'counts every reply with a tokenizer; aiperf+usage believes the server',
  failedSpan: noSpan,
  read: (reply) => readReply(reply, false),
};

export const aiperfByUsage: Definition = {
  ...aiperf,
  name: 'aiperf+usage',
  title: 'AIPerf, by usage',
  read: (reply) => readReply(reply, true),
};

function readReply(reply: Reply, byUsage: boolean): Success {
  const { status, headers } = reply;
  if (status === null || status < 200 || status > 299) throw new Raised(`status ${status}`);
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'text/event-stream') throw new Raised('not a stream of chunks');
  const instants: number[] = [];
  let said = '';
  let thought = '';
  let usage: JsonObject | null = null;
  for (const { atMs, text } of messagesOf(reply)) {
    const chunk = chunkIn(text);
    if (chunk === null) continue;
    if (truthy(chunk.usage)) usage = dict(chunk.usage);
    const saying = textIn(chunk);
    if (saying === null) continue;
    instants.push(atMs);
    said += saying.said;
    thought += saying.thought;
  }
  if (!reply.whole) throw new Raised('the connection broke');
  const [firstMs] = instants;
  const lastMs = instants.at(-1);
  if (firstMs === undefined || lastMs === undefined) throw new Raised('no content');
  const { countTokens } = reply;
  const counted = countTokens === null ? null : countTokens(said) + countTokens(thought);
  const tokens = byUsage ? usage && tokensIn(usage) : counted;
  return {
    kind: 'ok',
    ttftMs: firstMs,
    tpotMs: null,
    itlMs: tokens !== null && tokens >= 2 ? [(lastMs - firstMs) / (tokens - 1)] : [],
    outputTokens: tokens,
    lacksTokenizer: !byUsage && counted === null,
    span: { fromMs: 0, toMs: lastMs },
  };
}

function messagesOf(reply: Reply): Framed[] {
  const { blocks, rest } = blocksOf(decoded(reply, false), ['\n\n', '\r\n\r\n']);
  if (rest.trim() !== '') blocks.push({ atMs: reply.endMs, text: rest });
  return blocks;
}

/**
 * The JSON of a message; `null` where it holds none that can be read.
 * @throws Raised where it is an error
 */
function chunkIn(message: string): JsonObject | null {
  const { isError, data } = fieldsOf(message);
  const json = jsonIn(data);
  const chunk = isDict(json) ? json : null;
  if (isError || truthy(chunk?.error)) throw new Raised('an error in the stream');
  return chunk;
}

/** A line that goes on with torn JSON is joined to it: models do say U+2028. */
function fieldsOf(message: string): { isError: boolean; data: string } {
  const data: string[] = [];
  let isError = false;
  let lastIsData = false;
  for (const raw of message.split(TEXT_LINE_ENDS)) {
    const line = raw.trim();
    if (line === '') continue;
    const last = data.at(-1);
    if (lastIsData && last?.startsWith('{') && !last.endsWith('}') && !line.startsWith('data:')) {
      data[data.length - 1] = `${last}\\n${line}`;
      continue;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon).trim();
    const value = colon === -1 ? '' : line.slice(colon + 1).trim();
    lastIsData = name === 'data';
    if (lastIsData) data.push(value);
    if (name.toLowerCase() === 'event' && value.toLowerCase() === 'error') isError = true;
  }
  return { isError, data: data.filter((value) => value !== '').join('\n') };
}

/** What a chunk says, and what it thinks; `null` where it is none with text. */
function textIn({ object, choices }: JsonObject): { said: string; thought: string } | null {
  if (object !== 'chat.completion.chunk' || !Array.isArray(choices) || choices.length === 0) {
    return null;
  }
  const { delta } = dict(choices[0]);
  if (!truthy(delta)) return null;
  const { content, reasoning_content, reasoning, tool_calls } = dict(delta);
  const thought = textOr(truthy(reasoning_content) ? reasoning_content : reasoning);
  // Beside reasoning it sees no tool call.
  const called = thought === '' ? callsIn(tool_calls) : '';
  const said = textOr(content) + called;
  return said === '' && thought === '' ? null : { said, thought };
}

/** Names and arguments, one after the other. */
function callsIn(calls: JsonValue | undefined): string {
  if (!Array.isArray(calls)) return '';
  return calls
    .map((call) => {
      const { function: called = {} } = dict(call);
      return textOr(dict(called).name) + textOr(dict(called).arguments);
    })
    .join('');
}

/** What was said and what was thought, each of them not below 0. */
function tokensIn(usage: JsonObject): number | null {
  const completion = countOr(usage.completion_tokens);
  const details = usage.completion_tokens_details;
  const reasoning = truthy(details) ? countOr(dict(details).reasoning_tokens) : null;
  if (completion === null) return reasoning;
  return Math.max(completion - (reasoning ?? 0), 0) + (reasoning ?? 0);
}
