import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { SwapPermutation } from '../../src/stats/swap-permutation.ts';

const value = fc.oneof(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.integer({ min: -2, max: 2 }),
);
const pairsOf = (minLength: number) =>
  fc.array(fc.tuple(value, value), { minLength, maxLength: 120 }).map((pairs) => ({
    first: Float64Array.from(pairs, ([one]) => one),
    second: Float64Array.from(pairs, ([, other]) => other),
  }));

function swapsOf(first: Float64Array, second: Float64Array, p: number, seed = 'swaps') {
  return new SwapPermutation(first, second, p, createRandom(seed).next);
}

test('the estimate is the difference of the type 7 quantiles', () => {
  const p = fc.constantFrom(0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99);
  fc.assert(
    fc.property(pairsOf(1), p, ({ first, second }, p) => {
      const of = (values: Float64Array) => quantile(values.slice().sort(), p) as number;
      expect(swapsOf(first, second, p).estimate()).toBeCloseTo(of(first) - of(second), 9);
    }),
  );
});

test('without pairs there is none', () => {
  expect(swapsOf(new Float64Array(0), new Float64Array(0), 0.95).estimate()).toBeUndefined();
});

/** All 2ⁿ swaps, the slow way: the share whose statistic is no smaller than the observed one. */
function exactP(first: number[], second: number[], p: number): number {
  const statistic = (swap: number) => {
    const [one, other] = [[...first], [...second]];
    for (let i = 0; i < one.length; i++) {
      if ((swap >> i) & 1) [one[i], other[i]] = [other[i] as number, one[i] as number];
    }
    const of = (values: number[]) => quantile(Float64Array.from(values).sort(), p) as number;
    return of(one) - of(other);
  };
  const observed = statistic(0);
  let asFar = 0;
  for (let swap = 0; swap < 2 ** first.length; swap++) {
    if (statistic(swap) >= observed - 1e-12) asFar++;
  }
  return asFar / 2 ** first.length;
}

test('rejects where all swaps together would', () => {
  const random = createRandom('small');
  let rejected = 0;
  for (let round = 0; round < 60; round++) {
    const second = Array.from({ length: 10 }, () => random.normal());
    const first = second.map((each) => each + random.normal() + 0.8 * (round % 3));
    const exact = exactP(first, second, 0.75);
    const swaps = swapsOf(Float64Array.from(first), Float64Array.from(second), 0.75);
    // Near the level the drawn permutations may say either.
    if (exact < 0.03) expect(swaps.rejects(0, 1, 0.05)).toBe(true);
    if (exact > 0.08) expect(swaps.rejects(0, 1, 0.05)).toBe(false);
    if (exact < 0.03) rejected++;
  }
  expect(rejected).toBeGreaterThan(5);
});

function normals(n: number, shift: number, seed: string) {
  const random = createRandom(seed);
  const draw = (by: number) => Float64Array.from({ length: n }, () => by + 0.2 * random.normal());
  return { first: draw(shift), second: draw(0) };
}

describe('1,000 pairs, the first arm 25 % up', () => {
  const { first, second } = normals(1000, Math.log(1.25), 'a quarter more');
  const swaps = swapsOf(first, second, 0.95);

  test('is found, and not taken for less than 25 %', () => {
    expect(swaps.rejects(0, 1, 0.01)).toBe(true);
    expect(swaps.rejects(Math.log(1.25), -1, 0.01)).toBe(false);
    expect(swaps.rejects(Math.log(1.5), -1, 0.01)).toBe(true);
  });

  test('bounds enclose the truth, and lie where the tests turn', () => {
    const [low, high] = [swaps.lowerBound(0.01), swaps.upperBound(0.01)];
    expect(low).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(Math.log(1.25));
    expect(high).toBeGreaterThan(Math.log(1.25));
    expect(high).toBeLessThan(0.35);
    expect(swaps.rejects(low, 1, 0.01)).toBe(true);
    expect(swaps.rejects(low + 0.002, 1, 0.01)).toBe(false);
  });

  test('the same seed gives the same bounds, and another nearly so', () => {
    const again = (seed: string) => swapsOf(first, second, 0.95, seed).lowerBound(0.01);
    expect(again('swaps')).toBe(swaps.lowerBound(0.01));
    expect(again('others')).toBeCloseTo(swaps.lowerBound(0.01), 1);
  });

  test('turned around, bounds change places', () => {
    const turned = swapsOf(second, first, 0.95);
    expect(turned.upperBound(0.01)).toBeCloseTo(-swaps.lowerBound(0.01), 1);
  });

  test('a low quantile of the negatives is the same', () => {
    const negatives = swapsOf(
      second.map((each) => -each),
      first.map((each) => -each),
      0.05,
    );
    expect(negatives.estimate()).toBeCloseTo(swaps.estimate() as number, 9);
    expect(negatives.lowerBound(0.01)).toBeCloseTo(swaps.lowerBound(0.01), 1);
  });
});

test('a bound lies beyond its anchor just where the test there rejects', () => {
  for (let seed = 0; seed < 12; seed++) {
    const { first, second } = normals(200, 0.05, `anchor/${seed}`);
    const swaps = swapsOf(first, second, 0.9);
    const rejected = swaps.rejects(0, 1, 0.05);
    const low = swaps.lowerBound(0.05, 0);
    expect(rejected ? low >= 0 : low < 0).toBe(true);
    const high = swaps.upperBound(0.05, 0.1);
    expect(swaps.rejects(0.1, -1, 0.05) ? high <= 0.1 : high > 0.1).toBe(true);
  }
});

describe('replies that never ended', () => {
  const { first, second } = normals(400, 0, 'timeouts');
  const cut = (values: Float64Array, count: number) => values.slice().fill(Infinity, 0, count);

  test('few of them leave a finite estimate', () => {
    const swaps = swapsOf(cut(first, 10), second, 0.95);
    expect(swaps.estimate()).toBeLessThan(1);
  });

  test('enough in one arm: infinitely worse, certainly', () => {
    const swaps = swapsOf(cut(first, 60), second, 0.95);
    expect(swaps.estimate()).toBe(Infinity);
    expect(swaps.rejects(0, 1, 0.01)).toBe(true);
    expect(swaps.upperBound(0.01)).toBe(Infinity);
  });

  test('enough in both: nothing is known', () => {
    const swaps = swapsOf(cut(first, 60), second.slice().reverse().fill(Infinity, 300, 360), 0.95);
    expect(swaps.estimate()).toBe(0);
    expect(swaps.rejects(0, 1, 0.01)).toBe(false);
  });
});

test('pairs that are swapped together count as one', () => {
  // Five lots of twenty equal pairs: of 2⁵ swaps none is rarer than 1 in 32.
  const second = Float64Array.from({ length: 100 }, (_, i) => i / 1000);
  const first = second.map((each) => each + 1);
  const lots = Uint32Array.from(second, (_, i) => Math.floor(i / 20));
  const together = new SwapPermutation(first, second, 0.5, createRandom('lots').next, lots);
  expect(together.rejects(0, 1, 0.01)).toBe(false);
  expect(together.rejects(0, 1, 0.1)).toBe(true);
  expect(swapsOf(first, second, 0.5).rejects(0, 1, 0.01)).toBe(true);
});

test('too few pairs for a level have no bounds', () => {
  const { first, second } = normals(5, 0, 'five');
  const swaps = swapsOf(first, second, 0.5);
  expect(swaps.lowerBound(0.01)).toBe(-Infinity);
  expect(swaps.upperBound(0.01)).toBe(Infinity);
});
