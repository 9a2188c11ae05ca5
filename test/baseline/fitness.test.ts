import { describe, expect, test } from 'vitest';
import { historyUnfitness } from '../../src/baseline/fitness.ts';
import { toStored } from '../../src/check/stored.ts';
import { DEFAULT_GATE } from '../../src/gate/settings.ts';
import { planHash } from '../../src/plan/hash.ts';
import { Skips } from '../../src/run/skips.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aPlan } from '../commands/stored-runs.ts';
import { aPlannedRow } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

function fitness(load: Partial<ReturnType<typeof aPlan>['load']>, changes: Partial<Manifest>) {
  const plan = aPlan({ load: { ...aPlan().load, ...load } });
  return historyUnfitness(aManifest({ plan_hash: planHash(plan), plan_parts: plan, ...changes }));
}

type Unsent = Parameters<Skips['unsent']>[1];

/** The planned rows of a run of which some was not sent, for these reasons. */
function unsent(...reasons: Unsent[]): Pick<Manifest, 'planned'> {
  const row = aPlannedRow({ planned: 10 });
  const skips = new Skips();
  for (const reason of reasons) skips.unsent(row, reason);
  return { planned: skips.settle([row]) };
}

test('a run that sent its plan is fit, turns behind a failure and models that are closed apart', () => {
  expect(fitness({}, { planned: [aPlannedRow({ planned: 10 })] })).toBeNull();
  expect(fitness({}, unsent('conversation'))).toBeNull();
  expect(fitness({}, unsent('refused'))).toBeNull();
});

describe('a run that sent now more, now less', () => {
  const where = 'it was cut short: DeepSeek-R1, reasoning:';

  test.each<[Unsent[], string]>([
    [['max_cost'], 'the budget (max cost) was spent'],
    [['conversation', 'max_tokens'], 'the limit of output tokens was reached'],
    [['duration'], "the run's time was up"],
  ])('is unfit where a budget ended it: %j', (reasons, said) => {
    expect(fitness({ requests: 10 }, unsent(...reasons))).toBe(`${where} ${said}`);
  });

  test('but not where time is what its plan ends by', () => {
    const load = { duration_ms: 60_000, requests: null };
    expect(fitness(load, unsent('duration'))).toBeNull();
    expect(fitness({ ...load, requests: 10 }, unsent('duration'))).toContain('time was up');
    expect(fitness(load, unsent('duration', 'max_cost'))).toContain('max cost');
  });

  test('is unfit where it is a check that goes on until its verdict', () => {
    const arm = { target: 'market', model: 'DeepSeek-R1', label: 'DeepSeek-R1' };
    const comparisons = [{ suite: 'reasoning', candidate: arm, baseline: arm }];
    const check = toStored({ comparisons: [], thresholds: [], settings: DEFAULT_GATE, graded: {} });
    expect(fitness({}, { check })).toMatch(/^it is a check of limits/);
    expect(fitness({}, { check: { ...check, comparisons } })).toMatch(/^it is a check of pairs/);
  });
});
