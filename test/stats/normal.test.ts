import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalDensity, normalQuantile } from '../../src/stats/normal.ts';

/** Equal to so many significant digits. */
function expectDigits(actual: number, expected: number, digits: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 10 ** -digits);
}

describe('against SciPy 1.17.1', () => {
  // stats.norm.cdf(x)
  test.each([
    [-37.5, 4.605353009581954e-308],
    [-10, 7.61985302416047e-24],
    [-6, 9.865876450376946e-10],
    [-3, 0.0013498980316300933],
    [-2.5, 0.006209665325776132],
    [-1.2345, 0.10850832336267019],
    [0, 0.5],
    [0.1, 0.539827837277029],
    [1.96, 0.9750021048517795],
    [2.5, 0.9937903346742238],
    [4.5, 0.9999966023268753],
  ])('Φ(%f)', (x, expected) => expectDigits(normalCdf(x), expected, 12));

  // stats.norm.ppf(p)
  test.each([
    [1e-300, -37.0470962993612],
    [1e-12, -7.034483825301131],
    [0.01 / 24, -3.341478956038596],
    [0.01 / 3, -2.713051888472718],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
    [0.999, 3.090232306167813],
  ])('the quantile at %f', (p, expected) => expectDigits(normalQuantile(p), expected, 12));
});

test('the ends', () => {
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
});

test('the quantile undoes the distribution function, which is symmetric', () => {
  fc.assert(
    fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
      expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
      if (x < 3) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 9);
    }),
  );
});

test('the density is the slope of the distribution function', () => {
  for (const x of [-3, -2.5, -1, 0, 2.5, 4]) {
    const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
    expect(normalDensity(x)).toBeCloseTo(slope, 9);
  }
});
