import { describe, expect, test } from 'vitest';
import { differenceFrom } from '../../src/baseline/difference.ts';
import type { HistoryIdentity } from '../../src/baseline/types.ts';
import { type PlanParts, planHash } from '../../src/plan/hash.ts';
import { aPlan } from '../commands/stored-runs.ts';

function identity(
  plan: Partial<PlanParts> = {},
  changes: Partial<HistoryIdentity> = {},
): HistoryIdentity {
  const parts = aPlan(plan);
  return {
    simulated: false,
    plan: parts,
    plan_hash: planHash(parts),
    metrics_version: 1,
    ...changes,
  };
}

const base = aPlan();
const [model] = base.models as [PlanParts['models'][number]];
const [suite] = base.suites as [PlanParts['suites'][number]];
const loads = (changes: Partial<PlanParts['load']>) => ({ load: { ...base.load, ...changes } });
const models = (...all: Partial<typeof model>[]) => ({
  models: all.map((each) => ({ ...model, ...each })),
});

describe('from one plan to another', () => {
  const NAMED: [string, Partial<PlanParts>, string][] = [
    ['concurrency', loads({ concurrency: 16 }), 'concurrency 8 → 16'],
    ['a duration', loads({ duration_ms: 60_000 }), 'duration none → 60 s'],
    ['requests', loads({ requests: 100 }), 'requests of each none → 100'],
    [
      'order and warm-up',
      loads({ order: 'interleaved', warmup: 2 }),
      'order parallel → interleaved, warmup 0 → 2',
    ],
    [
      'a suite',
      { suites: [{ name: 'reasoning', hash: 'b'.repeat(64) }] },
      'suite reasoning changed: hash aaaaaaaa → bbbbbbbb',
    ],
    [
      'another suite besides',
      { suites: [suite, { name: 'chat', hash: 'c'.repeat(64) }] },
      'suite chat is new',
    ],
    ['no suite', { suites: [] }, 'suite reasoning is gone'],
    [
      'a parameter',
      models({ parameters: { temperature: 0.2 } }),
      'DeepSeek-R1: temperature 0.6 → 0.2',
    ],
    [
      'a parameter more',
      models({ parameters: { temperature: 0.6, max_tokens: 64 } }),
      'DeepSeek-R1: max_tokens none → 64',
    ],
    ['a model', models({}, { model: 'another' }), 'model another is new'],
    ['a target', models({ target: 'staging' }), 'target market → staging'],
    [
      'the same model at another target besides',
      models({}, { target: 'staging' }),
      'model DeepSeek-R1 at staging is new',
    ],
    [
      'pairs',
      {
        ...loads({ pairs: 400 }),
        comparisons: [{ suite: 'reasoning', candidate: model, baseline: model }],
      },
      'pairs none → 400, sent as models alone → pairs',
    ],
  ];
  test.each(NAMED)('%s', (_, changes, named) => {
    expect(differenceFrom(identity(), identity(changes))).toBe(named);
  });

  test('none between equal ones, whatever order their parameters have', () => {
    expect(differenceFrom(identity(), identity())).toBeNull();
    const one = identity(models({ parameters: { a: 1, b: 2 } }));
    expect(differenceFrom(one, identity(models({ parameters: { b: 2, a: 1 } })))).toBeNull();
  });

  test('an order that differs is one, though every part is the same', () => {
    const two = models({}, { model: 'another' });
    const swapped = models({ model: 'another' }, {});
    expect(differenceFrom(identity(two), identity(swapped))).toMatch(
      /^plan \w{8} → \w{8} \(the order of suites or models\)$/,
    );
  });

  test('only the first of many are named', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ model: `m${index}` }));
    expect(differenceFrom(identity(), identity(models(...many)))).toBe(
      'model DeepSeek-R1 is gone, model m0 is new, model m1 is new, model m2 is new and 4 more',
    );
  });

  test('definitions, and whose figures they are', () => {
    expect(differenceFrom(identity(), identity({}, { metrics_version: 2 }))).toBe(
      'metric definitions 1 → 2',
    );
    expect(differenceFrom(identity(), identity({}, { simulated: true }))).toBe(
      "figures a provider's → simulated",
    );
  });

  test('without its parts a plan has its hash', () => {
    const bare = identity(loads({ repeat: 2 }), { plan: null });
    expect(differenceFrom(identity(), bare)).toMatch(/^plan \w{8} → \w{8}$/);
  });
});
