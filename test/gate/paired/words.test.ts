import { describe, expect, test } from 'vitest';
import type { GatedMetric, PairedMetric } from '../../../src/gate/metric.ts';
import {
  failuresWords,
  moreToDecide,
  pairsWords,
  shiftWords,
  whereToLook,
  whyOf,
} from '../../../src/gate/paired/words.ts';

function quantileOf(metric: PairedMetric, better: 'lower' | 'higher'): GatedMetric {
  return { kind: 'quantile', text: `${metric}:p(50)`, metric, p: 0.5, better };
}
const LATENCY = quantileOf('ttft_ms', 'lower');
const SPEED = quantileOf('decode_tokens_per_second', 'higher');
const RATE: GatedMetric = { kind: 'error_rate', text: 'error_rate', better: 'lower' };
const LIMITS = { failFrom: Math.log(1.05), passBelow: Math.log(1.1) };

test.each([
  [LATENCY, Math.log(1.118), '11.8 % higher'],
  [LATENCY, -Math.log(1.118), '10.6 % lower'],
  [SPEED, Math.log(1.1), '9.1 % lower'],
  [SPEED, -Math.log(1.1), '10.0 % higher'],
  [LATENCY, Math.log(21.5), '2,050 % higher'],
  [LATENCY, 0.0001, 'equal'],
  [RATE, 0.02, '2.0 points higher'],
  [RATE, -0.015, '1.5 points lower'],
  [LATENCY, Infinity, 'any amount higher'],
  [LATENCY, -Infinity, 'any amount lower'],
])('%o shifted by %f: %s', (metric, shift, words) => {
  expect(shiftWords(metric, shift)).toBe(words);
});

describe('why', () => {
  const [high, low] = [Math.log(1.118), Math.log(1.031)];

  test('it failed', () => {
    expect(whyOf(LATENCY, 'fail', { estimate: high, low, high: 1 }, LIMITS)).toBe(
      '11.8 % higher; at best 3.1 % higher, so certainly worse, and 5 % higher is enough to fail',
    );
  });

  test('it passed', () => {
    expect(whyOf(SPEED, 'pass', { estimate: -0.01, low: -0.1, high: low }, LIMITS)).toBe(
      '1.0 % higher; at worst 3.0 % lower, and anything below 9.1 % lower passes',
    );
  });

  test('neither', () => {
    expect(whyOf(LATENCY, 'inconclusive', { estimate: low, low: -low, high }, LIMITS)).toBe(
      '3.1 % higher, but it may be anything from 3.0 % lower to 11.8 % higher: neither certainly worse nor certainly below 10 % higher',
    );
    expect(whyOf(LATENCY, 'inconclusive', { estimate: low, low: 0.01, high }, LIMITS)).toMatch(
      /certainly worse, but whether by 10 % higher is open$/,
    );
  });
});

describe('the pairs behind it', () => {
  const none = { failed: 0, timedOut: 0, distorted: 0, missing: 0 };

  test('nothing to say', () => {
    const timedOut = { candidate: 0, baseline: 0 };
    expect(pairsWords({ leftOut: none, timedOut })).toBe('');
  });

  test('timeouts and what was left out', () => {
    const leftOut = { failed: 5, timedOut: 0, distorted: 0, missing: 2 };
    const timedOut = { candidate: 8, baseline: 1 };
    expect(pairsWords({ leftOut, timedOut })).toBe(
      '; timed out on one side: 8 of the candidate, 1 of the baseline' +
        '; 7 pairs left out (5 failed, 2 without this metric)',
    );
  });
});

test('failures with the p-value that anybody can compute from them', () => {
  expect(failuresWords({ candidateOnly: 12, baselineOnly: 3 })).toBe(
    '; 12 pairs failed in the candidate alone, 3 in the baseline alone (McNemar p = 0.018)',
  );
  expect(failuresWords({ candidateOnly: 1, baselineOnly: 0 })).toMatch(/^; 1 pair failed/);
});

describe('how many more it takes', () => {
  test('half as wide takes four times as many: 400 become 1,600', () => {
    const shift = { estimate: 0, low: -0.2, high: 0.2 };
    expect(moreToDecide(shift, { failFrom: 0.05, passBelow: 0.1 }, 400)).toBe(
      'about 1,200 more pairs would decide it, if the change stays as it is',
    );
  });

  test('by failing, where that is nearer', () => {
    const shift = { estimate: 0.09, low: -0.01, high: 0.19 };
    expect(moreToDecide(shift, { failFrom: 0.05, passBelow: 0.1 }, 400)).toBe(
      'about 100 more pairs would decide it, if the change stays as it is',
    );
  });

  test('the noise is too large', () => {
    const shift = { estimate: 0.04, low: -2, high: 2 };
    expect(moreToDecide(shift, LIMITS, 100)).toMatch(/^the noise is too large/);
  });

  test('without an end', () => {
    const shift = { estimate: Infinity, low: -Infinity, high: Infinity };
    expect(moreToDecide(shift, LIMITS, 100)).toMatch(/^the noise is too large/);
  });
});

test('where to look', () => {
  expect(whereToLook(LATENCY)).toMatch(/before the first token/);
  expect(whereToLook(SPEED)).toMatch(/paces the tokens/);
  expect(whereToLook(quantileOf('e2e_ms', 'lower'))).toMatch(/output tokens/);
  expect(whereToLook(RATE)).toMatch(/outcomes/);
});
