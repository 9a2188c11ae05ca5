import { CHUNKED, framed, head } from '../capture/fault-server.ts';
import { FINISH, HELLO, REPLY, ROLE } from '../capture/sending.ts';
import { data } from '../decode/tapes.ts';
import type { Exchange } from './exchange.ts';
import { type Expected, type Fault, HTTP1, WIRES } from './fault.ts';
import { cut, hanging, type PlayFault, paced, rawCut, stream } from './plays.ts';

const LOST: Expected = {
  outcome: 'reset_pre_headers',
  says: /lost before the response/,
  status: null,
  token: false,
};
const RESET: Expected = {
  outcome: 'reset_mid_stream',
  says: /middle of the response/,
  token: true,
  answer: 'Hello',
};
const TRUNCATED: Expected = { outcome: 'truncated', token: true, answer: 'Hello' };
const UNFINISHED: Expected = { ...TRUNCATED, says: /without \[DONE\] or a finish_reason/ };

const HEAD_CUT = 'HTTP/1.1 200 OK\r\ncontent-';
const LENGTH = { 'content-length': '9999' };

/** A kept connection that dies as the next request comes on it; on a fresh one, a reply. */
const stale =
  (how: 'fin' | 'reset'): PlayFault =>
  (exchange) =>
    exchange.reused && exchange.hit === 1 ? exchange[how]() : stream(REPLY)(exchange);

const endsConnection = true;

/** Rows 5 to 10: connections and bodies that end before the reply does. */
export const ENDING_FAULTS: readonly Fault[] = [
  {
    row: 5,
    name: 'reset-before-headers',
    over: WIRES,
    endsConnection,
    play: (exchange: Exchange) => exchange.reset(),
    expected: LOST,
  },
  {
    row: 5,
    name: 'closed-before-headers',
    over: WIRES,
    endsConnection,
    play: (exchange: Exchange) => exchange.fin(),
    expected: LOST,
  },
  {
    row: 5,
    name: 'reset-in-headers',
    over: HTTP1,
    play: rawCut('reset', HEAD_CUT),
    expected: LOST,
  },
  { row: 5, name: 'closed-in-headers', over: HTTP1, play: rawCut('fin', HEAD_CUT), expected: LOST },
  {
    row: 6,
    name: 'stale-socket-closed',
    over: WIRES,
    endsConnection,
    play: stale('fin'),
    expected: { outcome: 'ok', token: true, answer: 'Hello world' },
  },
  {
    row: 6,
    name: 'stale-socket-reset',
    over: WIRES,
    endsConnection,
    play: stale('reset'),
    expected: { outcome: 'ok', token: true, answer: 'Hello world' },
  },
  {
    row: 7,
    name: 'reset-mid-stream',
    over: WIRES,
    endsConnection,
    play: cut('reset', [ROLE, HELLO]),
    expected: RESET,
  },
  {
    row: 7,
    name: 'reset-after-finish',
    over: WIRES,
    endsConnection,
    play: cut('reset', [HELLO, FINISH]),
    expected: RESET,
  },
  {
    row: 7,
    name: 'reset-of-body-until-close',
    over: HTTP1,
    play: cut('reset', [HELLO, FINISH], { framing: 'until_close' }),
    expected: RESET,
  },
  {
    row: 7,
    name: 'reset-with-last-bytes',
    over: HTTP1,
    // The reader gets both in one poll, where libuv tells of an end of file alone.
    play: async ({ peer }) => {
      await peer?.write(head(CHUNKED) + framed(HELLO).toString());
      peer?.reset();
    },
    expected: RESET,
  },
  {
    row: 8,
    name: 'ends-without-terminal',
    over: WIRES,
    play: stream(ROLE, HELLO),
    expected: UNFINISHED,
  },
  {
    row: 8,
    name: 'closed-without-terminal',
    over: HTTP1,
    play: cut('fin', [HELLO], { framing: 'until_close' }),
    expected: UNFINISHED,
  },
  {
    row: 9,
    name: 'ends-in-event',
    over: WIRES,
    play: stream(HELLO, 'data: {"choices":[{"del'),
    expected: { ...TRUNCATED, says: /inside an event/ },
  },
  {
    row: 9,
    name: 'ends-in-multibyte',
    over: WIRES,
    play: stream(HELLO, Buffer.from('data: {"choices":[{"delta":{"content":"漢').subarray(0, -1)),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'chunked-cut',
    over: WIRES,
    endsConnection,
    play: cut('fin', [HELLO]),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'chunked-cut-after-finish',
    over: WIRES,
    endsConnection,
    play: cut('fin', [HELLO, FINISH]),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'length-cut',
    over: HTTP1,
    play: cut('fin', [HELLO, FINISH], { framing: 'counted', headers: LENGTH }),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'length-cut-on-closing-connection',
    over: HTTP1,
    play: cut('fin', [HELLO, FINISH], {
      framing: 'counted',
      headers: { ...LENGTH, connection: 'close' },
    }),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'tls-cut-without-close-notify',
    over: ['https', 'h2'],
    endsConnection,
    play: cut('cutOff', [HELLO, FINISH]),
    expected: TRUNCATED,
  },
  {
    row: 10,
    name: 'tls-cut-of-body-until-close',
    over: ['https'],
    play: cut('cutOff', [HELLO], { framing: 'until_close' }),
    expected: UNFINISHED,
  },
];

/** Rows 17 to 20: what would last for ever. */
export const ENDLESS_FAULTS: readonly Fault[] = [
  {
    row: 17,
    name: 'no-headers',
    over: WIRES,
    play: () => {},
    expected: {
      outcome: 'ttft_timeout',
      says: /no first token in time: after \d/,
      status: null,
      token: false,
      limit: 'firstTokenMs',
    },
  },
  {
    row: 17,
    name: 'no-event',
    over: WIRES,
    play: hanging([]),
    expected: { outcome: 'ttft_timeout', token: false, limit: 'firstTokenMs' },
  },
  {
    row: 17,
    name: 'role-chunks-only',
    over: WIRES,
    play: hanging([ROLE], { ticks: true }),
    expected: { outcome: 'ttft_timeout', token: false, limit: 'firstTokenMs' },
  },
  {
    row: 36,
    name: 'comments-only',
    over: WIRES,
    play: hanging([': keep-alive\n\n'], { ticks: true }),
    expected: { outcome: 'ttft_timeout', token: false, limit: 'firstTokenMs' },
  },
  {
    row: 18,
    name: 'stall',
    over: WIRES,
    play: hanging([ROLE, HELLO]),
    expected: {
      outcome: 'stalled',
      says: /the stream stalled: after \d/,
      token: true,
      answer: 'Hello',
      limit: 'stallMs',
    },
  },
  {
    row: 18,
    name: 'stall-with-comments',
    over: WIRES,
    play: hanging([HELLO, ': OPENROUTER PROCESSING\n\n'], { ticks: true }),
    expected: { outcome: 'stalled', token: true, limit: 'stallMs' },
  },
  {
    row: 18,
    name: 'stall-after-finish',
    over: WIRES,
    play: hanging([HELLO, FINISH]),
    expected: { outcome: 'stalled', token: true, limit: 'stallMs' },
  },
  {
    row: 19,
    name: 'endless-in-time',
    over: WIRES,
    play: hanging([HELLO], { ticks: true }),
    expected: {
      outcome: 'total_timeout',
      says: /took too long: after \d/,
      token: true,
      limit: 'totalMs',
    },
  },
  {
    row: 19,
    name: 'endless-events',
    over: WIRES,
    play: flood(HELLO, 100),
    expected: { outcome: 'limit_exceeded', says: /more than 2000 events/, token: true },
  },
  {
    row: 19,
    name: 'endless-bytes',
    over: WIRES,
    play: flood(data({ padding: 'x'.repeat(8000) }), 4),
    expected: { outcome: 'limit_exceeded', says: /more than 1048576 bytes/, token: true },
  },
  {
    row: 20,
    name: 'endless-line',
    over: WIRES,
    play: flood('x'.repeat(8000), 1, `${HELLO}data: `),
    expected: {
      outcome: 'limit_exceeded',
      says: /an event of more than 131072 bytes/,
      token: true,
    },
  },
  {
    row: 20,
    name: 'endless-headers',
    over: WIRES,
    play: (exchange: Exchange) =>
      exchange.head({ headers: { 'x-long': 'x'.repeat(15_000), 'x-more': 'x'.repeat(15_000) } }),
    expected: { outcome: 'limit_exceeded', says: /limit/, status: null, token: false },
  },
  {
    row: 36,
    name: 'comments-before-token',
    over: WIRES,
    play: paced(40, ': keep-alive\n\n', ': keep-alive\n\n', REPLY),
    expected: { outcome: 'ok', token: true, answer: 'Hello world', tokenAfterMs: 100 },
  },
];

/** Again and again, as long as the client takes it. */
function flood(text: string, times: number, first = HELLO): PlayFault {
  return async (exchange) => {
    await exchange.head();
    await exchange.send(first);
    while (exchange.open) {
      await exchange.send(text.repeat(times));
      await exchange.wait(0);
    }
  };
}
