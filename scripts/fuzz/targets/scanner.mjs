// What the measuring thread tells of a running stream, against what the whole stream says afterwards.
import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ScanFeed } from '../../../dist/capture/scan-feed.js';
import { StreamScanner } from '../../../dist/capture/scanner.js';
import { dialectOf } from '../../../dist/decode/dialect.js';
import { inParts, mutated } from '../mutate.mjs';
import { referenceSse } from '../reference-sse.mjs';

const { carriesToken } = dialectOf('openai');
const LIMITS = { events: 20, eventBytes: 2000 };

const TOKEN = '{"choices":[{"index":0,"delta":{"content":"a"}}]}';
/** Events that are all but `[DONE]` or a token. */
const piece = fc.constantFrom(
  'data: [DONE]',
  'data:[DONE]',
  'data:  [DONE]',
  'data: [DONE] ',
  'data: a',
  'data',
  'data:',
  'event: message',
  'event:message',
  'event',
  'event: ping',
  'event: messages',
  'id: 7',
  'dataa: [DONE]',
  ': [DONE]',
  ':',
  'retry: 1',
  '\ufeffdata: [DONE]',
  '\ufeff',
  ' ',
  `data: ${TOKEN}`,
  `data:${TOKEN}`,
  `data:  ${TOKEN}`,
  `data: \t${TOKEN} `,
  'data: {"choices":[]}',
  'data: {',
  `\ufeffdata: ${TOKEN}`,
  `event: error`,
  `x: ${'y'.repeat(900)}`,
);
const written = fc
  .tuple(
    fc.array(fc.tuple(piece, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n')), {
      maxLength: 40,
    }),
    fc.oneof(fc.constant(''), piece),
  )
  .map(([lines, rest]) => Buffer.from(`${lines.map(([text, end]) => text + end).join('')}${rest}`));

/** @param {readonly Buffer[]} parts */
function scan(parts) {
  const scanner = new StreamScanner(carriesToken, LIMITS);
  let progressed = false;
  for (const part of parts) if (!scanner.done && scanner.push(part)) progressed = true;
  const { sawToken, done, doneUnconfirmed, exceeded } = scanner;
  return { sawToken, done, doneUnconfirmed, exceeded, progressed };
}

/** @type {import('./index.mjs').Check<{ bytes: Buffer, parts: Buffer[] }>} */
const agrees = {
  name: 'agrees',
  about: 'first token, [DONE] and limits as the whole stream has them, in any parts',
  batch: 500,
  prepare: ({ streams }) => ({
    input: inParts(fc.oneof(written, mutated(streams))),
    run: ({ bytes, parts }) => {
      const whole = scan([bytes]);
      // The rest of a read in which `[DONE]` stood is not looked at, so what it would pass is not known.
      assert.deepEqual(scan(parts), whole, 'in parts');
      const { events, pending, pendingEvent } = referenceSse(bytes);
      const messages = events.filter(({ event }) => event === 'message');
      const marker = messages.findIndex(({ data }) => data === '[DONE]');
      assert.equal(whole.done, marker !== -1, '[DONE]');
      const before = marker === -1 ? messages : messages.slice(0, marker);
      assert.equal(
        whole.sawToken,
        before.some(({ data }) => isToken(data)),
        'first token',
      );
      if (whole.doneUnconfirmed) assert.deepEqual([pending, pendingEvent], ['[DONE]', 'message']);
      const ended = /[\r\n]$/.test(bytes.toString('latin1')) || bytes.length === 0;
      if (!whole.done && ended && pending === '[DONE]' && pendingEvent === 'message') {
        assert.ok(whole.doneUnconfirmed, 'only its blank line is missing');
      }
      const until =
        marker === -1
          ? events
          : events.slice(
              0,
              events.indexOf(messages[marker] ?? { event: '', data: '', id: '' }) + 1,
            );
      if (until.length > LIMITS.events)
        assert.equal(whole.exceeded !== null, true, 'too many events');
      if (
        until.some(
          ({ data }) => Buffer.byteLength(data) > LIMITS.eventBytes && !data.includes('\ufffd'),
        )
      ) {
        assert.notEqual(whole.exceeded, null, 'an event too large');
      }
      if (bytes.length <= LIMITS.eventBytes) assert.notEqual(whole.exceeded, 'event_bytes');
    },
  }),
};

/**
 * One line of JSON, as all servers write it: over several lines the scanner may miss a token.
 * @param {string} data
 */
function isToken(data) {
  if (data.includes('\n')) return false;
  try {
    return carriesToken(JSON.parse(data));
  } catch {
    return false;
  }
}

/** @type {import('./index.mjs').Check<{ bytes: Buffer, coding: string, cuts: number[] }>} */
const compressed = {
  name: 'compressed',
  about:
    'a compressed body is scanned as what it unpacks to, however it is cut; a broken one stops nothing',
  prepare: ({ streams }) => ({
    input: fc.record({
      bytes: fc.oneof(written, mutated(streams)),
      coding: fc.constantFrom('gzip', 'x-gzip', 'deflate', 'br', ' GZIP '),
      cuts: fc.array(fc.nat({ max: 2000 }), { maxLength: 8 }),
    }),
    run: async ({ bytes, coding, cuts }) => {
      const packed =
        coding === 'br'
          ? brotliCompressSync(bytes)
          : coding === 'deflate'
            ? deflateSync(bytes)
            : gzipSync(bytes);
      const scanner = new StreamScanner(carriesToken, LIMITS);
      const feed = new ScanFeed(scanner, 1 << 20, () => {});
      feed.begin(coding);
      let at = 0;
      for (const cut of [...cuts, packed.length]) {
        feed.push(packed.subarray(at, at + cut), 0);
        at += cut;
      }
      const due = scan([bytes]);
      for (
        let wait = 0;
        wait < 200 && !(scanner.done === due.done && scanner.sawToken === due.sawToken);
        wait++
      ) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      feed.close();
      assert.deepEqual([scanner.done, scanner.sawToken], [due.done, due.sawToken]);
    },
  }),
};

/** @type {import('./index.mjs').Target} */
export const scanner = { name: 'scanner', checks: [agrees, compressed] };
