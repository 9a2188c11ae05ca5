// Responses as the parser takes them apart, against Node's own client on the same bytes.
import assert from 'node:assert/strict';
import http from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { ResponseParser } from '../../../dist/capture/response-parser.js';
import { assertLinear } from '../linear.mjs';
import { inParts, mutated } from '../mutate.mjs';

const HEADER_BYTES = 8192;

const header = fc.oneof(
  fc.constantFrom(
    'content-type: text/event-stream',
    'Content-Type:text/event-stream',
    'X-A: b',
    'x-a: c',
    'constructor: x',
    '__proto__: x',
    'set-cookie: a',
    'x-empty:',
    'x-tab: \ta\t',
    'x-utf8: é',
    'connection: close',
    'connection: keep-alive',
    'keep-alive: timeout=5',
    'trailer: x',
    'a : b',
    ' folded: x',
    ': x',
    'no colon',
    'x-nul: a\0b',
    'x-cr: a\rb',
  ),
  fc.constantFrom(
    'content-length: 5',
    'content-length: 5, 5',
    'content-length: 5, 6',
    'content-length: +5',
    'content-length: 0x5',
    'content-length: 5 5',
    'content-length:',
    'content-length: 99999999999999999999',
    'Content-Length: 0',
  ),
  fc.constantFrom(
    'transfer-encoding: chunked',
    'Transfer-Encoding: Chunked',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding: chunked, gzip',
    'transfer-encoding: identity',
    'transfer-encoding: xchunked',
    'transfer-encoding: chunked;q=1',
    'transfer-encoding:\tchunked',
    'transfer-encoding: "chunked"',
    'transfer-encoding:',
  ),
);
const status = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 200 ',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 x',
  'HTTP/1.1 404 é',
  'HTTP/1.1 99 x',
  'HTTP/1.1 1000 x',
  'HTTP/1.2 200 OK',
  'HTTP/2 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1  200 OK',
  ' HTTP/1.1 200 OK',
);
const interim = fc.constantFrom(
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
  'HTTP/1.1 102 x\r\ncontent-length: 5\r\n\r\n',
);
const chunk = fc
  .tuple(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom('', '', '', ';a=b', ' ', ';', ';"\r\n"', 'x'),
    fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', ''),
    fc.boolean(),
    fc.integer({ min: -1, max: 1 }),
    fc.boolean(),
  )
  .map(([bytes, extension, end, upper, off, exact]) => {
    const size = Math.max(0, bytes.length + (exact ? 0 : off)).toString(16);
    return Buffer.concat([
      Buffer.from(`${upper ? size.toUpperCase() : `0${size}`}${extension}\r\n`),
      bytes,
      Buffer.from(end),
    ]);
  });
const last = fc.constantFrom(
  '0\r\n\r\n',
  '0\r\n\r\n',
  '000\r\nx: y\r\n\r\n',
  '0\r\n',
  '0\n\n',
  '0;a\r\n\r\n',
  '0\r\nbad\r\n\r\n',
  '0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
  '',
);
const body = fc.oneof(
  fc
    .tuple(fc.array(chunk, { maxLength: 5 }), last)
    .map(([chunks, end]) => Buffer.concat([...chunks, Buffer.from(end)])),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('hello', 'hell', 'hello!', '').map((text) => Buffer.from(text)),
);
const lineEnd = fc.constantFrom(
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  '\r\r\n',
);
const written = fc
  .tuple(
    interim,
    status,
    fc.array(fc.tuple(header, lineEnd), { maxLength: 5 }),
    lineEnd,
    lineEnd,
    body,
  )
  .map(([before, first, headers, firstEnd, blank, bytes]) =>
    Buffer.concat([
      Buffer.from(
        `${before}${first}${firstEnd}${headers.map(([text, end]) => text + end).join('')}${blank}`,
      ),
      bytes,
    ]),
  );
const SEEDS = [
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
].map((text) => Buffer.from(text));
const wire = fc.oneof(
  { arbitrary: written, weight: 3 },
  { arbitrary: mutated(SEEDS, 3), weight: 1 },
);

/**
 * @typedef {object} Read
 * @property {boolean} whole ended as its framing says
 * @property {string | null} error
 * @property {number | null} status
 * @property {Record<string, string>} headers
 * @property {string} body in latin1
 * @property {number} keepAliveMs
 */

/** @param {readonly Buffer[]} parts @returns {Read & { left: number }} */
function parse(parts) {
  /** @type {Read & { left: number }} */
  const read = {
    whole: false,
    error: null,
    status: null,
    headers: {},
    body: '',
    keepAliveMs: 0,
    left: 0,
  };
  let ended = false;
  const parser = new ResponseParser(HEADER_BYTES, {
    onHead: (head) => {
      assert.equal(read.status, null, 'a second head');
      read.status = head.status;
      read.headers = head.headers;
      read.keepAliveMs = head.keepAliveMs;
    },
    onBody: (bytes) => {
      assert.ok(!ended, 'a body after its end');
      read.body += Buffer.from(bytes).toString('latin1');
    },
    onEnd: () => {
      assert.ok(!ended, 'a second end');
      ended = true;
    },
  });
  try {
    for (const part of parts) {
      const lent = Buffer.from(part);
      read.left += part.length - parser.push(lent, lent.length);
      lent.fill(0x78);
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'HttpSyntaxError') throw error;
    read.error = error.message;
  }
  read.whole = read.error === null && (ended || parser.endsWithConnection);
  return read;
}

/** What Node's client makes of the same bytes. @param {Buffer} bytes @returns {Promise<Read>} */
function nodeRead(bytes) {
  return new Promise((resolve) => {
    /** @type {Read} */
    const read = { whole: false, error: null, status: null, headers: {}, body: '', keepAliveMs: 0 };
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const end = () => {
      socket.destroy();
      resolve(read);
    };
    const request = http.request(
      { createConnection: () => /** @type {any} */ (socket), maxHeaderSize: HEADER_BYTES * 4 },
      (response) => {
        read.status = response.statusCode ?? null;
        for (let at = 0; at < response.rawHeaders.length; at += 2) {
          const name = (response.rawHeaders[at] ?? '').toLowerCase();
          const value = Buffer.from(response.rawHeaders[at + 1] ?? '', 'latin1').toString('utf8');
          const before = Object.hasOwn(read.headers, name) ? `${read.headers[name]}, ` : '';
          Object.defineProperty(read.headers, name, {
            value: before + value,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        response.on('data', (/** @type {Buffer} */ data) => {
          read.body += data.toString('latin1');
        });
        response.on('end', () => {
          read.whole = response.complete;
          end();
        });
        response.on('error', (error) => {
          read.error ??= error.message;
          end();
        });
      },
    );
    request.on('upgrade', () => {
      read.error = 'upgrade';
      end();
    });
    request.on('error', (error) => {
      read.error ??= error.message;
      end();
    });
    request.end();
    socket.push(bytes);
    socket.push(null);
  });
}

/**
 * A line of the head or of the trailers that ends in LF alone: the standard lets a recipient take it, and
 * Node's client does not.
 * @param {Buffer} bytes
 * @param {Read} ours
 */
function hasBareLf(bytes, { headers }) {
  const text = bytes.toString('latin1');
  const chunked = /chunked$/i.test(headers['transfer-encoding'] ?? '');
  const head = text.slice(0, text.search(/\n\r?\n(?!HTTP)/) + 3);
  // The line of a size too, where its chunk ends in the same way.
  return /(?:^|[^\r])\n/.test(chunked ? text : head);
}

/** @type {import('./index.mjs').Check<{ bytes: Buffer, parts: Buffer[] }>} */
const node = {
  name: 'node',
  about:
    "what Node's client takes is taken alike; what it refuses is refused, or ends the connection",
  prepare: () => ({
    input: inParts(wire),
    run: async ({ bytes, parts }) => {
      const ours = parse([bytes]);
      assert.deepEqual(parse(parts), ours, 'in parts');
      // Empty lines in front of a response are for servers to bear, not for clients.
      if (/^[\r\n]|\n\r?\n\r?\n/.test(bytes.toString('latin1'))) return;
      // What follows a whole response is nobody's, and ends the connection.
      const theirs = await nodeRead(bytes.subarray(0, bytes.length - ours.left));
      if (theirs.whole && theirs.error === null) {
        // Node's client bears a CR in a reason phrase; the standard calls it invalid.
        if (ours.error !== null && /HTTP\/1\.. (?:0|101)/.test(bytes.toString('latin1'))) return;
        if (ours.error !== null && /\r(?!\n)/.test(bytes.toString('latin1'))) return;
        assert.equal(ours.error, null);
        assert.equal(ours.status, theirs.status);
        assert.equal(ours.body, theirs.body);
        assert.deepEqual(ours.headers, theirs.headers);
        assert.ok(ours.whole);
      } else if (ours.whole && !hasBareLf(bytes, ours)) {
        const both = 'transfer-encoding' in ours.headers && 'content-length' in ours.headers;
        // One length told twice is one length (RFC 9110, 8.6).
        if (/^(\d+)(?:\s*,\s*\1)+$/.test(ours.headers['content-length'] ?? '')) return;
        // Blanks are borne behind the size of a chunk (RFC 9112, 7.1.1).
        if (/[0-9a-f][ \t]/i.test(bytes.toString('latin1'))) return;
        if (theirs.error?.includes('Data after') && bytes.includes('HTTP/1.0 1')) return;
        // Extensions are read over, whatever they are; their line ends where Node sees it end.
        if (theirs.error?.includes('chunk extensions')) return;
        assert.ok(both && ours.keepAliveMs === 0, `refused by Node (${theirs.error})`);
      }
    },
  }),
  show: ({ bytes }) => JSON.stringify(bytes.toString('latin1')),
};

/** @type {import('./index.mjs').Check<{ chunks: Buffer[], partBytes: number }>} */
const linear = {
  name: 'linear',
  about:
    'a body of sixteen times the bytes costs no more than linear work would, in parts of one byte too',
  batch: 2,
  prepare: () => ({
    input: fc.record({
      chunks: fc.array(
        fc.oneof(
          chunk,
          fc.constantFrom('1;x\r\na\r\n', '1\r\na\r\n').map((text) => Buffer.from(text)),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      partBytes: fc.constantFrom(1, 7, 4096),
    }),
    run: ({ chunks, partBytes }) => {
      const unit = Buffer.concat(chunks);
      const head = Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const cost = (/** @type {number} */ size) => {
        const bytes = Buffer.concat([head, Buffer.alloc(size, unit)]);
        const parts = [];
        for (let at = 0; at < bytes.length; at += partBytes)
          parts.push(bytes.subarray(at, at + partBytes));
        const parser = new ResponseParser(HEADER_BYTES, { onHead() {}, onBody() {}, onEnd() {} });
        const beganMs = performance.now();
        try {
          for (const part of parts) parser.push(part, part.length);
        } catch {
          // Not a body of this framing any more: the rest would not be read.
        }
        return performance.now() - beganMs;
      };
      assertLinear(cost);
    },
  }),
};

/** @type {import('./index.mjs').Target} */
export const response = { name: 'http', checks: [node, linear] };
