import type { Chunk, ChunkedReply } from './chunking.ts';
import type { DialectWriter, TokenCounts } from './dialects.ts';

/** Bytes that go out together once the engine has made so many tokens. */
export interface Part {
  kind: 'role' | 'text' | 'finish' | 'usage' | 'done' | 'other';
  /** 0: at once, before prefill. */
  afterTokens: number;
  /** Tokens of the model that these bytes carry. */
  tokens: number;
  bytes: Buffer;
  /** Waits so long before these bytes and all that follow them. */
  pauseMs: number;
  /** What a `text` part says, so that a fault can write it anew. */
  chunk?: Chunk;
}

/**
 * What becomes of the connection after the last part: the body ends as HTTP wants it; ends with a
 * bare FIN, the body unfinished; is reset; or stays open until the client leaves.
 */
type Ending = 'end' | 'cut' | 'reset' | 'hold';

/** One reply from the first byte to the last: what a fault can bend, before anything is sent. */
export interface ReplyPlan {
  /** `null`: the connection ends before there are any headers. */
  status: number | null;
  headers: Record<string, string>;
  /** Waits so long before the headers. */
  headersDelayMs: number;
  parts: Part[];
  ending: Ending;
  /** Sent again and again after the last part, until the client leaves. */
  forever: { bytes: Buffer; everyMs: number } | null;
  writes: 'as_made' | 'bytewise' | 'buffered';
  encoding: 'gzip' | 'br' | null;
  /** What the server does to a kept-alive socket after the reply. */
  socketAfter: { action: 'keep' | 'close' | 'close_on_reuse'; afterMs: number };
}

/** A plan with nothing in it: 200, no parts, a clean end. */
export function emptyPlan(status: number | null, headers: Record<string, string>): ReplyPlan {
  return {
    status,
    headers,
    headersDelayMs: 0,
    parts: [],
    ending: 'end',
    forever: null,
    writes: 'as_made',
    encoding: null,
    socketAfter: { action: 'keep', afterMs: 0 },
  };
}

export function part(kind: Part['kind'], afterTokens: number, text: string | Buffer): Part {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return { kind, afterTokens, tokens: 0, bytes, pauseMs: 0 };
}

/** A whole body of known length; it waits for `afterTokens` tokens of the engine. */
export function bodyPlan(
  status: number,
  contentType: string,
  body: string,
  afterTokens = 0,
): ReplyPlan {
  const bytes = Buffer.from(body);
  const headers = { 'content-type': contentType, 'content-length': String(bytes.length) };
  const plan = emptyPlan(status, headers);
  plan.parts.push({ ...part('other', afterTokens, bytes), tokens: afterTokens });
  return plan;
}

export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** What of a request a stream goes by. */
export interface StreamOptions {
  earlyRole: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  tokensPerFlush: number;
  counts: TokenCounts;
}

/** A reply as a stream without fault: role, text, finish, usage, `[DONE]`. */
export function streamPlan(
  reply: ChunkedReply,
  dialect: DialectWriter,
  options: StreamOptions,
): ReplyPlan {
  const plan = emptyPlan(200, { ...SSE_HEADERS });
  const { parts } = plan;
  const total = reply.completionTokens;
  /** Tokens that the engine has made by the time it sends this many. */
  const flushedAt = (tokens: number): number =>
    Math.min(total, Math.ceil(tokens / options.tokensPerFlush) * options.tokensPerFlush);
  const add = (kind: Part['kind'], afterTokens: number, text: string): void => {
    if (text !== '') parts.push(part(kind, flushedAt(afterTokens), text));
  };
  add('role', options.earlyRole ? 0 : 1, dialect.role());
  let tokensMade = 0;
  let reasoningTokens = 0;
  let called = false;
  for (const chunk of reply.chunks) {
    tokensMade += chunk.tokens;
    if (chunk.kind === 'tool_call' && !called) {
      add('other', tokensMade, dialect.toolCall(reply.toolName ?? ''));
      called = true;
    }
    if (chunk.kind === 'reasoning') reasoningTokens += chunk.tokens;
    const counts = { ...options.counts, completionTokens: tokensMade, reasoningTokens };
    const text = dialect.text(chunk.kind, chunk.text, options.continuousUsage ? counts : null);
    // A chunk that the dialect leaves unsaid keeps its tokens: they were made all the same.
    parts.push({ ...part('text', flushedAt(tokensMade), text), tokens: chunk.tokens, chunk });
  }
  add('finish', tokensMade, dialect.finish(reply.finishReason));
  if (options.includeUsage) add('usage', tokensMade, dialect.usage(options.counts));
  add('done', tokensMade, dialect.done());
  return plan;
}
