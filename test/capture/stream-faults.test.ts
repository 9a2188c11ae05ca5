import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Flag, OutcomeClass } from '../../src/decode/types.ts';
import { chunk, DONE, data } from '../decode/tapes.ts';
import {
  CHUNKED,
  CLOSE,
  framed,
  head,
  LAST_CHUNK,
  type Peer,
  type Play,
  whole,
} from './fault-server.ts';
import { FINISH, HELLO, play, REPLY, ROLE, type SenderParts } from './sending.ts';

interface Fault {
  row: string;
  serve: Play;
  expected: OutcomeClass;
  /** What the user's message holds. */
  says?: RegExp;
  /** Whether a first token's instant was kept. */
  ttft: boolean;
  status?: number | null;
  flags?: Flag[];
  with?: SenderParts;
}

/** A chunked stream of these pieces, ended properly. */
const stream =
  (...pieces: (string | Uint8Array)[]): Play =>
  async (peer) => {
    await peer.write(head(CHUNKED));
    for (const piece of pieces) await peer.write(framed(piece));
    await peer.write(LAST_CHUNK);
  };

/** The same up to its last piece, then an end of the connection. */
const cut =
  (how: (peer: Peer) => unknown, ...pieces: string[]): Play =>
  async (peer) => {
    await peer.write(head({ ...CHUNKED, ...CLOSE }));
    for (const piece of pieces) await peer.write(framed(piece));
    // The client must have read what was written: a reset discards what it has not.
    await peer.wait(30);
    await how(peer);
  };

const fin = (peer: Peer): void => peer.fin();
const reset = (peer: Peer): void => peer.reset();
const last = async (peer: Peer): Promise<void> => peer.write(LAST_CHUNK);
const answer =
  (response: string): Play =>
  (peer) =>
    peer.write(response);
const refusal = (status: string, message: string): Play =>
  answer(whole(JSON.stringify({ error: { message } }), status, 'application/json'));

const FAULTS: Fault[] = [
  {
    row: '5 reset before headers',
    serve: reset,
    expected: 'reset_pre_headers',
    says: /lost before the response/,
    ttft: false,
    status: null,
  },
  {
    row: '5 closed before headers',
    serve: fin,
    expected: 'reset_pre_headers',
    ttft: false,
    status: null,
  },
  {
    row: '5 reset inside the headers',
    serve: async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\ncontent-');
      await peer.wait(30);
      peer.reset();
    },
    expected: 'reset_pre_headers',
    ttft: false,
    status: null,
  },
  {
    row: '5 closed inside the headers',
    serve: async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\ncontent-');
      peer.fin();
    },
    expected: 'reset_pre_headers',
    ttft: false,
    status: null,
  },
  {
    row: '7 reset mid-stream',
    serve: cut(reset, ROLE, HELLO),
    expected: 'reset_mid_stream',
    says: /middle of the response.*ECONNRESET/,
    ttft: true,
    status: 200,
  },
  {
    row: '7 reset after finish_reason',
    serve: cut(reset, HELLO, FINISH),
    expected: 'reset_mid_stream',
    ttft: true,
  },
  {
    row: '7 reset of a body that lasts until the connection closes',
    serve: async (peer) => {
      await peer.write(head(CLOSE) + HELLO + FINISH);
      await peer.wait(30);
      peer.reset();
    },
    expected: 'reset_mid_stream',
    ttft: true,
  },
  {
    row: '8 clean end without [DONE] or finish_reason',
    serve: stream(ROLE, HELLO),
    expected: 'truncated',
    says: /without \[DONE\] or a finish_reason/,
    ttft: true,
  },
  {
    row: '8 body until close, closed in good order',
    serve: async (peer) => {
      await peer.write(head(CLOSE) + HELLO);
      peer.fin();
    },
    expected: 'truncated',
    ttft: true,
  },
  {
    row: '9 cut inside an event',
    serve: stream(HELLO, 'data: {"choices":[{"del'),
    expected: 'truncated',
    says: /inside an event/,
    ttft: true,
  },
  { row: '10 chunked body cut', serve: cut(fin, HELLO), expected: 'truncated', ttft: true },
  {
    row: '10 chunked body cut after finish_reason',
    serve: cut(fin, HELLO, FINISH),
    expected: 'truncated',
    ttft: true,
  },
  {
    row: '10 chunked body cut on a kept connection',
    serve: async (peer) => {
      await peer.write(head(CHUNKED));
      await peer.write(framed(HELLO + FINISH));
      peer.fin();
    },
    expected: 'truncated',
    ttft: true,
  },
  {
    row: '10 content-length not reached',
    serve: async (peer) => {
      await peer.write(head({ 'content-length': '9999' }) + HELLO + FINISH);
      peer.fin();
    },
    expected: 'truncated',
    ttft: true,
  },
  {
    row: '10 content-length not reached, connection: close',
    serve: async (peer) => {
      await peer.write(head({ 'content-length': '9999', ...CLOSE }) + HELLO + FINISH);
      peer.fin();
    },
    expected: 'truncated',
    ttft: true,
  },
  {
    row: '11 unauthorized',
    serve: refusal('401 Unauthorized', 'no such key'),
    expected: 'auth',
    says: /no such key/,
    ttft: false,
    status: 401,
  },
  {
    row: '11 forbidden',
    serve: refusal('403 Forbidden', 'not yours'),
    expected: 'forbidden',
    says: /not yours/,
    ttft: false,
    status: 403,
  },
  {
    row: '12 not found',
    serve: refusal('404 Not Found', 'no such model'),
    expected: 'not_found',
    ttft: false,
    status: 404,
  },
  {
    row: '13 rate limited',
    serve: refusal('429 Too Many Requests', 'slow down'),
    expected: 'rate_limited',
    says: /slow down/,
    ttft: false,
    status: 429,
  },
  {
    row: '14 server error',
    serve: refusal('500 Internal Server Error', 'out of memory'),
    expected: 'server_5xx',
    says: /out of memory/,
    ttft: false,
    status: 500,
  },
  {
    row: '14 timeout of the server, which SDKs retry',
    serve: refusal('408 Request Timeout', 'too late'),
    expected: 'http_4xx',
    ttft: false,
  },
  {
    row: '14 bad request',
    serve: refusal('400 Bad Request', 'max_tokens is too large'),
    expected: 'bad_request',
    says: /max_tokens is too large/,
    ttft: false,
  },
  {
    row: '14 a status that no Response may bear',
    serve: refusal('700 Nonsense', 'what is this'),
    expected: 'protocol',
    ttft: false,
    status: 700,
  },
  {
    row: '15 an HTML page',
    serve: answer(whole('<html>Welcome</html>', '200 OK', 'text/html')),
    expected: 'not_sse',
    says: /Welcome/,
    ttft: false,
  },
  {
    row: '15 a JSON error under 200',
    serve: answer(whole('{"error":{"message":"quota"}}', '200 OK', 'application/json')),
    expected: 'not_sse',
    says: /quota/,
    ttft: false,
  },
  { row: '16 empty body', serve: answer(whole('')), expected: 'empty', ttft: false },
  { row: '16 empty chunked body', serve: stream(), expected: 'empty', ttft: false },
  {
    row: '19 events without end',
    serve: stream(HELLO.repeat(60)),
    expected: 'limit_exceeded',
    says: /more than 50 events/,
    ttft: true,
    with: { limits: { events: 50 } },
  },
  {
    row: '19 bytes without end',
    serve: async (peer) => {
      await peer.write(head(CHUNKED));
      while (peer.socket.writable) await peer.write(framed(HELLO.repeat(100)));
    },
    expected: 'limit_exceeded',
    says: /more than 100000 bytes/,
    ttft: true,
    with: { limits: { bodyBytes: 100_000 } },
  },
  {
    row: '20 a huge line',
    serve: stream(HELLO, `data: ${'x'.repeat(50_000)}`),
    expected: 'limit_exceeded',
    says: /an event of more than 40000 bytes/,
    ttft: true,
    with: { limits: { eventBytes: 40_000 } },
  },
  {
    row: '20 headers without end',
    serve: answer(head({ 'x-long': 'x'.repeat(100_000) })),
    expected: 'limit_exceeded',
    ttft: false,
    status: null,
  },
  {
    row: '21 an error instead of tokens',
    serve: stream(data({ error: { message: 'overloaded' } })),
    expected: 'stream_error',
    says: /overloaded/,
    ttft: false,
  },
  {
    row: '21 an error after tokens, then [DONE]',
    serve: stream(HELLO, data({ error: { message: 'overloaded' } }), DONE),
    expected: 'stream_error',
    ttft: true,
  },
  {
    row: '21 an error after tokens, then a reset',
    serve: cut(reset, HELLO, data({ error: { message: 'overloaded' } })),
    expected: 'stream_error',
    ttft: true,
  },
  {
    row: '22 malformed JSON',
    serve: stream(HELLO, 'data: {"choices": oops}\n\n', DONE),
    expected: 'malformed_json',
    says: /oops/,
    ttft: true,
  },
  {
    row: '23 invalid UTF-8',
    serve: stream(
      Buffer.from(chunk({ content: 'a\u00ffb' }), 'latin1'),
      Buffer.from(FINISH + DONE),
    ),
    expected: 'ok',
    ttft: true,
  },
  {
    row: '25 U+2028, U+0085 and U+000B in JSON',
    serve: stream(data('{"choices":[{"index":0,"delta":{"content":"a\u2028b\u0085c"}}]}'), DONE),
    expected: 'ok',
    ttft: true,
  },
  {
    row: '26 CRLF framing',
    serve: stream(REPLY.replaceAll('\n', '\r\n')),
    expected: 'ok',
    ttft: true,
  },
  {
    row: '26 CR framing',
    serve: stream(REPLY.replaceAll('\n', '\r')),
    expected: 'ok',
    ttft: true,
  },
  { row: '27 [DONE] twice', serve: stream(REPLY + DONE), expected: 'ok', ttft: true },
  {
    row: '27 reset after [DONE]',
    serve: cut(reset, REPLY),
    expected: 'ok',
    ttft: true,
    flags: ['unclean_close'],
  },
  {
    row: '28 a false [DONE]',
    serve: stream(HELLO, 'data: [DONE] x\n\n'),
    expected: 'malformed_json',
    says: /\[DONE\] x/,
    ttft: true,
  },
  {
    row: '29 [DONE] without its blank line',
    serve: stream(HELLO, 'data: [DONE]\n'),
    expected: 'ok',
    ttft: true,
    flags: ['lenient_done'],
  },
  {
    row: '29 [DONE] without any line end, the socket left open',
    serve: async (peer) => {
      await peer.write(head(CHUNKED));
      await peer.write(framed(`${HELLO}data: [DONE]`));
    },
    expected: 'ok',
    ttft: true,
    flags: ['lenient_done'],
  },
  {
    row: '31 empty, null and absent choices',
    serve: stream(data({ choices: [] }), data({ choices: null }), data({}), REPLY),
    expected: 'ok',
    ttft: true,
  },
  { row: '32 role only', serve: stream(ROLE, DONE), expected: 'no_tokens', ttft: false },
  {
    row: '37 ping events with and without data',
    serve: stream('event: ping\n\n', 'event: ping\ndata: not json\n\n', REPLY),
    expected: 'ok',
    ttft: true,
  },
  { row: '38 a BOM', serve: stream(`\ufeff${REPLY}`), expected: 'ok', ttft: true },
  {
    row: 'finish_reason alone, a clean end',
    serve: cut(last, HELLO, FINISH),
    expected: 'ok',
    ttft: true,
  },
  {
    row: 'not HTTP at all',
    serve: answer('SSH-2.0-OpenSSH_9.6\r\n'),
    expected: 'protocol',
    ttft: false,
    status: null,
  },
  {
    row: 'broken chunking',
    serve: async (peer) => {
      await peer.write(head(CHUNKED));
      await peer.write(framed(HELLO));
      await peer.write('zz\r\n');
    },
    expected: 'protocol',
    ttft: true,
  },
];

describe('faults over a real socket', () => {
  test.each(FAULTS)('$row: $expected', async (fault) => {
    const { tape, reply, outcome, server } = await play(fault.serve, fault.with);
    expect(outcome.class, outcome.message ?? '').toBe(fault.expected);
    if (fault.says !== undefined) expect(outcome.message).toMatch(fault.says);
    if (fault.expected === 'ok') expect(outcome.message).toBeNull();
    else expect(outcome.message?.length).toBeGreaterThan(5);
    expect(reply.firstTokenMs !== null).toBe(fault.ttft);
    if (fault.status !== undefined) expect(tape.status).toBe(fault.status);
    expect(reply.flags.filter((flag) => flag !== 'coalesced')).toEqual(fault.flags ?? []);
    expect(tape.staleSocketRedials).toBe(0);
    // Whatever happened, it was asked once.
    expect(server.hits).toBe(1);
  });

  test('compressed streams are read, and flagged', async () => {
    for (const [coding, compress] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ] as const) {
      const body = compress(REPLY);
      const { outcome, reply, tape } = await play(async (peer) => {
        const length = String(body.length);
        await peer.write(head({ 'content-encoding': coding, 'content-length': length }));
        await peer.write(body);
      });
      expect(outcome.class, coding).toBe('ok');
      expect(reply.answerText).toBe('Hello world');
      expect(Buffer.from(tape.body)).toEqual(body);
    }
  });

  test.each([301, 302, 307, 308])(
    'a redirect (%i) is not followed, and gets no key',
    async (status) => {
      const { outcome, server } = await play((peer, _request, hit) => {
        const location = `http://127.0.0.1:${peer.socket.localPort}/elsewhere?secret=1`;
        return peer.write(
          hit === 1 ? head({ location, 'content-length': '0' }, `${status} Moved`) : whole(REPLY),
        );
      });
      expect(outcome.class).toBe('redirect');
      expect(outcome.message).toContain('/elsewhere');
      expect(outcome.message).not.toContain('secret');
      expect(server.hits).toBe(1);
    },
  );

  test('events after [DONE] in the same read are counted', async () => {
    const { outcome, reply } = await play(stream(REPLY + HELLO + HELLO));
    expect(outcome.class).toBe('ok');
    expect(reply.postDoneEvents).toBe(2);
    expect(reply.answerText).toBe('Hello world');
  });

  test('replacements of invalid UTF-8 are counted', async () => {
    const body = Buffer.from(chunk({ content: 'a\u00ffb' }), 'latin1');
    const { reply } = await play(stream(body, DONE));
    expect(reply.utf8Replacements).toBe(1);
    expect(reply.answerText).toBe('a\ufffdb');
  });
});

test('a reset that arrives together with the last bytes is a reset', async () => {
  // The reader would get both in one poll, where libuv tells of an end of file alone.
  const { outcome } = await play(async (peer) => {
    await peer.write(`${head(CHUNKED)}${framed(HELLO)}`);
    peer.reset();
  });
  expect(outcome.class).toBe('reset_mid_stream');
});
