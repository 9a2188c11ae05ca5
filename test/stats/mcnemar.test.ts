import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstShareLow, mcnemarP } from '../../src/stats/mcnemar.ts';

// SciPy 1.17.1: binomtest(first, first + second, 0.5, alternative='greater').pvalue
test.each([
  [0, 0, 1],
  [1, 0, 0.5],
  [5, 0, 0.03125],
  [12, 3, 0.017578125],
  [40, 20, 0.00674464686559593],
  [9, 11, 0.7482776641845703],
  [300, 250, 0.018289372774551338],
])('%i against %i', (first, second, p) => {
  expect(mcnemarP(first, second)).toBeCloseTo(p, 11);
});

// SciPy 1.17.1: beta.ppf(level, first, second + 1)
test.each([
  [1, 0, 0.05, 0.05],
  [5, 0, 0.01, 0.39810717055349726],
  [12, 3, 0.01 / 3, 0.42208796942244337],
  [40, 20, 0.01 / 24, 0.4438845767703868],
  [300, 250, 0.025, 0.5027823220630718],
])('%i against %i: the share at %f', (first, second, level, low) => {
  expect(firstShareLow(first, second, level)).toBeCloseTo(low, 10);
});

test('the bound is above one half just where the test rejects', () => {
  const count = fc.nat(80);
  fc.assert(
    fc.property(
      count,
      count,
      fc.constantFrom(0.05, 0.01 / 3, 0.01 / 24),
      (first, second, level) => {
        const rejected = mcnemarP(first, second) < level;
        expect(firstShareLow(first, second, level) > 0.5).toBe(rejected);
      },
    ),
  );
});

test('of equal chances the test rejects no more often than its level', () => {
  for (const level of [0.05, 0.01, 0.001]) {
    for (const n of [5, 20, 61]) {
      let chance = 0;
      let ways = 1;
      for (let first = 0; first <= n; first++) {
        if (mcnemarP(first, n - first) <= level) chance += ways / 2 ** n;
        ways = (ways * (n - first)) / (first + 1);
      }
      expect(chance).toBeLessThanOrEqual(level);
    }
  }
});
