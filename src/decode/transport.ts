import type { Tape, TapeEnd, TransportStage } from '../capture/tape.ts';
import { ownOf } from '../own.ts';
import type { OutcomeClass } from './types.ts';

/** Codes that say by themselves what went wrong, at whatever stage. */
const CLASS_OF_CODE: Record<string, OutcomeClass> = {
  // Our own side ran out.
  EMFILE: 'client_limit',
  ENFILE: 'client_limit',
  EADDRNOTAVAIL: 'client_limit',
  ENOBUFS: 'client_limit',
  ENOMEM: 'client_limit',
  headers_overflow: 'limit_exceeded',

  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  EHOSTDOWN: 'connect',
  ENETUNREACH: 'connect',
  ENETDOWN: 'connect',

  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',

  h2_goaway: 'h2_goaway',
  ERR_HTTP2_GOAWAY_SESSION: 'h2_goaway',
  // Node ends a session by this where a GOAWAY came with an error code.
  ERR_HTTP2_SESSION_ERROR: 'h2_goaway',
  h2_stream: 'h2_stream',
  ERR_HTTP2_STREAM_ERROR: 'h2_stream',
  ERR_HTTP2_STREAM_CANCEL: 'h2_stream',
  ERR_HTTP2_INVALID_STREAM: 'h2_stream',
  h2_protocol: 'protocol',
  h2_unspoken: 'protocol',
  http_syntax: 'protocol',
  content_decoding: 'protocol',
};

/** Families of codes; asked after the codes themselves. */
const CLASS_OF_PREFIX: readonly (readonly [string, OutcomeClass])[] = [
  ['EAI_', 'dns'],
  ['ERR_TLS_', 'tls'],
  ['ERR_SSL_', 'tls'],
  ['ERR_OSSL_', 'tls'],
  ['CERT_', 'tls'],
  ['UNABLE_TO_', 'tls'],
  ['ERR_HTTP2_', 'protocol'],
  ['NGHTTP2_', 'protocol'],
];

/** Codes of a connection that was lost; the stage says what that means. */
const LOST_CODES = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'truncated']);

/** The class of a tape that the transport ended. */
export function classifyTransport(tape: Tape): OutcomeClass {
  const { end } = tape;
  const stage = stageOf(tape);
  const code = end.code ?? '';
  const own = ownOf(CLASS_OF_CODE, code);
  if (own === 'client_limit') return own;
  if (stage === 'proxy') return 'proxy';
  if (stage === 'tls') return 'tls';
  if (LOST_CODES.has(code)) return classifyLoss(stage, code);
  if (own !== undefined) return own;
  const family = CLASS_OF_PREFIX.find(([prefix]) => code.startsWith(prefix));
  return family?.[1] ?? classifyLoss(stage, code);
}

function classifyLoss(stage: TransportStage, code: string): OutcomeClass {
  if (stage === 'connect') return code === 'ETIMEDOUT' ? 'connect_timeout' : 'connect';
  // Cut by an orderly end, where a reset would have said so.
  if (stage === 'body') return code === 'truncated' ? 'truncated' : 'reset_mid_stream';
  // A socket that the server had closed while idle was dialled again: this one was fresh.
  return 'reset_pre_headers';
}

function stageOf(tape: Tape): TransportStage {
  if (tape.end.stage !== null) return tape.end.stage;
  return tape.status === null ? 'headers' : 'body';
}

const WHAT_HAPPENED: Partial<Record<OutcomeClass, string>> = {
  dns: 'the host name could not be resolved',
  connect: 'no connection',
  connect_timeout: 'no connection in time',
  tls: 'no trusted TLS connection',
  proxy: 'the proxy failed',
  reset_pre_headers: 'the connection was lost before the response',
  reset_mid_stream: 'the connection was lost in the middle of the response',
  truncated: 'the response was cut off',
  protocol: 'the response is not proper HTTP',
  h2_goaway: 'the server ended the HTTP/2 connection',
  h2_stream: 'the HTTP/2 stream was reset',
  client_limit: 'this machine ran out of sockets or files',
  cancelled: 'cancelled',
  ttft_timeout: 'no first token in time',
  stalled: 'the stream stalled',
  total_timeout: 'the request took too long',
  limit_exceeded: 'the response passed a limit',
};

/** What happened, in words, with what the system said of it and how long it took to fail. */
export function describeEnd(outcome: OutcomeClass, end: TapeEnd): string {
  const words = WHAT_HAPPENED[outcome] ?? outcome;
  const timed = end.how === 'abort' && end.message === null;
  const detail = timed ? `after ${(end.atMs / 1000).toFixed(1)} s` : detailOf(outcome, end);
  return detail === '' ? words : `${words}: ${detail}`;
}

/** The message of a system error mostly holds its code already. */
function detailOf(outcome: OutcomeClass, { message, code }: TapeEnd): string {
  const text = message ?? '';
  if (code === null || code === outcome || code === 'unknown' || text.includes(code)) return text;
  return text === '' ? code : `${text} (${code})`;
}
