import { expect, test } from 'vitest';
import { chunkErrors, stampingError } from '../../src/calibration/stamping-error.ts';
import { chunk, DONE, data, tapeOf } from '../decode/tapes.ts';

/** A chunk that says it was sent so many milliseconds after the origin of `tapeOf`. */
const sentAt = (ms: number, filler = ''): string => {
  const ns = BigInt(originNs) + BigInt(Math.round(ms * 1e6));
  return chunk({ content: `${String(ns).padStart(19, '0')} ${filler}` });
};
// Just before a whole second, so that instants fall on both sides of it.
const originNs = '7999000000';
const tape = (reads: readonly (readonly [number, string])[]) => tapeOf({ originNs, reads });

test('is the arrival less the instant in the chunk', () => {
  const { arrivedMs, errorMs } = chunkErrors(
    tape([
      [0.5, chunk({ role: 'assistant', content: '' })],
      [1.25, sentAt(1)],
      [5, sentAt(2.5)],
      [6, chunk({}, { finish_reason: 'stop' }) + DONE],
    ]),
  );
  expect([...arrivedMs]).toEqual([1.25, 5]);
  expect(errorMs[0]).toBeCloseTo(0.25, 6);
  expect(errorMs[1]).toBeCloseTo(2.5, 6);
});

test.each([
  ['in one read', [[9, sentAt(1) + sentAt(2) + sentAt(3)]], [8, 7, 6]],
  ['one byte short of its end', cut(sentAt(1), -1), [4]],
  ['cut within its digits', cut(sentAt(1), 110), [4]],
  [
    'cut before its first byte',
    [
      [3, ''],
      [5, sentAt(1)],
    ],
    [4],
  ],
  [
    'ended by a read that begins the next',
    [
      [3, sentAt(1).slice(0, -1)],
      [5, `\n${sentAt(2)}`],
    ],
    [4, 3],
  ],
  [
    'never ended',
    [
      [3, sentAt(1)],
      [5, sentAt(2).slice(0, -1)],
    ],
    [2],
  ],
  ['of text that is no instant', [[3, chunk({ content: 'Hello 1000000000000000000' })]], []],
  ['not a chunk at all', [[3, data('[DONE]')]], []],
  ['nothing', [], []],
] as [string, [number, string][], number[]][])('of chunks %s', (_, reads, expected) => {
  const found = [...chunkErrors(tape(reads)).errorMs];
  expect(found.map((ms) => Math.round(ms * 1e6) / 1e6)).toEqual(expected);
});

function cut(text: string, at: number): [number, string][] {
  return [
    [3, text.slice(0, at)],
    [5, text.slice(at)],
  ];
}

test('sums up the chunks of all tapes', () => {
  const tapes = Array.from({ length: 10 }, (_, stream) =>
    tape(
      Array.from({ length: 100 }, (_, index) => [
        index + (stream * 100 + index + 1) / 1000,
        sentAt(index),
      ]),
    ),
  );
  tapes.push(tape([[1, chunk({ content: 'of another server' })]]));
  const error = stampingError(tapes);
  expect(error).toMatchObject({ chunks: 1000, streams: 10 });
  expect(error.minMs).toBeCloseTo(0.001, 6);
  expect(error.p50Ms).toBeCloseTo(0.5005, 6);
  expect(error.p99Ms).toBeCloseTo(0.99001, 6);
  expect(error.p999Ms).toBeCloseTo(0.999001, 6);
  expect(error.maxMs).toBeCloseTo(1, 6);
});

test('has no figure without chunks', () => {
  expect(stampingError([])).toEqual({
    chunks: 0,
    streams: 0,
    minMs: undefined,
    p50Ms: undefined,
    p99Ms: undefined,
    p999Ms: undefined,
    maxMs: undefined,
  });
});
