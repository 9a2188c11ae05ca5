import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LateSpans, latenessAt, WaitHistogram } from '../../src/load/lateness.ts';

describe('a histogram of waits', () => {
  test('empty, it knows of no wait', () => {
    const empty = new WaitHistogram();
    expect(empty.quantileMs(0.99)).toBe(0);
    expect(empty.maxMs).toBe(0);
  });

  test('a quantile is never understated, and by 5 % or 0.05 ms at most overstated', () => {
    const waits = fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(waits, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, p) => {
        const histogram = new WaitHistogram();
        for (const waitMs of all) histogram.add(waitMs);
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(p * sorted.length - 1e-9) - 1] ?? 0;
        const found = histogram.quantileMs(p);
        expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        expect(found).toBeLessThanOrEqual(Math.max(0.05, exact * 1.05 * (1 + 1e-9)));
      }),
    );
  });

  test('weights count', () => {
    const histogram = new WaitHistogram();
    histogram.add(1, 98);
    histogram.add(20, 2);
    expect(histogram.quantileMs(0.5)).toBeCloseTo(1, 1);
    expect(histogram.quantileMs(0.99)).toBeCloseTo(20, 0);
    expect(histogram.maxMs).toBe(20);
  });
});

describe('late spans', () => {
  const spans = new LateSpans();
  for (const fromMs of [100, 200, 300]) spans.add(fromMs, fromMs + 20);

  test.each([
    [0, 99, []],
    [0, 100, [100]],
    [115, 205, [100, 200]],
    [121, 199, []],
    [310, 999, [300]],
  ])('from %i to %i', (fromMs, toMs, starts) => {
    expect(spans.within(fromMs, toMs).map((span) => span.fromMs)).toEqual(starts);
  });

  test.each([
    ['before it', 99, 0],
    ['the moment it was due', 100, 0],
    ['within', 105, 5],
    ['at its end', 120, 20],
    ['in the same turn of the loop', 120.9, 20],
    ['long after', 122, 0],
  ])('a stamp %s', (_, instantMs, lateMs) => {
    expect(latenessAt(instantMs, spans.within(0, 1000))).toBe(lateMs);
  });

  test('of spans that overlap, the worst counts', () => {
    const both = [
      { fromMs: 100, toMs: 120 },
      { fromMs: 110, toMs: 121 },
    ];
    expect(latenessAt(118, both)).toBe(18);
  });

  test('the oldest are forgotten before there are too many', () => {
    const many = new LateSpans();
    for (let ms = 0; ms < 200_000; ms++) many.add(ms, ms + 0.5);
    expect(many.within(0, 1000)).toEqual([]);
    expect(many.within(199_990, 200_000)).toHaveLength(10);
  });
});
