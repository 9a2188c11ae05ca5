import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import {
  type PairedDifferences,
  pairedShareInterval,
  pairedShift,
} from '../../src/stats/paired-shift.ts';

const known = (series: number[], clusters: Uint32Array | null = null): PairedDifferences => ({
  lowest: Float64Array.from(series),
  highest: Float64Array.from(series),
  clusters,
});
const random = createRandom('paired');
const independent = Array.from({ length: 300 }, () => 0.1 + random.normal());
const widthOf = (pairs: PairedDifferences) => {
  const { low, high } = pairedShift(pairs)?.interval ?? { low: Number.NaN, high: Number.NaN };
  return high - low;
};

test('against SciPy 1.17.1: all the shifts that wilcoxon does not refute at 5 %', () => {
  // 25 differences; the 90th and the 236th of their 325 Walsh averages.
  const series = Array.from({ length: 25 }, (_, i) => ((i * 37) % 101) / 10 - 3 + i * 0.01);
  const shift = pairedShift(known(series));
  expect(shift?.value).toBeCloseTo(1.945, 12);
  expect(shift?.interval?.low).toBeCloseTo(0.605, 12);
  expect(shift?.interval?.high).toBeCloseTo(3.285, 12);
});

describe('dependence makes the interval wider', () => {
  test('in time', () => {
    let value = 0;
    const slow = Array.from({ length: 300 }, () => {
      value = 0.7 * value + random.normal();
      return value;
    });
    const shuffled = slow.map((_, i) => slow[(89 * i) % slow.length] as number);
    expect(widthOf(known(slow))).toBeGreaterThan(1.4 * widthOf(known(shuffled)));
  });

  test('within cases', () => {
    const repeated = independent.map((_, i) => (independent[i % 75] as number) + 0.01 * (i % 3));
    const clusters = Uint32Array.from(repeated, (_, i) => i % 75);
    expect(widthOf(known(repeated, clusters))).toBeGreaterThan(1.3 * widthOf(known(repeated)));
  });

  test('and pairs worth fewer than twenty have none', () => {
    expect(pairedShift(known(Array.from({ length: 60 }, (_, i) => i)))?.interval).toBeUndefined();
    expect(pairedShift(known(independent.slice(0, 19)))?.interval).toBeUndefined();
    expect(pairedShift(known([]))).toBeUndefined();
  });
});

describe('differences that are not known', () => {
  test('lie anywhere in the interval that allows for both', () => {
    const open = independent.map((value, i) => (i % 50 === 0 ? Infinity : value));
    const pairs = { ...known(independent), highest: Float64Array.from(open) };
    const shift = pairedShift(pairs);
    expect(shift?.value).toBeUndefined();
    expect(shift?.interval?.low).toBe(pairedShift(known(independent))?.interval?.low);
    expect(shift?.interval?.high).toBe(pairedShift(known(open))?.interval?.high);
  });

  test('leave an end open where they are many', () => {
    const pairs = known(independent);
    pairs.highest.fill(Infinity, 0, 200);
    expect(pairedShift(pairs)?.interval?.high).toBe(Infinity);
  });
});

describe('shares', () => {
  const hits = (share: number, seed: string) => {
    const { next } = createRandom(seed);
    return Uint8Array.from({ length: 400 }, () => (next() < share ? 1 : 0));
  };

  test('lie in their interval, which is the other way round when turned round', () => {
    const [base, other] = [hits(0.05, 'a'), hits(0.15, 'b')];
    const there = pairedShareInterval({ base, other, clusters: null });
    const back = pairedShareInterval({ base: other, other: base, clusters: null });
    expect(there?.low).toBeGreaterThan(0);
    expect(there?.high).toBeLessThan(0.2);
    expect(there?.low).toBeCloseTo(-(back?.high as number), 9);
  });

  test('of too few pairs: none', () => {
    const few = hits(0.5, 'c').subarray(0, 19);
    expect(pairedShareInterval({ base: few, other: few, clusters: null })).toBeUndefined();
  });
});
