import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chunksPerWrite,
  DEFAULT_SCHEDULE,
  drawChunks,
  firstDueMs,
  periodMs,
  phaseOf,
  readSchedule,
  type Schedule,
} from '../../src/calibration/schedule.ts';
import { createRandom } from '../../src/random.ts';

const schedule = (parts: Partial<Schedule>): Schedule => ({ ...DEFAULT_SCHEDULE, ...parts });

test.each([
  [{ pace: 'paced', ratePerSecond: 50, burst: 8 }, 20, 1],
  [{ pace: 'bursts', ratePerSecond: 50, burst: 8 }, 160, 8],
  [{ pace: 'flooded', ratePerSecond: 50, burst: 8 }, 0, 8],
] as const)('%o writes every %f ms, %i chunks at a time', (parts, everyMs, perWrite) => {
  expect(periodMs(schedule(parts))).toBe(everyMs);
  expect(chunksPerWrite(schedule(parts))).toBe(perWrite);
});

test('phases of any number of streams leave no gap three times as wide as another', () => {
  for (let streams = 2; streams <= 700; streams++) {
    const phases = Array.from({ length: streams }, (_, index) => phaseOf(index)).sort(
      (a, b) => a - b,
    );
    phases.push(1 + (phases[0] as number));
    const gaps = phases.slice(1).map((phase, index) => phase - (phases[index] as number));
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(3);
  }
});

test('a stream is first due within one period from now, in its phase', () => {
  const near = { min: 0, max: 1e7, noNaN: true };
  const share = { min: 0, max: 0.999, noNaN: true };
  const period = { min: 0.01, max: 1e4, noNaN: true };
  fc.assert(
    fc.property(fc.double(near), fc.double(share), fc.double(period), (nowMs, phase, everyMs) => {
      const dueMs = firstDueMs(nowMs, phase, everyMs);
      expect(dueMs - nowMs).toBeGreaterThanOrEqual(-1e-6);
      expect(dueMs - nowMs).toBeLessThanOrEqual(everyMs + 1e-6);
      const shifts = (dueMs - phase * everyMs) / everyMs;
      expect(Math.abs(shifts - Math.round(shifts))).toBeLessThan(1e-3);
    }),
  );
});

test('of a range, each stream draws its own length', () => {
  const random = createRandom('seed');
  const drawn = Array.from({ length: 500 }, () =>
    drawChunks(schedule({ chunks: [150, 250] }), random),
  );
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(150);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(250);
  expect(new Set(drawn).size).toBeGreaterThan(50);
  expect(drawChunks(schedule({ chunks: 7 }), random)).toBe(7);
});

test('what a request leaves out comes from the start', () => {
  const base = schedule({ ratePerSecond: 5, chunks: [50, 60] });
  expect(readSchedule(undefined, base)).toBe(base);
  expect(readSchedule({ ratePerSecond: 8 }, base)).toEqual({ ...base, ratePerSecond: 8 });
});

test.each([
  ['paced', 'an object'],
  [[], 'an object'],
  [{ rate: 5 }, 'unknown key rate'],
  [{ pace: 'slow' }, 'pace slow'],
  [{ ratePerSecond: 0 }, 'ratePerSecond'],
  [{ ratePerSecond: '5' }, 'ratePerSecond'],
  [{ chunks: 0 }, 'chunks'],
  [{ chunks: [5] }, 'chunks'],
  [{ chunks: [6, 5] }, 'chunks'],
  [{ chunks: null }, 'chunks'],
  [{ burst: 0 }, 'burst'],
  [{ burst: 1.5 }, 'burst'],
  [{ chunkBytes: -1 }, 'chunkBytes'],
  [{ chunkBytes: 1e9 }, 'chunkBytes'],
])('refuses %o and names what is wrong', (asked, named) => {
  expect(() => readSchedule(asked)).toThrow(named);
});
