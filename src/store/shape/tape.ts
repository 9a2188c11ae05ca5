import type { TapeLine } from '../tape-line.ts';
import {
  AMOUNT,
  COUNT,
  FLAG,
  type Kind,
  listOf,
  NUMBER,
  oneOf,
  optional,
  orNull,
  type Shape,
  shaped,
  TEXT,
  valuesOf,
} from './kind.ts';

const NUMBER_OR_NULL = orNull(NUMBER);
const END = shaped<TapeLine['end']>({
  at_ms: AMOUNT,
  how: oneOf(['complete', 'done', 'error', 'abort']),
  code: orNull(TEXT),
  stage: orNull(oneOf(['connect', 'tls', 'proxy', 'headers', 'body'])),
  message: orNull(TEXT),
});

function pairOf(first: Kind, second: Kind): Kind {
  return {
    form: 'a pair of numbers',
    fits: (value) =>
      Array.isArray(value) && value.length === 2 && first.fits(value[0]) && second.fits(value[1]),
  };
}

/** A line of `tapes.ndjson.gz`. */
export const TAPE_SHAPE: Shape<TapeLine> = {
  request_id: TEXT,
  simulated: FLAG,
  origin_ns: TEXT,
  scheduled_ms: NUMBER,
  started_ms: NUMBER,
  turn_delay_ms: NUMBER_OR_NULL,
  dns_ms: NUMBER_OR_NULL,
  tcp_ms: NUMBER_OR_NULL,
  connected_ms: NUMBER_OR_NULL,
  headers_ms: NUMBER_OR_NULL,
  end: END,
  status: orNull(COUNT),
  headers: valuesOf(TEXT),
  protocol: orNull(oneOf(['http/1.1', 'h2'])),
  stale_socket_redials: COUNT,
  client_late: optional(listOf(pairOf(NUMBER, AMOUNT))),
  arrivals: listOf(pairOf(NUMBER, COUNT)),
  body_encoding: oneOf(['utf8', 'base64']),
  body: TEXT,
  cut: optional(shaped<NonNullable<TapeLine['cut']>>({ bytes: COUNT, reads: COUNT })),
};
