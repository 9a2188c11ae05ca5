import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stretches, theilSen } from '../../scripts/soak/slope.mjs';
import { createRandom } from '../../src/random.ts';

const line = (count: number, slope: number, off: (index: number) => number = () => 0) =>
  Array.from({ length: count }, (_, x) => [x, 3 + slope * x + off(x)] as const);

describe('a trend', () => {
  test('of a straight line is its slope', () => {
    const n = fc.integer({ min: 3, max: 40 });
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), n, (slope, count) => {
        expect(theilSen(line(count, slope)).slope).toBeCloseTo(slope, 9);
      }),
    );
  });

  test('is not turned by peaks, even late ones', () => {
    const { slope } = theilSen(line(40, 0, (x) => (x > 32 ? 500 : 0)));
    expect(slope).toBe(0);
  });

  test('holds the truth in 95 of 100 samples', () => {
    const random = createRandom('slope');
    const held = Array.from({ length: 400 }, () => {
      const { low, high } = theilSen(line(40, 2, () => 20 * random.next()));
      return low <= 2 && 2 <= high;
    }).filter(Boolean).length;
    expect(held).toBeGreaterThan(365);
    expect(held).toBeLessThan(395);
  });
});

test('stretches of time have one value each', () => {
  const points = [
    [0, 4],
    [9, 2],
    [10, 7],
    [31, 1],
  ] as const;
  expect(stretches(points, 10, (values) => Math.min(...values))).toEqual([
    [5, 2],
    [15, 7],
    [35, 1],
  ]);
});
