import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studentCdf, studentQuantile } from '../../src/stats/student.ts';

/** Equal to so many significant digits. */
function expectDigits(actual: number, expected: number, digits: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 10 ** -digits);
}

describe('against SciPy 1.17.1', () => {
  // stats.t.cdf(t, df)
  test.each([
    [-40, 3, 1.7190340394579253e-5],
    [-2.262157162740992, 9, 0.02500000000233785],
    [-0.01, 5, 0.49620400902129097],
    [0, 7, 0.5],
    [1.5, 1, 0.8128329581890011],
    [3.2, 11.5, 0.9959895561497862],
    [-8, 200, 4.939600454665298e-14],
    [0.7, 1e6, 0.7580362663567293],
  ])('P(T ≤ %f) with %f degrees', (t, df, expected) => {
    expectDigits(studentCdf(t, df), expected, df > 1000 ? 8 : 11);
  });

  // stats.t.ppf(p, df)
  test.each([
    [0.01 / 24, 9, -4.912355190344507],
    [0.01, 9, -2.8214379250258093],
    [0.025, 1, -12.706204736174705],
    [0.975, 11, 2.200985160091639],
    [0.995, 2.5, 7.163728138948783],
    [0.3, 30, -0.5300190039065046],
    [1e-10, 4, -416.1751403296041],
    [0.99, 1e6, 2.326351603120805],
    [0.4999, 3, -0.00027206990911051864],
  ])('the quantile at %f with %f degrees', (p, df, expected) => {
    expectDigits(studentQuantile(p, df), expected, df > 1000 ? 8 : 10);
  });
});

test('the ends', () => {
  expect(studentQuantile(0, 3)).toBe(-Infinity);
  expect(studentQuantile(0.5, 3)).toBe(0);
  expect(studentQuantile(1, 3)).toBe(Infinity);
});

test('the quantile undoes the distribution function', () => {
  const t = fc.double({ min: -20, max: 3, noNaN: true });
  fc.assert(
    fc.property(t, fc.double({ min: 1, max: 60, noNaN: true }), (t, df) => {
      expect(studentQuantile(studentCdf(t, df), df)).toBeCloseTo(t, 7);
    }),
  );
});
