import type { RequestLimits } from '../../src/config/types.ts';
import type { Flag, OutcomeClass } from '../../src/decode/types.ts';
import type { Exchange } from './exchange.ts';

/** What carries a request: HTTP/1.1 or HTTP/2, in clear text or over TLS. */
export type Wire = 'http' | 'https' | 'h2c' | 'h2';

export const WIRES: readonly Wire[] = ['http', 'https', 'h2c', 'h2'];
export const HTTP1: readonly Wire[] = ['http', 'https'];
export const HTTP2: readonly Wire[] = ['h2c', 'h2'];
export const SECURE: readonly Wire[] = ['https', 'h2'];

/** An address that fails before a request could say what it wants. */
export type Place =
  | 'nowhere'
  | 'refused'
  | 'unanswered'
  | 'untrusted'
  | 'wrong_name'
  | 'expired'
  | 'hangs'
  | 'hangs_up'
  | 'closes'
  | 'not_tls'
  | 'other_protocol'
  | 'http1_only'
  | 'frames'
  | 'proxy_refuses'
  | 'proxy_closes'
  | 'proxy_hangs';

/** What a record must hold of a request that met the fault. */
export interface Expected {
  outcome: OutcomeClass;
  /** Part of the message that the user gets. */
  says?: RegExp;
  /** 200 where not given; `null` where no response came. */
  status?: number | null;
  /** Whether the first token's instant was kept. */
  token: boolean;
  /** Exactly these, but for what the client says of itself. */
  flags?: readonly Flag[];
  answer?: string;
  /** Its tokens are no answer. */
  answers?: false;
  /** `undefined` where nothing is asked of it. */
  outputTokens?: number | null;
  chunkTokens?: 'usage' | 'unknown';
  postDoneEvents?: number;
  utf8Replacements?: number;
  /** No token was sent before so long, so none may be dated earlier. */
  tokenAfterMs?: number;
  /** The limit that ended it: what its latencies are at least. */
  limit?: 'connectMs' | 'firstTokenMs' | 'stallMs' | 'totalMs';
  /** Nothing more is sent to the model. */
  refuses?: true;
}

/** One way of failing, as a server commits it. */
export interface Fault {
  /** Row of the fault table; `null` for a class beside it, and for a reply that is as it should be. */
  row: number | null;
  /** Unique; words joined by `-`. */
  name: string;
  over: readonly Wire[];
  /** Where a request that names it must go; the address that plays all others where not given. */
  at?: Place;
  /** Ends the connection, which over HTTP/2 others may be using. */
  endsConnection?: true;
  play?: (exchange: Exchange) => unknown;
  expected: Expected;
}

/** Sizes that the faults pass, far below the usual limits; the same for all, as a run has one set. */
export const FAULT_SIZES: Pick<
  RequestLimits,
  'bodyBytes' | 'inFlightBytes' | 'eventBytes' | 'events' | 'headerBytes'
> = {
  bodyBytes: 1024 * 1024,
  inFlightBytes: 512 * 1024 * 1024,
  eventBytes: 128 * 1024,
  events: 2000,
  headerBytes: 16 * 1024,
};

/** In the place of a name: the server decides. */
export const ANY_FAULT = 'any';

/** The text that asks a server for a fault; `tag` tells one request from another. */
export function promptOf({ name }: Pick<Fault, 'name'>, tag: string): string {
  return `Answer as you must. [fault:${name}:${tag}]`;
}

/** The fault that a request's body asks for, by the last of its prompts. */
export function readPrompt(body: string): { name: string; tag: string } | undefined {
  const [, name, tag] = [...body.matchAll(/\[fault:([\w-]+):([\w.-]*)\]/g)].at(-1) ?? [];
  return name === undefined || tag === undefined ? undefined : { name, tag };
}
