import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { censoredQuantile, minimumSamples, quantile } from '../../src/stats/quantile.ts';

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
const ascending = (values: number[]) => Float64Array.from(values).sort();

describe('quantile, Hyndman–Fan type 7', () => {
  // R 4.3: quantile(c(1, 3, 4, 8, 10), p, type = 7)
  test.each([
    [0, 1],
    [0.1, 1.8],
    [0.25, 3],
    [0.5, 4],
    [0.9, 9.2],
    [0.95, 9.6],
    [1, 10],
  ])('p = %f of 1, 3, 4, 8, 10 is %f', (p, expected) => {
    expect(quantile([1, 3, 4, 8, 10], p)).toBeCloseTo(expected, 12);
  });

  test('of an even count, the median is the mean of the middle two', () => {
    expect(quantile([1, 2, 3, 10], 0.5)).toBe(2.5);
  });

  test('of nothing there is none', () => {
    expect(quantile([], 0.5)).toBeUndefined();
  });

  test('lies within the sample and ascends with p', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(samples, p, p, (values, a, b) => {
        const sorted = ascending(values);
        const low = quantile(sorted, Math.min(a, b)) as number;
        const high = quantile(sorted, Math.max(a, b)) as number;
        const slack = 1e-9 * (1 + Math.abs(high));
        expect(low).toBeLessThanOrEqual(high + slack);
        expect(low).toBeGreaterThanOrEqual((sorted[0] as number) - slack);
        expect(high).toBeLessThanOrEqual((sorted.at(-1) as number) + slack);
      }),
    );
  });

  test('follows a change of unit', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const sorted = ascending(values);
        const doubled = sorted.map((value) => 2 * value);
        expect(quantile(doubled, 0.95)).toBeCloseTo(2 * (quantile(sorted, 0.95) as number), 6);
      }),
    );
  });
});

test.each([
  [0.5, 7],
  [0.9, 44],
  [0.95, 90],
  [0.99, 459],
  [0.999, 4603],
  [0.1, 44],
])('p = %f needs %i samples', (p, n) => {
  expect(minimumSamples(p)).toBe(n);
});

describe('censored quantile', () => {
  test('is exact where every bound lies above what it rests on', () => {
    expect(censoredQuantile([1, 2, 3, 4, 100], 0.5, 100)).toEqual({ value: 3, atLeast: false });
  });

  test('is a lower bound from the bound upwards', () => {
    expect(censoredQuantile([1, 2, 3, 100, 100], 0.75, 100)).toEqual({ value: 100, atLeast: true });
    expect(censoredQuantile([1, 2, 3, 100], 1, 2)).toEqual({ value: 100, atLeast: true });
  });

  test('is a lower bound where it lies between a sample and a bound', () => {
    // Between 3 and a wait given up at 10: 7.9 is below the bound, yet rests on it.
    const found = censoredQuantile([1, 2, 3, 10], 0.9, 10);
    expect(found?.value).toBeCloseTo(7.9, 12);
    expect(found?.atLeast).toBe(true);
  });

  test('of nothing there is none', () => {
    expect(censoredQuantile([], 0.5, Infinity)).toBeUndefined();
  });

  test('is never above the quantile of the true values', () => {
    const waits = fc.array(fc.record({ ms: fc.nat(1000), limitMs: fc.nat(1000) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(waits, fc.constantFrom(0.5, 0.9, 0.95), (pairs, p) => {
        const seen = ascending(pairs.map(({ ms, limitMs }) => Math.min(ms, limitMs)));
        const truth = quantile(ascending(pairs.map(({ ms }) => ms)), p) as number;
        const bounds = pairs.filter(({ ms, limitMs }) => ms > limitMs);
        const lowest = Math.min(Infinity, ...bounds.map(({ limitMs }) => limitMs));
        const found = censoredQuantile(seen, p, lowest) as { value: number; atLeast: boolean };
        expect(found.value).toBeLessThanOrEqual(truth + 1e-9);
        if (!found.atLeast) expect(found.value).toBeCloseTo(truth, 9);
      }),
    );
  });
});
