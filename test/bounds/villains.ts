import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import type { OutcomeClass } from '../../src/decode/types.ts';
import { CHUNKED, framed, head, type Peer } from '../capture/fault-server.ts';
import { frames } from '../capture/http2-frames.ts';
import { chunk } from '../decode/tapes.ts';

/** A way of a server to take more than its due. */
export interface Villain {
  name: string;
  /** What the request may end in. */
  ends: readonly OutcomeClass[];
  /** Time limits, where the default ones would take minutes. */
  timeouts?: readonly string[];
  /** Takes seconds to send or to decode: seen alone, and in the long form. */
  large?: true;
  play(peer: Peer): unknown;
}

const MIB = 1024 * 1024;
const LIMIT: readonly OutcomeClass[] = ['limit_exceeded'];
const SHORT = ['--first-token-timeout', '2s', '--stall-timeout', '2s', '--timeout', '3s'];
const TIMEOUT: readonly OutcomeClass[] = ['ttft_timeout', 'stalled', 'total_timeout'];

/** Writes the same bytes until nobody takes them any more. */
export async function pour(peer: Peer, bytes: Uint8Array): Promise<void> {
  while (peer.socket.writable) await peer.write(bytes);
}

/** As many copies of a text as come to about 64 KiB, in one chunk of a chunked body. */
function wide(text: string): Buffer {
  return framed(text.repeat(Math.max(1, Math.ceil((64 * 1024) / text.length))));
}

const endless =
  (bytes: Uint8Array, headers: Record<string, string> = {}, status = '200 OK') =>
  async (peer: Peer): Promise<void> => {
    await peer.write(head({ ...CHUNKED, ...headers }, status));
    await pour(peer, bytes);
  };

/** Printable, one line, and as good as random to a compressor. */
function noise(bytes: number): string {
  let state = 1;
  const raw = Buffer.alloc(Math.ceil((bytes * 3) / 4));
  for (let i = 0; i < raw.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    raw[i] = state >>> 24;
  }
  return raw.toString('base64').slice(0, bytes);
}

const TOKEN = chunk({ content: 'word ' });
const THOUGHT = chunk({ reasoning_content: 'hmm ' });

/** A gzip file of nothing but zeros, 1,000 times as large unpacked. */
let packedZeros: Promise<Buffer> | undefined;
function zerosPacked(): Promise<Buffer> {
  packedZeros ??= new Promise((resolve) => {
    const gzip = createGzip({ level: 9 });
    const parts: Buffer[] = [];
    gzip
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts)));
    const zeros = Buffer.alloc(16 * MIB);
    let left = 64;
    const feed = (): void => {
      if (left-- === 0) gzip.end();
      else gzip.write(zeros, feed);
    };
    feed();
  });
  return packedZeros;
}

const bomb =
  (coding: string, pack: () => Buffer | Promise<Buffer>) =>
  async (peer: Peer): Promise<void> => {
    const bytes = await pack();
    const headers = { 'content-encoding': coding, 'content-length': String(bytes.length) };
    await peer.write(head(headers));
    await peer.write(bytes);
  };

const spaces = (): Buffer => Buffer.alloc(256 * MIB, ' ');

export const VILLAINS: readonly Villain[] = [
  { name: 'endless tokens', large: true, ends: LIMIT, play: endless(wide(TOKEN)) },
  { name: 'endless reasoning', large: true, ends: LIMIT, play: endless(wide(THOUGHT)) },
  { name: 'endless comments', ends: LIMIT, play: endless(wide(`: ${'x'.repeat(60_000)}\n\n`)) },
  {
    name: 'endless wide tokens, incompressible',
    large: true,
    ends: LIMIT,
    play: endless(wide(chunk({ content: noise(60_000) }))),
  },
  { name: 'endless blank lines', large: true, ends: LIMIT, play: endless(wide('\n')) },
  {
    name: 'one byte at a time',
    ends: [...LIMIT, ...TIMEOUT],
    timeouts: SHORT,
    play: async (peer) => {
      await peer.write(head(CHUNKED) + framed(TOKEN).toString());
      while (peer.socket.writable) for (const byte of TOKEN) await peer.write(framed(byte));
    },
  },
  { name: 'a line without end', ends: LIMIT, play: endless(framed('x'.repeat(64 * 1024))) },
  {
    name: 'a data line of 1 GiB',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write(head({ 'content-length': String(1024 * MIB) }));
      await peer.write('data: {"choices":[{"delta":{"content":"');
      await pour(peer, Buffer.alloc(64 * 1024, 'x'));
    },
  },
  { name: 'a million tiny events', ends: LIMIT, play: endless(wide('data:\n\n')) },
  {
    name: 'a comment after a token, for ever',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write(head(CHUNKED) + framed(TOKEN).toString());
      await pour(peer, wide(`: ${noise(1000)}\n\n`));
    },
  },
  {
    name: '10,000 headers',
    ends: LIMIT,
    play: (peer) => {
      const fields = Array.from({ length: 10_000 }, (_, i) => `x${i % 10}: \r\n`).join('');
      return peer.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${fields}\r\n`);
    },
  },
  {
    name: 'one huge header',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\nx-huge: ');
      await pour(peer, Buffer.alloc(64 * 1024, 'x'));
    },
  },
  {
    name: 'headers without end',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\n');
      await pour(peer, Buffer.from('x-more: of it\r\n'.repeat(1000)));
    },
  },
  {
    name: '1xx for ever',
    ends: LIMIT,
    play: (peer) =>
      pour(peer, Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(100))),
  },
  {
    name: 'trailers without end',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write(`${head(CHUNKED)}${framed(TOKEN)}0\r\n`);
      await pour(peer, Buffer.from('x-more: of it\r\n'.repeat(1000)));
    },
  },
  {
    name: 'a chunk extension without end',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write(`${head(CHUNKED)}${framed(TOKEN)}5;`);
      await pour(peer, Buffer.alloc(64 * 1024, 'x'));
    },
  },
  {
    name: 'small chunks of large extensions',
    ends: LIMIT,
    play: async (peer) => {
      await peer.write(`${head(CHUNKED)}${framed(TOKEN)}`);
      await pour(peer, Buffer.from(`1;${'x'.repeat(60_000)}\r\n\n\r\n`));
    },
  },
  {
    name: 'a gzip bomb, 1 MiB to 1 GiB',
    large: true,
    ends: LIMIT,
    play: bomb('gzip', zerosPacked),
  },
  {
    name: 'a gzip bomb in one read',
    large: true,
    ends: LIMIT,
    play: bomb('gzip', () => gzipSync(Buffer.alloc(56 * MIB, 'data: {}\n\n'), { level: 9 })),
  },
  {
    name: 'a brotli bomb',
    large: true,
    ends: LIMIT,
    play: bomb('br', () =>
      brotliCompressSync(spaces(), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    ),
  },
  {
    name: 'a deflate bomb',
    large: true,
    ends: LIMIT,
    play: bomb('deflate', () => deflateSync(spaces())),
  },
  {
    name: 'gzip in gzip',
    ends: LIMIT,
    play: bomb('gzip, gzip', async () => gzipSync(await zerosPacked())),
  },
  {
    name: 'a hundred codings',
    ends: ['protocol'],
    play: bomb(Array(100).fill('gzip').join(', '), () => {
      let bytes = Buffer.from('data: [DONE]\n\n');
      for (let i = 0; i < 100; i++) bytes = gzipSync(bytes);
      return bytes;
    }),
  },
  { name: 'a reply that never starts', ends: TIMEOUT, timeouts: SHORT, play: () => {} },
  {
    name: 'headers in drips',
    ends: TIMEOUT,
    timeouts: SHORT,
    play: async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\n');
      while (peer.socket.writable) {
        await peer.write('x');
        await peer.wait(20);
      }
    },
  },
  {
    name: '500 without end',
    ends: LIMIT,
    play: endless(wide('{"error":"no"}'), { 'content-type': 'application/json' }, '500 Oops'),
  },
  {
    name: '401 without end',
    ends: LIMIT,
    play: endless(wide('no '), { 'content-type': 'text/plain' }, '401 Unauthorized'),
  },
  {
    name: 'HTML without end',
    ends: LIMIT,
    play: endless(wide('<p>hello</p>'), { 'content-type': 'text/html' }),
  },
  {
    name: 'an error page in drips',
    ends: TIMEOUT,
    timeouts: SHORT,
    play: async (peer) => {
      await peer.write(head({ ...CHUNKED, 'content-type': 'text/html' }, '502 Bad Gateway'));
      while (peer.socket.writable) {
        await peer.write(framed('<br>'));
        await peer.wait(5);
      }
    },
  },
];

/** Floods of HTTP/2, written frame by frame. */
export const HTTP2_VILLAINS: readonly Villain[] = [
  { name: 'h2: pings', frames: frames.ping(), head: frames.headers() },
  { name: 'h2: settings', frames: frames.settings(), head: frames.headers() },
  { name: 'h2: empty DATA frames', frames: frames.data(''), head: frames.headers() },
  { name: 'h2: continuations', frames: frames.continuation(1000), head: frames.headersBegun() },
  {
    name: 'h2: DATA past its window',
    frames: frames.data(TOKEN.repeat(100)),
    head: frames.headers(),
  },
].map(({ name, frames: flood, head: begun }) => ({
  name,
  // A peer that breaks the protocol so badly that Node ends the connection is `protocol`.
  ends: [
    ...LIMIT,
    ...TIMEOUT,
    'protocol',
    'reset_mid_stream',
    'reset_pre_headers',
    'h2_stream',
    'h2_goaway',
  ],
  timeouts: SHORT,
  play: async (peer) => {
    await peer.write(begun);
    await pour(peer, Buffer.concat(Array<Buffer>(200).fill(flood)));
  },
}));
