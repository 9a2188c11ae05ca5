import type { JsonValue } from '../json.ts';

/**
 * The class a request ends in; exactly one each. The first is success, the rest name the fault.
 * @see docs/metrics.md#outcomes
 */
export const OUTCOMES = [
  'ok',
  'dns',
  'connect',
  'connect_timeout',
  'tls',
  'proxy',
  'reset_pre_headers',
  'reset_mid_stream',
  'truncated',
  'protocol',
  'h2_goaway',
  'h2_stream',
  'bad_request',
  'auth',
  'forbidden',
  'not_found',
  'rate_limited',
  'redirect',
  'http_3xx',
  'http_4xx',
  'server_5xx',
  'not_sse',
  'empty',
  'no_tokens',
  'stream_error',
  'malformed_json',
  'ttft_timeout',
  'stalled',
  'total_timeout',
  'limit_exceeded',
  'client_limit',
  'cancelled',
  'dropped',
  'lost',
] as const;
export type OutcomeClass = (typeof OUTCOMES)[number];

export interface Outcome {
  class: OutcomeClass;
  /** For a person: what the server or the system said; `null` on `ok`. */
  message: string | null;
}

export type TokenKind = 'content' | 'reasoning' | 'tool_call';

/** An event that carried text of the model. */
export interface TokenEvent {
  atMs: number;
  kind: TokenKind;
  /** UTF-8 bytes of the text it carried, all kinds together. */
  textBytes: number;
  /** Output tokens delivered up to and including this event, where the server says so. */
  completionTokens: number | null;
}

/** One kind of text in the order it came, tags and all; each tool call is a strand of its own. */
export interface Strand {
  kind: TokenKind;
  /** `event`: index into `tokenEvents`. */
  pieces: { event: number; text: string }[];
}

export interface Usage {
  promptTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  cachedPromptTokens: number | null;
}

/** Remarks on a reply that is not failed by them. */
export type Flag =
  | 'coalesced'
  | 'cached_reply'
  | 'unclean_close'
  | 'lenient_done'
  | 'text_after_finish'
  | 'usage_inconsistent'
  | 'several_choices'
  | 'compressed'
  | 'retried_by_proxy'
  | 'fallback_by_proxy';

/** A tape, decoded: what the model said and when, with nothing judged yet. */
export interface DecodedReply {
  /** First SSE event of any kind, an empty role chunk included. */
  firstEventMs: number | null;
  firstReasoningMs: number | null;
  firstTokenMs: number | null;
  firstAnswerMs: number | null;
  lastTokenMs: number | null;
  /** Ascending by `atMs`. */
  tokenEvents: TokenEvent[];
  /** The text of these events, unsplit: what a tokenizer would count. */
  strands: Strand[];
  answerText: string;
  reasoningText: string;
  toolCalls: { index: number; id: string | null; name: string; arguments: string }[];
  finishReason: string | null;
  usage: Usage | null;
  /** How the stream ended: its marker, only a `finish_reason`, or neither. */
  terminal: 'done' | 'lenient_done' | 'finish_reason' | null;
  /** An error object in the stream. */
  streamError: { message: string; code: JsonValue } | null;
  /** Data of the first event that was not JSON (and not `[DONE]`), cut short. */
  malformed: string | null;
  /** Data of the event that the end of the body cut off, cut short; absent where none was. */
  torn?: string;
  /** Dispatched events, comments not counted. */
  events: number;
  postDoneEvents: number;
  utf8Replacements: number;
  flags: Flag[];
}
