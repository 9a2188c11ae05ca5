import { expect, test } from 'vitest';
import type { GatedMetric } from '../../../src/gate/metric.ts';
import { isTail, Looks, looksOf } from '../../../src/gate/paired/looks.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';

/** Looks at sizes as they come; [pairs, last?] to whether it looked. */
function walk(planned: number[], steps: [number, boolean?][]) {
  const looks = new Looks(planned);
  const taken = steps.map(([pairs, last = false]) => looks.take(pairs, last));
  return { taken, count: looks.taken, over: looks.over };
}

test.each<[string, [number, boolean?][], boolean[], number, boolean]>([
  ['at each planned size', [[100], [200], [400]], [true, true, true], 3, true],
  [
    'not before the first, nor between',
    [[50], [99], [100], [150], [199]],
    [false, false, true, false, false],
    1,
    false,
  ],
  ['once where two sizes were passed at once', [[250], [399], [400]], [true, false, true], 2, true],
  ['not twice at one size', [[100], [100]], [true, false], 1, false],
  ['when the budget ends between looks', [[100], [170, true]], [true, true], 2, true],
  ['not again when the budget ends just at a look', [[100], [100, true]], [true, false], 1, true],
  ['when the budget ends before the first', [[30, true]], [true], 1, true],
  ['no more after the last', [[400], [500], [600, true]], [true, false, false], 1, true],
  ['no more after the end', [[150, true], [400]], [true, false], 1, true],
])('%s', (_, steps, taken, count, over) => {
  expect(walk([100, 200, 400], steps)).toEqual({ taken, count, over });
});

test('never more often than planned', () => {
  const looks = new Looks([10, 20]);
  for (let pairs = 0; pairs < 40; pairs++) looks.take(pairs, pairs === 39);
  expect(looks.taken).toBe(2);
});

test('medians and rates early, tails late', () => {
  const quantile = (p: number): GatedMetric => ({
    kind: 'quantile',
    text: `ttft_ms:p(${100 * p})`,
    metric: 'ttft_ms',
    p,
    better: 'lower',
  });
  const rate: GatedMetric = { kind: 'error_rate', text: 'error_rate', better: 'lower' };
  expect([quantile(0.5), rate, quantile(0.95), quantile(0.05)].map(isTail)).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(looksOf(rate, DEFAULT_GATE)).toEqual([100, 200, 400]);
  expect(looksOf(quantile(0.95), DEFAULT_GATE)).toEqual([1000]);
});
