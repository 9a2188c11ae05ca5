// The event-stream decoder against the WHATWG text.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SseDecoder } from '../../../dist/decode/sse.js';
import { assertLinear } from '../linear.mjs';
import { inParts, mutated } from '../mutate.mjs';
import { referenceSse } from '../reference-sse.mjs';

/** Streams by their grammar, and beside it. */
const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    'data',
    'data:',
    'data: ',
    'data:x',
    'data: [DONE]',
    'data: {"a":1}',
    'event: ping',
    'event:',
    'event',
    'id: 7',
    'id',
    'id: a\0b',
    'retry: 10',
    ':',
    ': comment',
    'data : x',
    'Data: x',
    'datax: y',
    ' data: x',
    '\ufeffdata: x',
    'data: \ufeff',
    'data: é\u2028\u0085x',
    'data: \ufffd',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const written = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r')),
    ),
    line,
  )
  .map(([bom, lines, rest]) =>
    Buffer.from(`${bom ? '\ufeff' : ''}${lines.map(([text, end]) => text + end).join('')}${rest}`),
  );

/** @param {readonly Buffer[]} parts */
function decode(parts) {
  /** @type {import('../reference-sse.mjs').SseEvent[]} */
  const events = [];
  /** @type {number[]} */
  const ends = [];
  /** Bytes pushed when each event came out. @type {number[]} */
  const pushedAt = [];
  let pushed = 0;
  const sse = new SseDecoder((event) => {
    events.push(event);
    ends.push(sse.position);
    pushedAt.push(pushed);
  });
  for (const part of parts) {
    pushed += part.length;
    // A copy that is overwritten at once: nothing may be kept of what was lent.
    const lent = Buffer.from(part);
    sse.push(lent);
    lent.fill(0x78);
  }
  sse.end();
  return { sse, events, ends, pushedAt };
}

/** @type {import('./index.mjs').Check<{ bytes: Buffer, parts: Buffer[] }>} */
const reference = {
  name: 'reference',
  about:
    'any bytes in any parts give the events of the WHATWG text, each with the byte that completes it',
  batch: 500,
  prepare: ({ streams }) => ({
    input: inParts(fc.oneof(written, mutated(streams))),
    run: ({ bytes, parts }) => {
      const wanted = referenceSse(bytes);
      const whole = decode([bytes]);
      assert.deepEqual(whole.events, wanted.events, 'in one part');
      assert.deepEqual(whole.ends, wanted.ends, 'positions in one part');
      assert.equal(whole.sse.pending, wanted.pending);
      assert.equal(whole.sse.pendingEvent, wanted.pendingEvent);
      const cut = decode(parts);
      assert.deepEqual(cut.events, wanted.events, 'in parts');
      assert.deepEqual(cut.ends, wanted.ends, 'positions in parts');
      assert.equal(cut.sse.pending, wanted.pending);
      assert.equal(cut.sse.replacements, whole.sse.replacements);
      assert.equal(cut.sse.comments, whole.sse.comments);
      // Not one byte later than its own.
      let pushed = 0;
      const due = wanted.ends.map((end) => {
        let at = 0;
        for (pushed = 0; pushed < end; at++) pushed += parts[at]?.length ?? 0;
        return pushed;
      });
      assert.deepEqual(cut.pushedAt, due, 'held back');
    },
  }),
};

/** @type {import('./index.mjs').Check<Buffer>} */
const replacements = {
  name: 'replacements',
  about: 'U+FFFD counted are those put in, none where the bytes are UTF-8',
  batch: 500,
  prepare: ({ streams }) => ({
    input: fc
      .oneof(written, mutated(streams))
      .map((bytes) => Buffer.concat([bytes, Buffer.from('\n')])),
    run: (bytes) => {
      const { sse } = decode([bytes]);
      let valid = true;
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        valid = false;
      }
      if (valid) assert.equal(sse.replacements, 0);
      else assert.ok(sse.replacements >= 0);
      assert.ok(sse.replacements <= bytes.length);
    },
  }),
};

/** @type {import('./index.mjs').Check<{ unit: Buffer, partBytes: number }>} */
const linear = {
  name: 'linear',
  about: '1 MiB costs no more than linear work would, down to parts of one byte',
  batch: 2,
  prepare: ({ streams }) => ({
    input: fc.record({
      unit: fc.oneof(
        written,
        mutated(streams),
        fc
          .constantFrom('a', 'data: a\n', '\n', '\r', ':', 'data: a', '\ufffd', 'data:\n')
          .map((text) => Buffer.from(text)),
      ),
      partBytes: fc.constantFrom(1, 1, 7, 4096),
    }),
    run: ({ unit, partBytes }) => {
      if (unit.length === 0) return;
      const cost = (/** @type {number} */ size) => {
        const bytes = Buffer.alloc(size, unit);
        const parts = [];
        for (let at = 0; at < size; at += partBytes) parts.push(bytes.subarray(at, at + partBytes));
        const sse = new SseDecoder(() => {});
        const beganMs = performance.now();
        for (const part of parts) sse.push(part);
        sse.end();
        return performance.now() - beganMs;
      };
      assertLinear(cost);
    },
  }),
};

/** @type {import('./index.mjs').Target} */
export const sse = { name: 'sse', checks: [reference, replacements, linear] };
