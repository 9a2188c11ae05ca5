import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regularizedBeta } from '../../src/stats/beta.ts';

// SciPy 1.17.1: scipy.special.betainc(a, b, x)
test.each([
  [0.5, 2, 3, 0.6875],
  [0.5, 1, 1, 0.5],
  [0.1, 0.5, 0.5, 0.20483276469913345],
  [0.9, 45, 5, 0.44969086691858373],
  [0.3, 120, 280, 0.5058059843710851],
  [0.001, 3, 4000, 0.7623361842029827],
  [0.95, 950.5, 51.5, 0.5632016499528629],
  [0.99, 99_000, 1000, 0.4958580936411127],
  [0.5, 500_000, 500_500, 0.6914185451897972],
])('I_%f(%f, %f) is %f', (x, a, b, expected) => {
  expect(regularizedBeta(x, a, b)).toBeCloseTo(expected, 8);
});

// SciPy 1.17.1: scipy.stats.binom.sf(k − 1, n, p)
test.each([
  [10, 0.5, 3, 0.9453125],
  [100, 0.95, 97, 0.2578386591160158],
  [44, 0.9, 44, 0.009697737297875247],
  [459, 0.99, 459, 0.009920974201040579],
])('of %i trials at %f, %i or more are hits with a probability of %f', (n, p, k, expected) => {
  expect(regularizedBeta(p, k, n - k + 1)).toBeCloseTo(expected, 11);
});

const shape = fc.double({ min: 0.5, max: 2000, noNaN: true });
const level = fc.nat(1000).map((thousandths) => thousandths / 1000);

test('rises from 0 to 1, and mirrors itself', () => {
  fc.assert(
    fc.property(level, level, shape, shape, (x, y, a, b) => {
      expect(regularizedBeta(Math.min(x, y), a, b)).toBeLessThanOrEqual(
        regularizedBeta(Math.max(x, y), a, b) + 1e-10,
      );
      expect(regularizedBeta(x, a, b)).toBeCloseTo(1 - regularizedBeta(1 - x, b, a), 9);
    }),
  );
  expect(regularizedBeta(0, 2, 3)).toBe(0);
  expect(regularizedBeta(1, 2, 3)).toBe(1);
});
