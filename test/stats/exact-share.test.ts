import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOfAsFew, chanceOfAsMany, exactShareInterval } from '../../src/stats/exact-share.ts';

// SciPy 1.17.1: beta.ppf(tail, k, n − k + 1) and beta.ppf(1 − tail, k + 1, n − k)
test.each([
  [3, 100, 0.01 / 3, 0.002943521649295523, 0.11032487205381329],
  [0, 568, 0.01 / 3, 0, 0.009991619317993613],
  [12, 250, 0.01 / 24, 0.014815045418169583, 0.11030609718577258],
  [10, 10, 0.01, 0.6309573444801932, 1],
  [7.5, 51.25, 0.01, 0.05308290975977878, 0.2973903248581702],
])('%f of %f at %f: from %f to %f', (hits, n, tail, low, high) => {
  const found = exactShareInterval(hits / n, n, { low: tail, high: tail });
  expect(found.low).toBeCloseTo(low, 11);
  expect(found.high).toBeCloseTo(high, 11);
});

// SciPy 1.17.1: binom.sf(k − 1, n, p) and binom.cdf(k, n, p)
test.each([
  [4, 100, 0.01, 0.018374036444649678, 0.9965676784122455],
  [0, 568, 0.01, 1, 0.003317344170629882],
  [2, 974, 0.01, 0.9993923632035848, 0.003318146399606026],
  [31, 1000, 0.01, 6.419928603137628e-8, 0.9999999806184432],
])('%i or more, and %i or fewer, of %i at %f', (hits, n, p, many, few) => {
  expect(chanceOfAsMany(hits / n, n, p)).toBeCloseTo(many, 11);
  expect(chanceOfAsFew(hits / n, n, p)).toBeCloseTo(few, 11);
});

describe('whatever was counted', () => {
  const trials = fc.integer({ min: 1, max: 2000 });
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const tail = fc.double({ min: 1e-5, max: 0.1, noNaN: true });

  test('the ends lie around the share, and are there where the tails are', () => {
    fc.assert(
      fc.property(trials, part, tail, tail, (n, of, low, high) => {
        const share = Math.round(of * n) / n;
        const found = exactShareInterval(share, n, { low, high });
        expect(found.low).toBeLessThanOrEqual(share);
        expect(found.high).toBeGreaterThanOrEqual(share);
        if (share > 0) expect(chanceOfAsMany(share, n, found.low)).toBeCloseTo(low, 9);
        if (share < 1) expect(chanceOfAsFew(share, n, found.high)).toBeCloseTo(high, 9);
      }),
    );
  });

  test('an end without a tail is open', () => {
    fc.assert(
      fc.property(trials, part, (n, share) => {
        expect(exactShareInterval(share, n, { low: 0, high: 0 })).toEqual({ low: 0, high: 1 });
      }),
    );
  });
});
