import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceHigh, differenceLow } from '../../src/stats/score-difference.ts';

// SciPy 1.17.1, without the closed form used here: the likeliest share given each difference by
// minimize_scalar over the multinomial likelihood, and brentq for where the score is ∓Φ⁻¹(level).
test.each([
  [0, 0, 100, 0.01 / 3, -0.06856004, 0.06856004],
  [3, 1, 100, 0.01 / 3, -0.05984481, 0.10896098],
  [12, 3, 200, 0.025, 0.00806058, 0.08917035],
  [30, 30, 400, 0.01 / 3, -0.05466158, 0.05466158],
  [0, 5, 50, 0.05, -0.19153752, -0.04353349],
  [1, 0, 44, 0.025, -0.05939323, 0.1180771],
])('%i against %i of %i pairs at %f', (firstOnly, secondOnly, pairs, level, low, high) => {
  const counts = { firstOnly, secondOnly, pairs };
  expect(differenceLow(counts, level)).toBeCloseTo(low, 6);
  expect(differenceHigh(counts, level)).toBeCloseTo(high, 6);
});

test('without pairs anything is possible', () => {
  const none = { firstOnly: 0, secondOnly: 0, pairs: 0 };
  expect([differenceLow(none, 0.01), differenceHigh(none, 0.01)]).toEqual([-1, 1]);
});

test('with all pairs on one side the bound is the end', () => {
  expect(differenceHigh({ firstOnly: 50, secondOnly: 0, pairs: 50 }, 0.01)).toBeCloseTo(1, 9);
});

test('bounds enclose the difference, lie in [−1, 1], and widen as the level falls', () => {
  const counts = fc
    .record({
      firstOnly: fc.nat(40),
      secondOnly: fc.nat(40),
      alike: fc.integer({ min: 1, max: 200 }),
    })
    .map(({ alike, ...rest }) => ({ ...rest, pairs: rest.firstOnly + rest.secondOnly + alike }));
  fc.assert(
    fc.property(counts, (each) => {
      const difference = (each.firstOnly - each.secondOnly) / each.pairs;
      const [low, high] = [differenceLow(each, 0.01), differenceHigh(each, 0.01)];
      expect(low).toBeLessThanOrEqual(difference);
      expect(high).toBeGreaterThanOrEqual(difference);
      expect(low).toBeGreaterThanOrEqual(-1);
      expect(high).toBeLessThanOrEqual(1);
      expect(differenceHigh(each, 0.001)).toBeGreaterThan(high);
      expect(differenceLow(each, 0.001)).toBeLessThan(low);
    }),
  );
});
