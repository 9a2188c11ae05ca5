import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { type ShiftSample, shiftBetween } from '../../src/stats/shift.ts';

const sampleOf = (series: number[], lowestBound = Infinity): ShiftSample => ({
  series: Float64Array.from(series),
  clusters: null,
  lowestBound,
});

/** A sample in an order of time that shows no dependence. */
const mixed = (values: number[]) => values.map((_, i) => values[(9 * i) % values.length] as number);
const X = mixed([
  0.8, 1.2, 1.3, 2.1, 2.2, 2.9, 3.5, 3.7, 4.4, 4.5, 5.3, 5.9, 6.1, 6.6, 7.2, 7.9, 8.8, 9.1, 10.2,
  11.7, 13.1, 15.5,
]);
const Y = mixed([
  2.4, 2.9, 4.1, 4.4, 5.0, 5.8, 6.3, 7.7, 8.1, 8.2, 9.9, 10.4, 11.0, 12.6, 13.9, 14.2, 16.0, 18.3,
  19.5, 22.2, 25.1, 31.0, 40.3,
]);

describe('against SciPy 1.17.1', () => {
  test('few samples: the exact distribution of U', () => {
    // The 4th and the 27th of the 30 differences, their median between.
    const shift = shiftBetween(sampleOf([13, 10, 21, 12, 17]), sampleOf([25, 11, 20, 14, 24, 15]));
    expect(shift).toEqual({ value: 3, interval: { low: -6, high: 12 } });
  });

  test('more: the ends beyond which brunnermunzel gives less than 5 %', () => {
    // Of samples moved to one place: 30.2475 degrees of freedom, the 159th of 506 from either end.
    const shift = shiftBetween(sampleOf(X), sampleOf(Y));
    expect(shift?.value).toBeCloseTo(4.95, 12);
    expect(shift?.interval?.low).toBeCloseTo(1.3, 12);
    expect(shift?.interval?.high).toBeCloseTo(9.7, 12);
  });
});

describe('properties', () => {
  const series = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 40 });

  test('turned round it is the other way round', () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        const there = shiftBetween(sampleOf(a), sampleOf(b));
        const back = shiftBetween(sampleOf(b), sampleOf(a));
        expect(there?.value).toBeCloseTo(-(back?.value as number), 9);
        expect(there?.interval === undefined).toBe(back?.interval === undefined);
        if (there?.interval && back?.interval) {
          expect(there.interval.low).toBe(0 - back.interval.high);
          expect(there.interval.high).toBe(0 - back.interval.low);
        }
      }),
    );
  });

  test('a sample moved moves the shift by as much', () => {
    fc.assert(
      fc.property(series, series, fc.integer({ min: -500, max: 500 }), (a, b, by) => {
        const before = shiftBetween(sampleOf(a), sampleOf(b));
        const after = shiftBetween(sampleOf(a), sampleOf(b.map((value) => value + by)));
        expect(after?.value).toBeCloseTo((before?.value as number) + by, 9);
        expect(after?.interval?.low).toBe(
          before?.interval === undefined ? undefined : before.interval.low + by,
        );
      }),
    );
  });

  test('the value lies in its interval; less certainty makes it no wider', () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        const shift = shiftBetween(sampleOf(a), sampleOf(b));
        const narrow = shiftBetween(sampleOf(a), sampleOf(b), 0.1);
        if (shift?.interval === undefined) return;
        expect(shift.interval.low).toBeLessThanOrEqual(shift.value as number);
        expect(shift.interval.high).toBeGreaterThanOrEqual(shift.value as number);
        expect(narrow?.interval?.low).toBeGreaterThanOrEqual(shift.interval.low);
        expect(narrow?.interval?.high).toBeLessThanOrEqual(shift.interval.high);
      }),
    );
  });

  test('whatever a censored sample is, its shift lies in the interval of the bound', () => {
    const from = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 6, maxLength: 15 });
    const beyond = fc.array(fc.integer({ min: 100, max: 1000 }), { minLength: 0, maxLength: 3 });
    fc.assert(
      fc.property(from, from, beyond, beyond, (a, b, lateA, lateB) => {
        const bound = (late: number[]) => (late.length > 0 ? 100 : Infinity);
        const known = shiftBetween(
          sampleOf([...a, ...lateA.map(() => 100)], bound(lateA)),
          sampleOf([...b, ...lateB.map(() => 100)], bound(lateB)),
        );
        const truth = shiftBetween(sampleOf([...a, ...lateA]), sampleOf([...b, ...lateB]));
        if (known?.value !== undefined) expect(known.value).toBe(truth?.value);
        if (known?.interval === undefined || truth?.interval === undefined) return;
        expect(known.interval.low).toBeLessThanOrEqual(truth.interval.low);
        expect(known.interval.high).toBeGreaterThanOrEqual(truth.interval.high);
      }),
    );
  });
});

describe('dependence', () => {
  const random = createRandom('shift');
  const independent = Array.from({ length: 400 }, () => random.normal());
  let value = 0;
  const slow = Array.from({ length: 400 }, () => {
    value = 0.8 * value + 0.6 * random.normal();
    return value;
  });
  const width = (sample: ShiftSample) => {
    const { low, high } = shiftBetween(sampleOf(independent), sample)?.interval ?? {
      low: Number.NaN,
      high: Number.NaN,
    };
    return high - low;
  };

  test('in time makes the interval wider: the same values in another order do not', () => {
    const shuffled = slow.map((_, i) => slow[(89 * i) % slow.length] as number);
    expect(width(sampleOf(slow))).toBeGreaterThan(1.5 * width(sampleOf(shuffled)));
  });

  test('within cases makes it wider', () => {
    // A hundred cases, each four times with nearly the same value.
    const repeated = independent.map((_, i) => (independent[i % 100] as number) + 0.01 * (i % 3));
    const clusters = Uint32Array.from(repeated, (_, i) => i % 100);
    const sample = sampleOf(repeated);
    expect(width({ ...sample, clusters })).toBeGreaterThan(1.3 * width(sample));
  });

  test('of twenty to two hundred samples worth fewer than twenty: none', () => {
    const trend = sampleOf(Array.from({ length: 60 }, (_, i) => i));
    expect(shiftBetween(trend, sampleOf(independent))?.interval).toBeUndefined();
  });
});

test('two constants differ by what they differ by', () => {
  const of = (value: number) => sampleOf(Array.from({ length: 30 }, () => value));
  expect(shiftBetween(of(1), of(3))).toEqual({ value: 2, interval: { low: 2, high: 2 } });
});

test('nothing of nothing', () => {
  expect(shiftBetween(sampleOf([]), sampleOf([1]))).toBeUndefined();
});
