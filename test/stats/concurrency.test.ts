import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concurrency, fullLoad } from '../../src/stats/concurrency.ts';

test.each([
  ['one after another', [0, 10], [10, 20], 1, 1],
  ['two at once', [0, 0], [10, 10], 2, 2],
  ['half overlapping', [0, 5], [10, 15], 20 / 15, 2],
  ['with a pause between', [0, 30], [10, 40], 0.5, 1],
  ['in any order', [30, 0, 5], [40, 10, 35], 50 / 40, 2],
])('%s', (_, starts, ends, mean, max) => {
  expect(concurrency(starts, ends)?.mean).toBeCloseTo(mean, 12);
  expect(concurrency(starts, ends)?.max).toBe(max);
});

test('without intervals there is none', () => {
  expect(concurrency([], [])).toBeUndefined();
});

test('an interval that takes no time has no mean', () => {
  expect(concurrency([5], [5])).toEqual({ mean: undefined, max: 1 });
});

test('agrees with counting at every start', () => {
  const intervals = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(intervals, (pairs) => {
      const starts = pairs.map(([start]) => start);
      const ends = pairs.map(([start, length]) => start + length);
      const at = (instant: number) =>
        starts.filter((start, i) => start <= instant && (ends[i] as number) > instant).length;
      const found = concurrency(starts, ends);
      expect(found?.max).toBe(Math.max(...starts.map(at)));
      expect(found?.mean).toBeLessThanOrEqual(found?.max ?? 0);
    }),
  );
});

describe('full load', () => {
  test.each([
    ['one after another', [0, 10, 20], [10, 20, 30], 0, 20],
    [
      'four at once, twice, and one that goes on alone',
      [0, 0, 0, 0, 10, 10, 10, 10, 20],
      [10, 10, 10, 10, 20, 20, 20, 20, 30],
      0,
      10,
    ],
    [
      'five slots, filled one by one and emptied likewise',
      [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 25],
      [10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 30],
      3,
      20,
    ],
  ])('%s', (_, starts, ends, from, to) => {
    expect(fullLoad(starts, ends)).toEqual({ from, to });
  });

  test('of nothing there is none', () => {
    expect(fullLoad([], [])).toBeUndefined();
  });
});
