import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignedRank } from '../../src/stats/signed-rank.ts';
import { signedRankCount } from '../../src/stats/signed-rank-distribution.ts';
import { kthWalsh, walshAtMost } from '../../src/stats/walsh-averages.ts';

describe('how many averages lie below a bound', () => {
  // Python 3.11: subsets of the ranks 1 … n counted by their sums in whole numbers, over 2ⁿ.
  test.each([
    [4, 0.05, 0],
    [5, 0.05, 1],
    [10, 0.025, 9],
    [11, 0.01 / 24, 0],
    [20, 0.01 / 3, 35],
    [50, 0.025, 435],
    [100, 0.01 / 24, 1565],
    [128, 0.01 / 3, 2993],
  ])('of %i differences at %f: %i', (n, level, expected) => {
    expect(signedRankCount(n, level)).toBe(expected);
  });

  // The same with NumPy 2 in floating point; the approximation may be off by a few, under 1 % of a level.
  test.each([
    [129, 0.01 / 24, 2785],
    [129, 0.05, 3493],
    [200, 0.01 / 3, 7834],
    [200, 1e-5, 6595],
    [400, 0.01 / 24, 32392],
    [400, 0.01 / 3, 33833],
    [400, 0.025, 35567],
    [1000, 0.01 / 72, 217091],
  ])('of %i differences at %f: %i, nearly', (n, level, expected) => {
    expect(Math.abs(signedRankCount(n, level) - expected)).toBeLessThanOrEqual(expected * 4e-4);
  });
});

/** Every average, the slow way. */
function walshOf(values: readonly number[]): number[] {
  return values
    .flatMap((one, i) => values.slice(i).map((other) => (one + other) / 2))
    .sort((a, b) => a - b);
}

const finite = fc.double({ min: -10, max: 10, noNaN: true });
/** Few different values, so that most are tied. */
const coarse = fc.integer({ min: -3, max: 3 });
const samples = fc.oneof(
  fc.array(finite, { minLength: 1, maxLength: 60 }),
  fc.array(coarse, { minLength: 1, maxLength: 60 }),
);

test('counts and picks averages as if all had been made', () => {
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, part) => {
      const sorted = Float64Array.from(values).sort();
      const all = walshOf([...sorted]);
      const k = Math.max(1, Math.ceil(part * all.length));
      const from = Math.min(0, sorted[0] as number);
      const to = Math.max(0, sorted[sorted.length - 1] as number);
      const found = kthWalsh(sorted, k, from, to);
      expect(found + 0).toBe((all[k - 1] as number) + 0);
      expect(walshAtMost(sorted, found)).toBe(all.filter((one) => one <= found).length);
    }),
  );
});

test('a thousand differences, most of them equal, are picked from quickly', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0.1 : i)).sort();
  expect(kthWalsh(values, 250_000, 0, 999)).toBe(0.1);
});

const TWELVE = [0.21, -0.35, 0.08, 1.02, 0.47, -0.11, 0.66, 0.3, -0.02, 0.55, 0.12, 0.9];

describe('twelve differences', () => {
  const ranks = new SignedRank(TWELVE);

  test('the estimate is the median of the averages', () => {
    expect(ranks.estimate()).toBeCloseTo(0.3075, 12); // NumPy: median of all 78
  });

  // SciPy 1.17.1: wilcoxon(x − bound ∓ 1e-9, alternative='greater', method='exact') gives p-values
  // of 0.0212 and 0.0320 around 0.05, 0.0081 and 0.0105 around −0.02, 0.0007 and 0.0012 around −0.185.
  test.each([
    [0.025, 0.05, 0.6],
    [0.01, -0.02, 0.66],
    [0.001, -0.185, 0.9],
  ])('bounds at %f', (level, low, high) => {
    expect(ranks.lowerBound(level)).toBeCloseTo(low, 12);
    expect(ranks.upperBound(level)).toBeCloseTo(high, 12);
  });

  test('no bound at a level that twelve cannot reach', () => {
    expect(ranks.lowerBound(1e-4)).toBe(-Infinity);
    expect(ranks.upperBound(1e-4)).toBe(Infinity);
  });
});

test('of nothing there is no estimate', () => {
  const nothing = new SignedRank([]);
  expect(nothing.estimate()).toBeUndefined();
  expect([nothing.lowerBound(0.01), nothing.upperBound(0.01)]).toEqual([-Infinity, Infinity]);
});

describe('infinite differences', () => {
  const some = (infinite: number[]) => new SignedRank([...TWELVE, ...infinite]);

  test('one sided: the estimate moves that way, and rank order alone counts', () => {
    const one = some([Infinity]);
    expect(one.estimate()).toBeCloseTo(some([1e6]).estimate() as number, 12);
    expect(one.lowerBound(0.01)).toBeCloseTo(some([1e6]).lowerBound(0.01), 12);
    expect(one.upperBound(0.001)).toBe(Infinity);
  });

  test('as many that way as not: the estimate and the bounds come out infinite', () => {
    const most = new SignedRank([...Array(12).fill(Infinity), 0.1, 0.2]);
    expect(most.estimate()).toBe(Infinity);
    expect(most.lowerBound(0.01)).toBe(Infinity);
    expect(most.upperBound(0.01)).toBe(Infinity);
    const mirrored = new SignedRank([...Array(12).fill(-Infinity), 0.1, 0.2]);
    expect([mirrored.estimate(), mirrored.upperBound(0.01)]).toEqual([-Infinity, -Infinity]);
  });

  test('one of each cancels out in the estimate and widens both bounds', () => {
    const both = some([Infinity, -Infinity]);
    expect(both.estimate()).toBeGreaterThan(0.25);
    expect(both.estimate()).toBeLessThan(0.3075);
    expect(both.lowerBound(0.01)).toBeLessThan(-0.02);
    expect(both.upperBound(0.01)).toBeGreaterThan(0.66);
    expect(new SignedRank([Infinity, -Infinity]).estimate()).toBe(0);
  });
});

const withInfinite = fc.array(fc.oneof(finite, coarse, fc.constantFrom(Infinity, -Infinity)), {
  minLength: 5,
  maxLength: 60,
});

test('turned around, everything turns around; bounds enclose the estimate', () => {
  fc.assert(
    fc.property(withInfinite, fc.constantFrom(0.05, 0.01, 0.001), (values, level) => {
      const ranks = new SignedRank(values);
      const turned = new SignedRank(values.map((value) => -value));
      const estimate = ranks.estimate() as number;
      expect((turned.estimate() as number) + 0).toBeCloseTo(-estimate + 0, 9);
      expect(turned.lowerBound(level) + 0).toBe(-ranks.upperBound(level) + 0);
      expect(ranks.lowerBound(level)).toBeLessThanOrEqual(estimate);
      expect(ranks.upperBound(level)).toBeGreaterThanOrEqual(estimate);
    }),
  );
});

test('moved by a constant, estimate and bounds move with the differences', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 8, maxLength: 40 }), finite, (values, by) => {
      const [ranks, moved] = [values, values.map((value) => value + by)].map(
        (each) => new SignedRank(each),
      ) as [SignedRank, SignedRank];
      expect(moved.estimate()).toBeCloseTo((ranks.estimate() as number) + by, 9);
      expect(moved.lowerBound(0.05)).toBeCloseTo(ranks.lowerBound(0.05) + by, 9);
    }),
  );
});

test('of signs drawn by lot the bound is wrong no more often than its level, ties or not', () => {
  // All 2¹² signs of twelve sizes: the exact chance of a bound above the true centre, 0.
  for (const sizes of [
    TWELVE.map(Math.abs),
    Array(12).fill(1),
    [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3],
  ]) {
    for (const level of [0.05, 0.01, 0.001]) {
      let wrong = 0;
      for (let signs = 0; signs < 2 ** 12; signs++) {
        const values = sizes.map((size, i) => ((signs >> i) & 1 ? size : -size));
        if (new SignedRank(values).lowerBound(level) > 0) wrong++;
      }
      expect(wrong / 2 ** 12).toBeLessThanOrEqual(level);
    }
  }
});
