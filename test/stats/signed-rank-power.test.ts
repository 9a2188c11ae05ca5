import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts';
import { SignedRank } from '../../src/stats/signed-rank.ts';
import { mirrored, shiftShares, signedRankPower } from '../../src/stats/signed-rank-power.ts';

/** Its quantiles stand for the whole of a standard normal distribution. */
const NORMAL = Float64Array.from({ length: 1000 }, (_, i) => normalQuantile((i + 0.5) / 2000));

test('mirror images are put beside what was seen, in order', () => {
  expect([...mirrored(Float64Array.of(3, -1, Infinity))]).toEqual([
    -Infinity,
    -3,
    -1,
    1,
    3,
    Infinity,
  ]);
});

describe('shares', () => {
  test('are those of a count, own and mirrored values apart', () => {
    const values = mirrored(Float64Array.of(0.5, 1.25, -2, 0.125));
    const shift = 0.3;
    const indices = [...values.keys()];
    const others = (i: number) => indices.filter((j) => j !== i && values[j] !== -(values[i] ?? 0));
    const above = (i: number, j: number) => (values[i] ?? 0) + (values[j] ?? 0) > -2 * shift;
    const g = indices.map((i) => others(i).filter((j) => above(i, j)).length / others(i).length);
    const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
    const found = shiftShares(values, shift);
    expect(found.one).toBe(values.filter((x) => x > -shift).length / values.length);
    expect(found.two).toBeCloseTo(mean(g), 12);
    expect(found.three).toBeCloseTo(mean(g.map((one) => one * one)), 12);
  });

  test('of normal differences are those of the normal distribution', () => {
    for (const shift of [0, 0.1, 0.27, 1]) {
      const { one, two } = shiftShares(mirrored(NORMAL), shift);
      expect(one).toBeCloseTo(normalCdf(shift), 2);
      expect(two).toBeCloseTo(normalCdf(Math.SQRT2 * shift), 2);
    }
  });

  test('a timeout in either arm is no number', () => {
    const { one, two, three } = shiftShares(mirrored(Float64Array.of(Infinity, 1, -2, 0.5)), 0.1);
    for (const share of [one, two, three]) expect(share).toBeGreaterThan(0);
    for (const share of [one, two, three]) expect(share).toBeLessThan(1);
  });
});

describe('power', () => {
  test('without a shift it is the level', () => {
    const shares = shiftShares(mirrored(NORMAL), 0);
    expect(signedRankPower(shares, 400, 0.01)).toBeCloseTo(0.01, 3);
    expect(signedRankPower(shares, 400, 0.5)).toBeCloseTo(0.5, 3);
  });

  // log-normal, s = 0.25 an arm, +10 %: standard normal differences moved by ln 1.1 / (0.25·√2).
  test.each([
    [100, 0.27, 0.01 / 3],
    [200, 0.27, 0.01 / 3],
    [150, 0.2, 0.01 / 18],
    [400, 0.15, 0.01 / 3],
  ])(
    'of %i normal differences moved by %f at %f is what the test itself shows',
    (n, shift, alpha) => {
      const random = createRandom(`power/${n}`);
      const times = 2000;
      let hits = 0;
      for (let time = 0; time < times; time++) {
        const drawn = Float64Array.from({ length: n }, () => random.normal() + shift);
        if (new SignedRank(drawn).lowerBound(alpha) > 0) hits++;
      }
      const power = signedRankPower(shiftShares(mirrored(NORMAL), shift), n, alpha);
      expect(Math.abs(hits / times - power)).toBeLessThan(0.035);
    },
  );

  test('rises with the number and falls with the level', () => {
    const shares = shiftShares(mirrored(NORMAL), 0.2);
    const sizes = [20, 50, 100, 300, 1000];
    const powers = sizes.map((n) => signedRankPower(shares, n, 0.001));
    expect(powers).toEqual([...powers].sort((a, b) => a - b));
    expect(signedRankPower(shares, 100, 0.01)).toBeGreaterThan(signedRankPower(shares, 100, 0.001));
  });

  test('where every difference is the same it is 0 or 1', () => {
    const shares = shiftShares(mirrored(new Float64Array(10)), 0.1);
    expect(signedRankPower(shares, 50, 0.001)).toBe(1);
    expect(signedRankPower(shares, 5, 0.0001)).toBe(0);
  });
});
