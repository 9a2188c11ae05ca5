import { expect, test } from 'vitest';
import type { Baseline } from '../../../src/baseline/types.ts';
import type { GatedMetric } from '../../../src/gate/metric.ts';
import { historyPower } from '../../../src/gate/power/history-needed.ts';
import { DEFAULT_GATE, DEFAULT_METRICS } from '../../../src/gate/settings.ts';
import { aRecord } from '../../metrics/fixtures.ts';
import { aHistory, nights } from '../history/histories.ts';

const [TTFT, , ERRORS] = DEFAULT_METRICS as [GatedMetric, GatedMetric, GatedMetric];
const { target, model, suite } = aRecord();

/** So many runs without a trend, whose logarithms have just this standard deviation. */
function historyOf(runs: number, sd: number): Baseline[] {
  const steps = Array.from({ length: runs }, (_, i) => ((7 * i) % runs) - (runs - 1) / 2);
  const size = Math.sqrt(steps.reduce((sum, one) => sum + one * one, 0) / (runs - 1));
  return aHistory(nights(runs)).map((baseline, i) => ({
    ...baseline,
    rows: baseline.rows.map((row) => ({
      ...row,
      estimates: {
        ...row.estimates,
        ttft_ms_p50: {
          value: 400 * Math.exp(((steps[i] ?? 0) * sd) / size),
          low: null,
          high: null,
          n: 100,
        },
      },
    })),
  }));
}

function answer(history: Baseline[], tests: number, metric = TTFT, changes = [0.1]) {
  const question = { settings: DEFAULT_GATE, tests, changes, certainty: 0.95, checks: 0, seed: '' };
  return historyPower({ target, model, suite }, metric, history, question);
}

// docs/baselines.md: 10 runs, run to run 2 %, +10 %: 88.6 % for K = 1, 35.6 % for K = 24. Of a spread
// that is known to be just so, it is a little more.
test.each([
  [1, 0.886],
  [24, 0.356],
])('10 runs, 2 in 100 apart, K = %i: a tenth more fails with a chance of %f', (tests, chance) => {
  const found = answer(historyOf(10, 0.02), tests);
  expect(found.sd).toBeCloseTo(0.02, 6);
  expect(Math.abs((found.changes[0]?.chance ?? 0) - chance)).toBeLessThan(0.02);
});

test('more runs show it, and the noisier they are the more', () => {
  const runs = (sd: number) => answer(historyOf(10, sd), 1).changes[0]?.runs;
  expect(runs(0.01)).toBe(10);
  // docs/baselines.md: 91 % with 12 runs, 95 % with 20.
  expect(runs(0.02)).toBeGreaterThan(12);
  expect(runs(0.02)).toBeLessThan(23);
  expect(runs(0.06)).toBeNull();
});

test('the smallest change is one that fails as often as was asked for', () => {
  const { smallest_change } = answer(historyOf(11, 0.02), 3);
  const [again] = answer(historyOf(11, 0.02), 3, TTFT, [smallest_change ?? 0]).changes;
  expect(again?.chance).toBeCloseTo(0.95, 2);
});

test('one run has no spread, and of error rates nothing is said', () => {
  expect(answer(historyOf(1, 0), 1).unknown).toMatch(/^1 runs have no spread/);
  expect(answer(historyOf(10, 0.02), 1, ERRORS).unknown).toMatch(/how many requests/);
});
