import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passAtK } from '../../src/stats/pass-at-k.ts';

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return n < k ? 0 : Math.round(ways);
}

test('is 1 − C(n−c, k) / C(n, k)', () => {
  for (let n = 1; n <= 12; n++) {
    for (let c = 0; c <= n; c++) {
      for (let k = 1; k <= n; k++) {
        expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 12);
      }
    }
  }
});

test('does not overflow where the binomial coefficients would', () => {
  // 1 − C(1900, 100) / C(2000, 100), by lgamma of Python's math.
  expect(passAtK(2000, 100, 100)).toBeCloseTo(0.994826489, 8);
});

test('drawing one is the share of right answers; drawing more never helps less', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(60), (n, right) => {
      const c = Math.min(right, n);
      expect(passAtK(n, c, 1)).toBeCloseTo(c / n, 12);
      for (let k = 2; k <= n; k++) {
        expect(passAtK(n, c, k)).toBeGreaterThanOrEqual(passAtK(n, c, k - 1) - 1e-12);
      }
    }),
  );
});
