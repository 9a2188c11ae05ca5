import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseResponseHead, type ResponseHead } from '../../src/capture/response-head.ts';
import { ResponseParser } from '../../src/capture/response-parser.ts';

interface Parsed {
  heads: ResponseHead[];
  body: string;
  ended: boolean;
  /** Bytes that did not belong to the response. */
  left: number;
  endsWithConnection: boolean;
  error: string | null;
}

const HEADER_BYTES = 512;

function parse(pieces: Uint8Array[]): Parsed {
  const heads: ResponseHead[] = [];
  let body = Buffer.alloc(0);
  let ended = false;
  let left = 0;
  let error: string | null = null;
  const parser = new ResponseParser(HEADER_BYTES, {
    onHead: (head) => heads.push(head),
    onBody: (bytes) => {
      expect(bytes.length).toBeGreaterThan(0);
      body = Buffer.concat([body, bytes]);
    },
    onEnd: () => {
      expect(ended).toBe(false);
      ended = true;
    },
  });
  // As the socket does it: one buffer, overwritten by every read.
  const buffer = Buffer.alloc(4096, 'x');
  for (const piece of pieces) {
    buffer.set(piece);
    try {
      left += piece.length - parser.push(buffer, piece.length);
    } catch (thrown) {
      error = (thrown as { code: string }).code;
      break;
    }
    buffer.fill('x');
  }
  const { endsWithConnection } = parser;
  return { heads, body: body.toString('latin1'), ended, left, endsWithConnection, error };
}

const whole = (text: string): Parsed => parse([Buffer.from(text, 'latin1')]);
const bytewise = (text: string): Parsed =>
  parse([...Buffer.from(text, 'latin1')].map((byte) => Buffer.from([byte])));

const OK = 'HTTP/1.1 200 OK\r\n';
const NO_BODY = 'HTTP/1.1 204 No Content\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

describe('bodies', () => {
  test.each<[string, string, Partial<Parsed>]>([
    ['chunked', `${CHUNKED}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`, { body: 'hello!', ended: true }],
    ['size in capitals, with zeros', `${CHUNKED}00A\r\n0123456789\r\n0\r\n\r\n`, { ended: true }],
    ['chunk extensions', `${CHUNKED}2;a="b"\r\nhi\r\n0 ;c\r\n\r\n`, { body: 'hi', ended: true }],
    ['trailers', `${CHUNKED}2\r\nhi\r\n0\r\nx-sum: 1\r\ny: 2\r\n\r\n`, { body: 'hi', ended: true }],
    ['no last chunk', `${CHUNKED}2\r\nhi\r\n`, { body: 'hi', ended: false }],
    [
      'lines ended by LF',
      'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n',
      { body: 'hi', ended: true },
    ],
    [
      'a body like a chunk',
      `${CHUNKED}8\r\n0\r\n\r\nab\n\r\n0\r\n\r\n`,
      { body: '0\r\n\r\nab\n', ended: true },
    ],
    ['counted', `${OK}Content-Length: 2\r\n\r\nhi`, { body: 'hi', ended: true }],
    ['counted, cut', `${OK}content-length: 5\r\n\r\nhi`, { body: 'hi', ended: false }],
    [
      'counted twice alike',
      `${OK}content-length: 2\r\ncontent-length: 2\r\n\r\nhi`,
      { ended: true },
    ],
    ['of no bytes', `${OK}content-length: 0\r\n\r\n`, { body: '', ended: true }],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { ended: true }],
    ['304 with a length', 'HTTP/1.1 304 x\r\ncontent-length: 9\r\n\r\n', { ended: true }],
    ['until close', `${OK}\r\nhi`, { body: 'hi', ended: false, endsWithConnection: true }],
    [
      'until close, encoded otherwise',
      `${OK}transfer-encoding: gzip\r\n\r\nhi`,
      { endsWithConnection: true },
    ],
    [
      'chunked behind another coding',
      `${OK}transfer-encoding: gzip, Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
      { ended: true },
    ],
    [
      'both framings: chunks win',
      `${OK}content-length: 99\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      { ended: true },
    ],
    [
      'an interim response before',
      `HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${CHUNKED}0\r\n\r\n`,
      { ended: true },
    ],
    [
      'what follows is not its',
      `${OK}content-length: 2\r\n\r\nhi!!!`,
      { body: 'hi', ended: true, left: 3 },
    ],
  ])('%s', (_what, text, expected) => {
    for (const parsed of [whole(text), bytewise(text)]) {
      expect(parsed).toMatchObject({
        error: null,
        endsWithConnection: false,
        left: 0,
        ...expected,
      });
      expect(parsed.heads).toHaveLength(1);
    }
  });
});

describe('heads', () => {
  test('names in lower case, values trimmed, repeated ones joined', () => {
    const { heads } = whole(
      'HTTP/1.0 429 Too many\r\nSet-Cookie: a\r\nset-cookie:b\r\nX-Empty:\r\nX-Tab:\t c:d \t\r\n\r\n',
    );
    expect(heads[0]).toMatchObject({
      status: 429,
      headers: { 'set-cookie': 'a, b', 'x-empty': '', 'x-tab': 'c:d' },
    });
  });

  test('names that objects have by themselves', () => {
    const { headers } = whole(`${OK}constructor: a\r\n__proto__: b\r\n\r\n`).heads[0] ?? {};
    expect(Object.entries(headers ?? {})).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]);
  });

  test('line ends of other worlds are text like any other', () => {
    const text = `HTTP/1.1 200 \u2028\r\nx: a\u2028b\u0085\u00a0\r\n\r\n`;
    expect(parse([Buffer.from(text)]).heads[0]?.headers.x).toBe('a\u2028b\u0085\u00a0');
  });

  test('an empty element ends no list of codings', () => {
    const text = `${OK}transfer-encoding: chunked\r\ntransfer-encoding:\r\n\r\n0\r\n\r\n`;
    expect(whole(text)).toMatchObject({ body: '', ended: true });
  });

  test('blanks by the thousand cost no more than other bytes', () => {
    const line = `a: x${' '.repeat(60_000)}x`;
    const startedMs = performance.now();
    parseResponseHead(`HTTP/1.1 200 OK\r\n${line}\r\nconnection: ${line}`);
    // Quadratic, it took three seconds.
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  test('a status line without a reason', () => {
    expect(whole('HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n').heads[0]?.status).toBe(200);
    expect(whole('HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n').heads[0]?.status).toBe(200);
  });

  test.each<[string, string, number]>([
    ['HTTP/1.1 says nothing', `${OK}content-length: 0`, 600_000],
    ['close', `${OK}content-length: 0\r\nConnection: Close`, 0],
    ['close among others', `${OK}content-length: 0\r\nconnection: x, close`, 0],
    ['HTTP/1.0 says nothing', 'HTTP/1.0 200 OK\r\ncontent-length: 0', 0],
    ['HTTP/1.0 keeps', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive', 600_000],
    ['a hint', `${OK}content-length: 0\r\nKeep-Alive: timeout=5, max=100`, 4000],
    ['a hint too short to use', `${OK}content-length: 0\r\nkeep-alive: timeout=1`, 0],
    ['a body until close', OK.trim(), 0],
    ['both framings', `${OK}content-length: 0\r\ntransfer-encoding: chunked`, 0],
  ])('kept open: %s', (_what, head, keepAliveMs) => {
    expect(whole(`${head}\r\n\r\n`).heads[0]?.keepAliveMs).toBe(keepAliveMs);
  });
});

describe('what is not HTTP', () => {
  test.each<[string, string, string]>([
    ['another protocol', 'SSH-2.0-x\r\n', 'http_syntax'],
    ['another protocol, at its first byte', '{', 'http_syntax'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n', 'http_syntax'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n', 'http_syntax'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 x\r\n\r\n', 'http_syntax'],
    ['a header without a name', `${OK}: x\r\n\r\n`, 'http_syntax'],
    ['a space before the colon', `${OK}a : x\r\n\r\n`, 'http_syntax'],
    ['a folded header', `${OK}a: x\r\n y\r\n\r\n`, 'http_syntax'],
    ['a control character', `${OK}a: x\u0000y\r\n\r\n`, 'http_syntax'],
    ['a lone CR in a header', `${OK}a: x\ry\r\n\r\n`, 'http_syntax'],
    ['lengths that differ', `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n`, 'http_syntax'],
    ['a length that is none', `${OK}content-length: -1\r\n\r\n`, 'http_syntax'],
    ['a chunk without size', `${CHUNKED}\r\n`, 'http_syntax'],
    ['a size that is no number', `${CHUNKED}zz\r\n`, 'http_syntax'],
    ['a size past all sense', `${CHUNKED}${'f'.repeat(14)}\r\n`, 'http_syntax'],
    ['a chunk longer than it says', `${CHUNKED}2\r\nhi!`, 'http_syntax'],
    ['a chunk short of a byte', `${CHUNKED}3\r\nhi\r\n0\r\n\r\n`, 'http_syntax'],
    ['a lone CR within a size', `${CHUNKED}1\r0\r\nx\r\n0\r\n\r\n`, 'http_syntax'],
    ['two CRs at an end', `${OK}content-length: 0\r\n\r\r\n`, 'http_syntax'],
    ['a trailer that is no header', `${CHUNKED}0\r\nhello\r\n\r\n`, 'http_syntax'],
    ['a length that is none, of no body', `${NO_BODY}content-length: x\r\n\r\n`, 'http_syntax'],
    ['a length behind an odd blank', `${OK}content-length: \u00a01\r\n\r\n`, 'http_syntax'],
    ['a head without end', `${OK}a: ${'x'.repeat(HEADER_BYTES)}`, 'headers_overflow'],
    [
      'trailers without end',
      `${CHUNKED}0\r\n${'x: y\r\n'.repeat(HEADER_BYTES)}`,
      'headers_overflow',
    ],
    ['an extension without end', `${CHUNKED}1;${'x'.repeat(HEADER_BYTES)}\r\n`, 'headers_overflow'],
  ])('%s', (_what, text, code) => {
    expect(whole(text).error).toBe(code);
    expect(bytewise(text).error).toBe(code);
  });
});

test('any body in any chunks, split anywhere, comes out as it went in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
      (chunks, cuts) => {
        const wire = Buffer.concat([
          Buffer.from(CHUNKED),
          ...chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)}\r\n`),
            chunk,
            Buffer.from('\r\n'),
          ]),
          Buffer.from('0\r\n\r\n'),
        ]);
        const pieces: Buffer[] = [];
        for (let at = 0, cut = 0; at < wire.length; cut++) {
          const end = at + (cuts[cut % cuts.length] as number);
          pieces.push(wire.subarray(at, end));
          at = end;
        }
        const parsed = parse(pieces);
        expect(parsed).toMatchObject({ error: null, ended: true, left: 0 });
        expect(parsed.body).toBe(Buffer.concat(chunks).toString('latin1'));
      },
    ),
  );
});
