import { describe, expect, test } from 'vitest';
import type { Figure } from '../../src/frontier/figure.ts';
import { readFigure } from '../../src/frontier/figure.ts';
import { type FrontierChoice, frontierOf } from '../../src/frontier/frontier.ts';
import type { Frontier } from '../../src/frontier/types.ts';
import { type ModelShape, madeRun, pooled } from './candidates.ts';

const CHOICE: FrontierChoice = { quality: 'score', speed: readFigure('e2e') as Figure };

function weigh(shapes: ModelShape[], choice: Partial<FrontierChoice> = {}): Frontier {
  const run = madeRun(shapes);
  return frontierOf(pooled([run]), [run.manifest], { ...CHOICE, ...choice });
}

const modelIn = (frontier: Frontier, name: string) =>
  frontier.models.find(({ model }) => model === name) as Frontier['models'][number];

const GOOD = { skill: 0.9, e2eMs: 500, costUsd: 0.001 };

describe('dominated', () => {
  test('by what is better in all three, and surely', () => {
    const frontier = weigh([
      { model: 'good', ...GOOD },
      { model: 'bad', skill: 0.4, e2eMs: 1500, costUsd: 0.01 },
    ]);
    expect(frontier.axes).toEqual(['quality', 'speed', 'cost']);
    expect(modelIn(frontier, 'good')).toMatchObject({ on_frontier: true, dominated_by: [] });
    const [first] = modelIn(frontier, 'bad').dominated_by;
    expect(first).toMatchObject({ model: 'good', cases: 60 });
    expect(first?.probability).toBeGreaterThan(0.99);
    expect(first?.better.cost).toBeGreaterThan(0.99);
    expect(frontier.models.map(({ model }) => model)).toEqual(['good', 'bad']);
  });

  test('not by what costs more, however much better it is', () => {
    const frontier = weigh([
      { model: 'good', ...GOOD, costUsd: 0.1 },
      { model: 'cheap', skill: 0.2, e2eMs: 1500, costUsd: 0.001 },
    ]);
    expect(frontier.models.every(({ on_frontier }) => on_frontier === true)).toBe(true);
  });

  test('not where nothing is surely better: two samples of one model', () => {
    let claims = 0;
    for (let trial = 0; trial < 60; trial++) {
      const shape = { ...GOOD, skill: 0.7, cases: 40 };
      const frontier = weigh([
        { model: 'a', ...shape, seed: `a${trial}` },
        { model: 'b', ...shape, seed: `b${trial}` },
      ]);
      claims += frontier.models.filter(({ on_frontier }) => on_frontier === false).length;
    }
    // Each of 60 pairs has two directions and three axes; a claim needs one of them at 95 % and the
    // other two on the same side, which chance gives at most every twelfth pair.
    expect(claims).toBeLessThanOrEqual(10);
  });

  test('not by what surely fails more often', () => {
    const frontier = weigh([
      { model: 'flaky', ...GOOD, failing: 0.4 },
      { model: 'slow', skill: 0.5, e2eMs: 1500, costUsd: 0.01 },
    ]);
    expect(modelIn(frontier, 'slow').on_frontier).toBe(true);
    expect(modelIn(frontier, 'flaky').error_rate.value).toBeGreaterThan(0.2);
  });

  test('not by what surely goes ungraded more often', () => {
    const frontier = weigh([
      { model: 'few', ...GOOD, ungraded: (i) => i >= 20 },
      { model: 'slow', skill: 0.5, e2eMs: 1500, costUsd: 0.01 },
    ]);
    expect(modelIn(frontier, 'slow').on_frontier).toBe(true);
    expect(frontier.warnings.join('\n')).toContain('few: 67 % of the answers have no grade');
  });

  test('not by too few cases', () => {
    const of = (cases: number) =>
      weigh([
        { model: 'cheap', ...GOOD, cases },
        { model: 'dear', skill: 0, e2eMs: 1500, costUsd: 0.1, cases },
      ]);
    expect(modelIn(of(19), 'dear').on_frontier).toBe(true);
    expect(modelIn(of(20), 'dear').on_frontier).toBe(false);
  });

  test('models that were not asked the same suites share a line', () => {
    const names = ['a', 'b', 'c', 'd'];
    const { warnings } = weigh([
      ...names.map((model) => ({ model, ...GOOD, suites: ['chat'] })),
      { model: 'classifier', ...GOOD, suites: ['safety'] },
    ]);
    expect(warnings.slice(0, 2)).toEqual([
      '4 of 5 models were not asked safety: their figures are of chat alone; -s chooses suites',
      'classifier was not asked chat: its figures are of safety alone; -s chooses suites',
    ]);
  });

  test('not by what was not asked all that it was asked', () => {
    const frontier = weigh([
      { model: 'classifier', ...GOOD, suites: ['safety'] },
      { model: 'general', skill: 0.5, e2eMs: 1500, costUsd: 0.01, suites: ['safety', 'chat'] },
    ]);
    expect(modelIn(frontier, 'general').on_frontier).toBe(true);
    expect(frontier.warnings.join('\n')).toContain('classifier was not asked chat');
  });

  test('by what was asked more, held against it by the cases that both were asked', () => {
    const frontier = weigh([
      { model: 'general', skill: (i) => i < 20, e2eMs: 500, costUsd: 0.001, cases: 60 },
      { model: 'short', skill: (i) => i < 5, e2eMs: 1500, costUsd: 0.01, cases: 20 },
    ]);
    // Over all of its cases general scores 1/3 and short 1/4; over the common ones 1 and 1/4.
    const [first] = modelIn(frontier, 'short').dominated_by;
    expect(first).toMatchObject({ model: 'general', cases: 20 });
    expect(first?.better.quality).toBeGreaterThan(0.99);
    expect(frontier.warnings.join('\n')).toContain('short was asked 20 cases of 60');
  });
});

describe('what cannot be weighed', () => {
  test('without prices cost weighs nothing, and is said to', () => {
    const frontier = weigh([
      { model: 'a', skill: 0.9, e2eMs: 500 },
      { model: 'b', skill: 0.4, e2eMs: 1500 },
    ]);
    expect(frontier.axes).toEqual(['quality', 'speed']);
    expect(modelIn(frontier, 'b').on_frontier).toBe(false);
    expect(modelIn(frontier, 'a').cost_per_request_usd).toMatchObject({ value: null, low: null });
    expect(frontier.warnings.join('\n')).toMatch(/cost is n\/a, for no model has a price/);
  });

  test('a model without a price, among others that have one, is neither on the frontier nor off it', () => {
    const frontier = weigh([
      { model: 'priced', ...GOOD },
      { model: 'unpriced', skill: 0.4, e2eMs: 1500 },
    ]);
    expect(modelIn(frontier, 'unpriced')).toMatchObject({ on_frontier: null, lacking: ['cost'] });
    expect(modelIn(frontier, 'priced').on_frontier).toBe(true);
  });

  test('a run without grades and prices has one axis, on which nobody dominates', () => {
    const run = {
      ...madeRun([
        { model: 'a', skill: 1 },
        { model: 'b', skill: 1, e2eMs: 5000 },
      ]),
      grades: [],
    };
    const frontier = frontierOf(pooled([run]), [run.manifest], CHOICE);
    expect(frontier.axes).toEqual(['speed']);
    expect(frontier.models.map(({ on_frontier }) => on_frontier)).toEqual([null, null]);
    expect(frontier.models[0]?.quality.value).toBeNull();
  });

  test('a model of which every request failed has no figure but its errors', () => {
    const frontier = weigh([
      { model: 'up', ...GOOD },
      { model: 'down', skill: 1, failing: 1 },
    ]);
    expect(modelIn(frontier, 'down')).toMatchObject({
      on_frontier: null,
      lacking: ['quality', 'speed', 'cost'],
      error_rate: { value: 1 },
    });
  });
});

test('an answer costs what was paid for failed requests too', () => {
  const run = madeRun([{ model: 'a', skill: 1, costUsd: 0.01, cases: 2 }]);
  const [first, second] = run.records;
  const records = [
    { ...first, cost_usd: 0.01 },
    { ...second, outcome: 'stalled', cost_usd: 0.03 },
  ] as typeof run.records;
  const frontier = frontierOf(pooled([{ ...run, records }]), [run.manifest], CHOICE);
  expect(frontier.models[0]?.cost_per_request_usd.value).toBeCloseTo(0.04, 12);
  expect(frontier.models[0]?.cost_per_1000_requests_usd.value).toBeCloseTo(40, 9);
});

test('the same runs give the same frontier', () => {
  const shapes = [
    { model: 'a', ...GOOD },
    { model: 'b', ...GOOD, skill: 0.8 },
  ];
  expect(weigh(shapes)).toEqual(weigh(shapes));
});

test('everything is plain data', () => {
  const frontier = weigh([
    { model: 'a', ...GOOD },
    { model: 'b', skill: 1, failing: 1 },
  ]);
  expect(JSON.parse(JSON.stringify(frontier))).toEqual(frontier);
});
