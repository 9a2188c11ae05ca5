import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantile } from '../../src/stats/quantile.ts';
import { quantileInterval } from '../../src/stats/quantile-interval.ts';

/** 1, 2, …, n: a value is its own rank. */
const ranks = (n: number) => Float64Array.from({ length: n }, (_, index) => index + 1);

describe('the ends', () => {
  // SciPy 1.17.1: the roots u of betainc((m + 1)·u, (m + 1)·(1 − u), p) = 0.975 and 0.025.
  test.each([
    [0.5, 20, 20, 0.2937911234054856, 0.7062088765945147],
    [0.9, 44, 44, 0.7973569524794021, 0.9674174656587086],
    [0.95, 96, 96, 0.8984297592068029, 0.9832301480658762],
    [0.99, 459, 459, 0.978977340393125, 0.9968128243302785],
    [0.5, 1000, 1000, 0.4690485390751468, 0.5309514609248531],
    [0.9, 100, 51.25, 0.8056122504495195, 0.9641162709234968],
  ])('at p = %f of %i samples worth %f', (p, n, effectiveN, low, high) => {
    const interval = quantileInterval(ranks(n), p, effectiveN);
    expect(interval?.low).toBeCloseTo((n + 1) * low, 8);
    expect(interval?.high).toBeCloseTo((n + 1) * high, 8);
  });

  test.each([
    ['fewer than 20', 0.5, 100, 19.9],
    ['too few for the upper end at p90', 0.9, 100, 35],
    ['too few for the upper end at p95', 0.95, 100, 71],
    ['too few for the upper end at p99', 0.99, 1000, 366],
    ['too few for the lower end at p10', 0.1, 100, 35],
  ])('%s: none', (_, p, n, effectiveN) => {
    expect(quantileInterval(ranks(n), p, effectiveN)).toBeUndefined();
  });

  test.each([
    [0.5, 20],
    [0.9, 36],
    [0.95, 73],
    [0.99, 368],
  ])('at p = %f there is one from %i on', (p, n) => {
    expect(quantileInterval(ranks(n), p, n)).toBeDefined();
    expect(quantileInterval(ranks(n), p, n - 2)).toBeUndefined();
  });
});

describe('at other levels', () => {
  // SciPy 1.17.1: the roots of betainc((m + 1)·u, (m + 1)·(1 − u), p) = 1 − tail and tail.
  test.each([
    [0.5, 100, 100, 0.01 / 3, 0.36640818303915923, 0.6335918169608412],
    [0.95, 1000, 1000, 0.01 / 24, 0.9251028266703276, 0.9709299481269452],
    [0.9, 400, 210.5, 0.01, 0.8476774993172796, 0.9429196109371427],
  ])('p = %f of %i worth %f at %f', (p, n, m, tail, low, high) => {
    const found = quantileInterval(ranks(n), p, m, Infinity, { low: tail, high: tail });
    expect(found?.low).toBeCloseTo((n + 1) * low, 7);
    expect(found?.high).toBeCloseTo((n + 1) * high, 7);
  });

  test('an end that is not wanted is open, and asks for no samples', () => {
    // Of p95, 60 samples have no high end at 95 %.
    expect(quantileInterval(ranks(60), 0.95, 60)).toBeUndefined();
    const low = quantileInterval(ranks(60), 0.95, 60, Infinity, { low: 0.025, high: 0 });
    expect(low).toEqual({ low: expect.any(Number), high: Infinity });
    expect(
      quantileInterval(ranks(60), 0.95, 60, Infinity, { low: 0, high: 0.025 }),
    ).toBeUndefined();
    const whole = quantileInterval(ranks(200), 0.95, 200);
    expect(quantileInterval(ranks(200), 0.95, 200, Infinity, { low: 0.025, high: 0 })?.low).toBe(
      whole?.low,
    );
    expect(quantileInterval(ranks(200), 0.95, 200, Infinity, { low: 0, high: 0.025 })).toEqual({
      low: -Infinity,
      high: whole?.high,
    });
  });
});

describe('censored samples', () => {
  test('above the interval change nothing', () => {
    expect(quantileInterval(ranks(100), 0.5, 100, 90)).toEqual(
      quantileInterval(ranks(100), 0.5, 100),
    );
  });

  test('that the high end rests on leave it open', () => {
    // The high end lies between the 60th and the 61st.
    const open = { low: expect.closeTo(40.72, 1), high: Infinity };
    expect(quantileInterval(ranks(100), 0.5, 100, 61)).toEqual(open);
    expect(quantileInterval(ranks(100), 0.5, 100, 10)).toEqual(open);
    expect(quantileInterval(ranks(100), 0.5, 100, 61.5)?.high).toBeCloseTo(60.28, 1);
  });

  test('never give ends above those of the true values', () => {
    const waits = fc.array(fc.record({ ms: fc.nat(1000), limitMs: fc.nat(1000) }), {
      minLength: 44,
      maxLength: 120,
    });
    fc.assert(
      fc.property(waits, fc.constantFrom(0.5, 0.9), (pairs, p) => {
        const seen = pairs.map(({ ms, limitMs }) => Math.min(ms, limitMs));
        const cut = pairs.filter(({ ms, limitMs }) => ms > limitMs).map(({ limitMs }) => limitMs);
        const of = (values: number[], bound: number) =>
          quantileInterval(Float64Array.from(values).sort(), p, values.length, bound);
        const whole = of(
          pairs.map(({ ms }) => ms),
          Infinity,
        );
        const found = of(seen, Math.min(Infinity, ...cut));
        expect(found?.low).toBeLessThanOrEqual((whole?.low as number) + 1e-9);
        if (found?.high !== Infinity) expect(found?.high).toBeCloseTo(whole?.high as number, 9);
      }),
    );
  });
});

const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
  minLength: 20,
  maxLength: 300,
});

test('holds the estimate, and widens as samples are worth less', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(0.5, 0.9, 0.95), (values, p) => {
      const sorted = Float64Array.from(values).sort();
      const interval = quantileInterval(sorted, p, sorted.length);
      if (interval === undefined) return;
      const value = quantile(sorted, p) as number;
      expect(interval.low).toBeLessThanOrEqual(value + 1e-6);
      expect(interval.high).toBeGreaterThanOrEqual(value - 1e-6);
      const wider = quantileInterval(sorted, p, 0.9 * sorted.length);
      if (wider === undefined) return;
      expect(wider.low).toBeLessThanOrEqual(interval.low + 1e-6);
      expect(wider.high).toBeGreaterThanOrEqual(interval.high - 1e-6);
    }),
  );
});

test('a million samples are no trouble', () => {
  const interval = quantileInterval(ranks(1_000_000), 0.95, 1_000_000);
  // p·n ± 1.96·√(n·p·(1 − p))
  expect(interval?.low).toBeCloseTo(950_000 - 427.2, -1);
  expect(interval?.high).toBeCloseTo(950_000 + 427.2, -1);
});
