import { frames } from '../capture/http2-frames.ts';
import { FINISH, HELLO, REPLY } from '../capture/sending.ts';
import type { Exchange } from './exchange.ts';
import { type Expected, type Fault, HTTP2 } from './fault.ts';
import { stream } from './plays.ts';

const NONE = { status: null, token: false } as const;
const BEGUN = { token: true, answer: 'Hello' } as const;

/** Frames written by hand, on a connection of one request. */
const byHand = (name: string, pieces: readonly Buffer[], expected: Expected): Fault => ({
  row: 40,
  name,
  over: HTTP2,
  at: 'frames',
  endsConnection: true,
  play: async ({ peer, wait }: Exchange) => {
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await wait(40);
      await peer?.write(piece);
    }
  },
  expected,
});

const begun = Buffer.concat([frames.headers(), frames.data(HELLO)]);

/** Row 40: what only HTTP/2 can do. */
export const HTTP2_FAULTS: readonly Fault[] = [
  {
    row: 40,
    name: 'stream-reset-before-headers',
    over: HTTP2,
    play: ({ stream }: Exchange) => stream?.close(0x7),
    expected: { outcome: 'h2_stream', says: /code 7/, ...NONE },
  },
  {
    row: 40,
    name: 'stream-reset',
    over: HTTP2,
    play: async (exchange: Exchange) => {
      await exchange.head();
      await exchange.send(HELLO + FINISH);
      await exchange.wait(40);
      exchange.stream?.destroy(new Error('reset'));
    },
    expected: { outcome: 'h2_stream', says: /code 2/, ...BEGUN },
  },
  {
    row: 40,
    name: 'stream-reset-after-done',
    over: HTTP2,
    play: async (exchange: Exchange) => {
      await exchange.head();
      await exchange.send(REPLY);
      await exchange.wait(40);
      exchange.stream?.destroy(new Error('reset'));
    },
    expected: { outcome: 'ok', token: true, flags: ['unclean_close'], answer: 'Hello world' },
  },
  {
    row: 40,
    name: 'goaway',
    over: HTTP2,
    endsConnection: true,
    play: async (exchange: Exchange) => {
      await exchange.head();
      await exchange.send(HELLO);
      await exchange.wait(40);
      exchange.stream?.session?.goaway(0xb);
      await exchange.wait(40);
      exchange.reset();
    },
    expected: { outcome: 'h2_goaway', says: /GOAWAY with code 11/, ...BEGUN },
  },
  {
    row: 40,
    name: 'graceful-goaway',
    over: HTTP2,
    endsConnection: true,
    play: async (exchange: Exchange) => {
      await exchange.head();
      exchange.stream?.session?.goaway(0);
      await exchange.wait(20);
      await exchange.send(REPLY);
      await exchange.end();
    },
    expected: { outcome: 'ok', token: true, answer: 'Hello world' },
  },
  {
    row: 6,
    name: 'stale-session-goaway',
    over: HTTP2,
    endsConnection: true,
    // An idle timeout of the server that met the request on its way: RFC 9113, 6.8.
    play: async (exchange: Exchange) => {
      const { stream: own } = exchange;
      if (!exchange.reused || exchange.hit > 1) return stream(REPLY)(exchange);
      own?.session?.goaway(0, (own.id ?? 0) - 2);
      await exchange.wait(40);
      exchange.fin();
    },
    expected: { outcome: 'ok', token: true, answer: 'Hello world' },
  },
  byHand('goaway-disowns-stream', [frames.goaway(0, 0)], {
    outcome: 'h2_goaway',
    says: /GOAWAY/,
    ...NONE,
  }),
  byHand('stray-data', [begun, frames.strayData('x')], {
    outcome: 'protocol',
    ...BEGUN,
  }),
  byHand('short-frame', [begun, frames.shortReset()], { outcome: 'protocol', ...BEGUN }),
  byHand('huge-frame', [begun, frames.hugeFrame()], { outcome: 'protocol', ...BEGUN }),
  byHand('broken-headers', [frames.brokenHeaders()], { outcome: 'protocol', ...NONE }),
  byHand('data-before-headers', [frames.data(HELLO)], { outcome: 'protocol', ...NONE }),
];
