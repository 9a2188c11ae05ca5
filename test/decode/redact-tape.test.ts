import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { TapeEnd } from '../../src/capture/tape.ts';
import { redactCoded } from '../../src/decode/redact-tape.ts';
import { createRedactor } from '../../src/secrets.ts';
import { chunk, tapeOf } from './tapes.ts';

const KEY = 'sk-canary-7d1f0a';
const redactor = createRedactor([{ value: KEY, name: 'a key', isKey: true }]);
const LIMIT_BYTES = 1024 * 1024;

/** A reply of which the key stands behind so many bytes. */
function compressed(bytesBefore: number, end: Partial<TapeEnd>) {
  const word = chunk({ content: 'word ' });
  const text = word.repeat(Math.ceil(bytesBefore / word.length)) + chunk({ content: KEY });
  return tapeOf({
    headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
    reads: [[10, gzipSync(text)]],
    end,
  });
}

test.each<[what: string, bytesBefore: number, end: Partial<TapeEnd>]>([
  ['at its start', 0, { how: 'complete' }],
  ['in the second half MiB of one that stalled', 600_000, { how: 'abort', code: 'stalled' }],
  ['past the limit', 2 * LIMIT_BYTES, { how: 'complete' }],
  ['past the limit of one that broke', 2 * LIMIT_BYTES, { how: 'error', code: 'ECONNRESET' }],
])('a compressed body with a key %s does not keep it', async (_, bytesBefore, end) => {
  const tape = compressed(bytesBefore, end);
  expect(gunzipSync(tape.body).includes(KEY)).toBe(true);
  const kept = await redactCoded(tape, redactor, LIMIT_BYTES);
  const { body, headers } = kept.tape;
  expect(headers['content-encoding']).toBeUndefined();
  expect(Buffer.from(body).includes(KEY)).toBe(false);
  // What is kept gives the same again.
  const again = await redactCoded(kept.tape, redactor, LIMIT_BYTES);
  expect(again.plain.end).toEqual(kept.plain.end);
  expect(again.plain.cut).toEqual(kept.plain.cut);
  expect(Buffer.from(again.plain.body).equals(kept.plain.body)).toBe(true);
});

test('one without a key is kept as it came', async () => {
  const tape = tapeOf({
    headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
    reads: [[10, gzipSync(chunk({ content: 'word' }))]],
  });
  const bytes = Buffer.from(tape.body);
  expect(bytes.equals((await redactCoded(tape, redactor, LIMIT_BYTES)).tape.body)).toBe(true);
});
