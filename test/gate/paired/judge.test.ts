import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorRateShift, medianShift, verdictOf } from '../../../src/gate/paired/judge.ts';
import { mcnemarP } from '../../../src/stats/mcnemar.ts';

const LIMITS = { failFrom: 0.05, passBelow: 0.1 };

test.each([
  ['certainly worse, and by enough', 0.06, 0.001, 0.12, 'fail'],
  ['the estimate just at the limit', 0.05, 0.001, 0.12, 'fail'],
  [
    'certainly worse and certainly below the upper limit: fail comes first',
    0.06,
    0.02,
    0.09,
    'fail',
  ],
  ['certainly worse, but by too little to fail', 0.04, 0.01, 0.09, 'pass'],
  ['certainly worse by little, and no upper limit kept', 0.04, 0.01, 0.11, 'inconclusive'],
  ['a bound at 0 is not above it', 0.06, 0, 0.11, 'inconclusive'],
  ['an upper bound at the limit is not below it', 0.0, -0.1, 0.1, 'inconclusive'],
  ['equal, and known well enough', 0.0, -0.04, 0.04, 'pass'],
  ['better', -0.3, -0.4, -0.2, 'pass'],
  ['nothing bounds it', 0.2, -Infinity, Infinity, 'inconclusive'],
  ['infinitely worse', Infinity, Infinity, Infinity, 'fail'],
  ['no estimate', Number.NaN, -Infinity, Infinity, 'inconclusive'],
])('%s', (_, estimate, low, high, verdict) => {
  expect(verdictOf({ estimate, low, high }, LIMITS)).toBe(verdict);
});

test('a look that is not the last fails only what is certainly worse by half of what fails', () => {
  const counted = { pairs: 100, sent: 100 };
  const shift = { estimate: 0.06, low: 0.01, high: 0.11 };
  const limits = { failFrom: 0.05, passBelow: 0.1 };
  expect(verdictOf(shift, limits, counted, true)).toBe('fail');
  expect(verdictOf(shift, limits, counted, false)).toBe('inconclusive');
  expect(verdictOf({ ...shift, low: 0.026 }, limits, counted, false)).toBe('fail');
  expect(verdictOf({ ...shift, high: 0.09 }, limits, counted, false)).toBe('pass');
});

describe('error rates', () => {
  test('the bound below is above 0 only where exact McNemar rejects', () => {
    const counts = fc.record({
      candidateOnly: fc.nat(40),
      baselineOnly: fc.nat(40),
      alike: fc.integer({ min: 1, max: 300 }),
    });
    const levels = fc.constantFrom(0.01 / 3, 0.01 / 24, 0.05);
    fc.assert(
      fc.property(counts, levels, ({ candidateOnly, baselineOnly, alike }, fail) => {
        const pairs = candidateOnly + baselineOnly + alike;
        const shift = errorRateShift(
          { pairs, candidateOnly, baselineOnly },
          { fail, pass: 0.01 / 3 },
        );
        expect(shift.estimate).toBeCloseTo((candidateOnly - baselineOnly) / pairs, 12);
        if (shift.low > 0) expect(mcnemarP(candidateOnly, baselineOnly)).toBeLessThan(fail);
        expect(shift.low).toBeLessThanOrEqual(shift.estimate);
        expect(shift.high).toBeGreaterThanOrEqual(shift.estimate);
      }),
    );
  });

  test('ten failures of the candidate alone in a hundred pairs fail', () => {
    const counts = { pairs: 100, candidateOnly: 10, baselineOnly: 0 };
    const shift = errorRateShift(counts, { fail: 0.01 / 3, pass: 0.01 / 3 });
    expect(verdictOf(shift, { failFrom: 0.01, passBelow: 0.1 })).toBe('fail');
  });

  test('a hundred pairs without any failure pass', () => {
    const counts = { pairs: 100, candidateOnly: 0, baselineOnly: 0 };
    const shift = errorRateShift(counts, { fail: 0.01 / 24, pass: 0.01 / 3 });
    expect(shift.high).toBeCloseTo(0.0686, 4);
    expect(verdictOf(shift, { failFrom: 0.01, passBelow: 0.1 })).toBe('pass');
  });
});

test('more than half of the pairs infinitely worse are infinitely worse', () => {
  const differences = Float64Array.from({ length: 100 }, (_, i) => (i < 90 ? Infinity : 0.01 * i));
  const shift = medianShift(differences, { fail: 0.01 / 3, pass: 0.01 / 3 });
  expect(shift).toEqual({ estimate: Infinity, low: Infinity, high: Infinity });
});
