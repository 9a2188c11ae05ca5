import { expect, test } from 'vitest';
import { mannWhitneyRank } from '../../src/stats/mann-whitney.ts';

// SciPy 1.17.1: how many values of U have P(U ≤ u) ≤ tail, by its exact distribution.
test.each([
  [3, 3, 0.025, 0],
  [4, 4, 0.025, 1],
  [5, 5, 0.025, 3],
  [5, 8, 0.025, 7],
  [8, 5, 0.025, 7],
  [10, 10, 0.025, 24],
  [10, 10, 0.005, 17],
  [19, 19, 0.025, 114],
  [7, 40, 0.025, 75],
  [1, 60, 0.025, 1],
  [12, 30, 0.05, 121],
])('%i and %i values, %f beyond: %i', (n, m, tail, rank) => {
  expect(mannWhitneyRank(n, m, tail)).toBe(rank);
});
