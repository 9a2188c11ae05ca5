import { describe, expect, test } from 'vitest';
import { budgetProblems, estimatePlan } from '../../src/plan/budget.ts';
import { estimateUpper } from '../../src/plan/estimate.ts';
import { buildPlan, type ListedTarget, type Plan } from '../../src/plan/plan.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import type { Suite } from '../../src/suite/types.ts';
import { caseOf, modelOf, NO_LIMITS, settingsOf, suiteOf, targetOf } from './fixtures.ts';

const plan = (suite: Suite, targets: ListedTarget[], warmup = 0): Plan =>
  buildPlan({ suites: [suite], targets, settings: settingsOf({ warmup }) });

describe('the upper estimate of a request', () => {
  const model = modelOf('a', { price: { input_per_mtok: 1_000_000, output_per_mtok: 2_000_000 } });

  test('bounds prompt tokens by bytes, and the answer by max_tokens', () => {
    const messages = [{ role: 'user' as const, content: 'こんにちは' }];
    const upper = estimateUpper(messages, 0, { max_tokens: 10 }, model);
    expect(upper.promptTokensUpper).toBeGreaterThanOrEqual(15);
    expect(upper.outputTokensUpper).toBe(10);
    expect(upper.costUpperUsd).toBe(upper.promptTokensUpper + 20);
  });

  test.each([
    [{ max_completion_tokens: 5, max_tokens: 10 }, 5],
    [{ max_tokens: '10' }, null],
    [{}, null],
  ])('%j bounds the answer by %s', (parameters, bound) => {
    const upper = estimateUpper([], 0, parameters, model);
    expect(upper.outputTokensUpper).toBe(bound);
    if (bound === null) expect(upper.costUpperUsd).toBeNull();
  });

  test('a turn pays for all that was said before', () => {
    const talk = suiteOf('s', [
      caseOf('c', { turns: turnsGradedAtEnd(['one', 'two', 'three'], []) }),
    ]);
    const [one, two, three] = plan(talk, [targetOf('market', [modelOf('a')])]).requests;
    const perTurn = (two?.costUpperUsd ?? 0) - (one?.costUpperUsd ?? 0);
    // 100 tokens of answer at 1 USD per million, and the prompt itself.
    expect(perTurn).toBeGreaterThan(100 / 1e6);
    expect(three?.costUpperUsd ?? 0).toBeGreaterThan((two?.costUpperUsd ?? 0) + 100 / 1e6);
  });
});

describe('what a plan may come to', () => {
  const suite = suiteOf('s', [caseOf('x'), caseOf('y')]);

  test('is the sum of all requests, warm-up included', () => {
    const cost = estimatePlan(plan(suite, [targetOf('market', [modelOf('a'), modelOf('b')])], 1));
    expect(cost).toMatchObject({ requests: 6, warmupRequests: 2, outputTokensUpper: 600 });
    expect(cost.costUpperUsd).toBeGreaterThan((600 * 2) / 1e6);
  });

  test('is unknown where a price or a bound is', () => {
    const unpriced = [targetOf('market', [modelOf('a', { price: null })])];
    expect(estimatePlan(plan(suite, unpriced))).toMatchObject({
      costUpperUsd: null,
      outputTokensUpper: 200,
    });
    const unbounded = suiteOf('s', [caseOf('x', { parameters: {} })]);
    expect(estimatePlan(plan(unbounded, [targetOf('market', [modelOf('a')])]))).toMatchObject({
      costUpperUsd: null,
      outputTokensUpper: null,
    });
  });
});

describe('what a limit of money lacks', () => {
  const suite = suiteOf('s', [caseOf('x'), caseOf('y', { parameters: {} })]);
  const targets = [
    targetOf('market', [
      modelOf('bounded', { parameters: { max_tokens: 5 } }),
      modelOf('unbounded'),
      modelOf('unpriced', { price: null, parameters: { max_tokens: 5 } }),
      modelOf('neither', { price: null }),
    ]),
  ];

  test('is said of each model', () => {
    const limits = { ...NO_LIMITS, costUsd: 1 };
    expect(budgetProblems(plan(suite, targets), targets, limits)).toEqual([
      'unbounded lacks max_tokens',
      'unpriced lacks a price',
      'neither lacks a price and max_tokens',
    ]);
  });

  test('is nothing where there is no such limit', () => {
    expect(budgetProblems(plan(suite, targets), targets, NO_LIMITS)).toEqual([]);
  });
});
