import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betterOf, type GatedMetric } from '../../../src/gate/metric.ts';
import { changeOf, shiftLimits } from '../../../src/gate/paired/change.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';

function quantileOf(metric: 'ttft_ms' | 'decode_tokens_per_second', p = 0.5): GatedMetric {
  return { kind: 'quantile', text: `${metric}:p(${100 * p})`, metric, p, better: betterOf(metric) };
}
const LATENCY = quantileOf('ttft_ms');
const SPEED = quantileOf('decode_tokens_per_second');
const RATE: GatedMetric = { kind: 'error_rate', text: 'error_rate', better: 'lower' };
const SHIFT = { estimate: Math.log(1.1), low: Math.log(1.05), high: Math.log(1.2) };

test('a latency that is 1.1 times as long', () => {
  expect(changeOf(LATENCY, SHIFT, 0.01)).toEqual({
    scale: 'ratio',
    estimate: expect.closeTo(0.1, 12),
    low: expect.closeTo(0.05, 12),
    high: expect.closeTo(0.2, 12),
    confidence: 0.98,
  });
});

test('a speed that is worse by 1.1 has changes below 0, and its bounds change places', () => {
  expect(changeOf(SPEED, SHIFT, 0.01)).toMatchObject({
    estimate: expect.closeTo(1 / 1.1 - 1, 12),
    low: expect.closeTo(1 / 1.2 - 1, 12),
    high: expect.closeTo(1 / 1.05 - 1, 12),
  });
});

test('an error rate is a difference as it stands', () => {
  const shift = { estimate: 0.02, low: -0.01, high: 0.06 };
  expect(changeOf(RATE, shift, 0.01)).toMatchObject({ scale: 'difference', ...shift });
});

test('what is infinite is not known', () => {
  const shift = { estimate: Infinity, low: -Infinity, high: Infinity };
  const unknown = { estimate: null, low: null, high: null };
  expect(changeOf(LATENCY, shift, 0.01)).toMatchObject(unknown);
  expect(changeOf(SPEED, { ...shift, estimate: 0 }, 0.01)).toMatchObject({ low: null, high: null });
});

test('low ≤ estimate ≤ high, whichever way the metric points', () => {
  const step = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), step, step, (estimate, down, up) => {
      for (const metric of [LATENCY, SPEED, RATE]) {
        const shift = { estimate, low: estimate - down, high: estimate + up };
        const change = changeOf(metric, shift, 0.01);
        expect(change.low).toBeLessThanOrEqual(change.estimate as number);
        expect(change.high).toBeGreaterThanOrEqual(change.estimate as number);
      }
    }),
  );
});

test('limits are those of a median, a tail or a rate', () => {
  expect(shiftLimits(SPEED, DEFAULT_GATE)).toEqual({
    failFrom: expect.closeTo(Math.log(1.05), 12),
    passBelow: expect.closeTo(Math.log(1.1), 12),
  });
  expect(shiftLimits(quantileOf('ttft_ms', 0.95), DEFAULT_GATE)).toEqual({
    failFrom: expect.closeTo(Math.log(1.125), 12),
    passBelow: expect.closeTo(Math.log(1.25), 12),
  });
  expect(shiftLimits(RATE, DEFAULT_GATE)).toEqual({ failFrom: 0.01, passBelow: 0.1 });
});
