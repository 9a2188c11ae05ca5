import { describe, expect, test } from 'vitest';
import { type Figure, readFigure } from '../../src/frontier/figure.ts';
import { type Need, readNeed } from '../../src/frontier/needs.ts';
import { pickOf } from '../../src/frontier/pick.ts';
import type { Pick } from '../../src/frontier/pick-types.ts';
import { createRandom } from '../../src/random.ts';
import { type ModelShape, madeRun, pooled } from './candidates.ts';

function pick(shapes: ModelShape[], needs: string[], objective: string, confidence = 0.9): Pick {
  const run = madeRun(shapes);
  const figure = readFigure(objective) as Figure;
  return pickOf(pooled([run]), [run.manifest], {
    needs: needs.map((text) => readNeed(text) as Need),
    objective: figure,
    direction: figure.better === 'lower' ? 'minimise' : 'maximise',
    confidence,
  });
}

const modelIn = ({ models }: Pick, name: string) => models.find(({ model }) => model === name);

const MARKET: ModelShape[] = [
  { model: 'large', skill: 0.95, e2eMs: 2000, costUsd: 0.01 },
  { model: 'middle', skill: 0.92, e2eMs: 1000, costUsd: 0.004 },
  { model: 'small', skill: 0.4, e2eMs: 300, costUsd: 0.0005 },
];

describe('the pick', () => {
  test('is the best of those that meet the needs, and sure where it is far from all limits', () => {
    const found = pick(MARKET, ['score>0.7'], 'cost');
    expect(found).toMatchObject({
      verdict: 'sure',
      picked: { model: 'middle' },
      direction: 'minimise',
      cases_needed: null,
      runner_up: { model: 'large' },
    });
    expect(found.probability).toBeGreaterThan(0.95);
    expect(modelIn(found, 'small')).toMatchObject({ meets: 'no', best: 0 });
    expect(modelIn(found, 'small')?.needs).toMatchObject([{ verdict: 'fail', sure: 'fail' }]);
    const { loses_by, behind } = found.runner_up as NonNullable<Pick['runner_up']>;
    expect(loses_by).toMatchObject({ scale: 'ratio' });
    expect(loses_by?.low).toBeLessThan(1.5);
    expect(loses_by?.high).toBeGreaterThan(1.5);
    expect(behind).toBeGreaterThan(0.99);
  });

  test('is unsure where its need hangs by a few answers, and says how many more cases would do', () => {
    const found = pick(
      [
        { model: 'dear', skill: 1, costUsd: 0.01 },
        { model: 'near', skill: (i) => i < 50, costUsd: 0.001 },
      ],
      ['score>0.8'],
      'cost',
    );
    expect(found).toMatchObject({ verdict: 'unsure', picked: { model: 'near' } });
    // 50 of 60 against a limit of 0.8: Beta(50.5, 10.5) lies above it with 0.77, and the other is better.
    expect(found.probability).toBeGreaterThan(0.77);
    expect(found.probability).toBeLessThan(0.9);
    expect(found.models[0]?.needs[0]).toMatchObject({ verdict: 'pass', sure: 'inconclusive' });
    // (0.05 above the limit is 1.28 standard errors at about 240 cases)
    expect(found.cases_needed).toBeGreaterThan(100);
    expect(found.cases_needed).toBeLessThan(400);
  });

  test('between two that are alike is a toss', () => {
    const alike = { skill: 0.8, e2eMs: 700, costUsd: 0.002 };
    const found = pick(
      [
        { model: 'a', ...alike },
        { model: 'b', ...alike },
      ],
      [],
      'score',
    );
    expect(found.verdict).toBe('unsure');
    const sum = found.models.reduce((total, { best }) => total + best, 0);
    expect(sum).toBeCloseTo(1, 9);
  });

  test('by score is a little less sure than Beta distributions say of unlike cases', () => {
    const found = pick(
      [
        { model: 'a', skill: (i) => i < 32, cases: 40, suites: ['one'] },
        { model: 'b', skill: (i) => i < 27, cases: 40, suites: ['one'], seed: 'b' },
      ],
      [],
      'score',
    );
    // The same cases: b is right where a is, so only the five that differ tell: Beta(5.5, 0.5), which lies
    // above a half with more than 0.99; and of two models one is the luckier one.
    expect(found.picked).toMatchObject({ model: 'a' });
    expect(found.probability).toBeGreaterThan(0.92);
    expect(found.probability).toBeLessThan(0.98);
  });
});

describe('a pick is never sure', () => {
  const rival: ModelShape = { model: 'rival', skill: (i) => i < 36 };

  test('of a model that has a grade for its few right answers only', () => {
    const few = { model: 'few', skill: 1, ungraded: (i: number) => i >= 20 };
    const found = pick([few, rival], [], 'score');
    expect(found).toMatchObject({
      verdict: 'unsure',
      picked: { model: 'few' },
      reservation: '67 % of what it was asked has no grade, and its score is of the rest alone',
    });
    expect(found.probability).toBeGreaterThan(0.9);
    expect(modelIn(found, 'few')?.without_grade).toBeCloseTo(40 / 60, 9);
    expect(found.warnings).toEqual([expect.stringContaining('few: 67 % of the answers')]);
  });

  test('of a model whose requests mostly failed, in each pass', () => {
    const found = pick(
      [
        { model: 'few', skill: 1, failing: 0.5, passes: 2 },
        { ...rival, passes: 2 },
      ],
      [],
      'score',
    );
    expect(found).toMatchObject({ verdict: 'unsure', picked: { model: 'few' } });
    expect(modelIn(found, 'few')?.without_grade).toBeGreaterThan(0.35);
    expect(modelIn(found, 'rival')?.without_grade).toBe(0);
  });

  test('but by what nobody has a grade for, or by cost, it may be', () => {
    const ungraded = (i: number) => i >= 40;
    const best = { model: 'best', skill: 1, costUsd: 0.001, ungraded };
    const both = [best, { ...rival, skill: (i: number) => i < 20, costUsd: 0.01, ungraded }];
    expect(pick(both, [], 'score')).toMatchObject({ verdict: 'sure', reservation: null });
    const dear = { ...rival, costUsd: 0.01 };
    expect(pick([best, dear], [], 'score')).toMatchObject({ verdict: 'unsure' });
    expect(pick([best, dear], [], 'cost')).toMatchObject({ verdict: 'sure', reservation: null });
  });

  test('of few graded cases, however many were asked', () => {
    const ungraded = (i: number) => i >= 19;
    const found = pick(
      [
        { model: 'best', skill: 1, ungraded },
        { model: 'rival', skill: 0, ungraded },
      ],
      [],
      'score',
    );
    expect(found).toMatchObject({
      verdict: 'unsure',
      reservation: 'it has grades of 19 cases, and fewer than 20 make nothing sure',
    });
    const { warnings } = pick([{ model: 'best', skill: 1, ungraded }, rival], [], 'e2e');
    expect(warnings).toEqual([]);
  });

  test.each(['cost', 'score'])('by %s of too few cases', (objective) => {
    const [dear, cheap] = [
      { model: 'dear', skill: 0, costUsd: 1 },
      { model: 'cheap', skill: 1, costUsd: 0.001 },
    ];
    const of = (cases: number) =>
      pick(
        [
          { ...dear, cases },
          { ...cheap, cases },
        ],
        [],
        objective,
      );
    for (const cases of [1, 2, 8, 19]) {
      expect(of(cases)).toMatchObject({ verdict: 'unsure', picked: { model: 'cheap' } });
    }
    expect(of(20)).toMatchObject({ verdict: 'sure' });
  });
});

test('of equal ones the likelier is picked', () => {
  const found = pick(
    [
      { model: 'a', skill: 1, cases: 8, suites: ['one'] },
      { model: 'b', skill: 1, cases: 60, suites: ['one'] },
    ],
    [],
    'score',
  );
  expect(found.picked).toMatchObject({ model: 'b' });
});

test('a need may use the short words of what is best, and stands for the median', () => {
  const found = pick(MARKET, ['e2e<1500', 'cost<0.006'], 'score');
  expect(found.picked).toMatchObject({ model: 'middle' });
  const spelled = pick(MARKET, ['e2e_ms:med<1500', 'cost<0.006'], 'score');
  expect(found.probability).toBe(spelled.probability);
  expect(readNeed('tok/s{model:a}>20')).toMatchObject({
    text: 'tok/s{model:a}>20',
    threshold: { observed: { metric: 'decode_tokens_per_second', p: 0.5 }, limit: 20 },
  });
});

describe('no pick', () => {
  test('where none meets the needs', () => {
    const found = pick(MARKET, ['score>0.7', 'e2e_ms:p(50)<100'], 'cost');
    expect(found).toMatchObject({
      verdict: 'none',
      picked: null,
      probability: null,
      runner_up: null,
    });
    expect(found.models).toHaveLength(3);
  });

  test('where nobody can say: nothing was graded', () => {
    const run = { ...madeRun(MARKET), grades: [] };
    const found = pickOf(pooled([run]), [run.manifest], {
      needs: [readNeed('score>0.7') as Need],
      objective: readFigure('cost') as Figure,
      direction: 'minimise',
      confidence: 0.9,
    });
    expect(found).toMatchObject({ verdict: 'unknown', picked: null });
    expect(found.models.every(({ meets }) => meets === 'unknown')).toBe(true);
  });

  test('where what is to be best is n/a for all: everybody is left out', () => {
    const found = pick([{ model: 'a', skill: 1 }], [], 'cost');
    expect(found).toMatchObject({
      models: [],
      left_out: [{ model: 'a', why: expect.stringContaining('n/a') }],
    });
  });
});

describe('who may be picked', () => {
  test('only what was asked every suite', () => {
    const found = pick(
      [
        { model: 'general', skill: 0.9, suites: ['safety', 'chat'], costUsd: 0.01 },
        { model: 'classifier', skill: 1, suites: ['safety'], costUsd: 0.0001 },
      ],
      ['score>0.5'],
      'cost',
    );
    expect(found.picked).toMatchObject({ model: 'general' });
    expect(found.left_out).toMatchObject([{ model: 'classifier', why: 'it was not asked chat' }]);
  });

  test('a need for one model binds no other', () => {
    const found = pick(MARKET, ['score{model:large}>0.99', 'score>0.3'], 'cost');
    expect(found.picked).toMatchObject({ model: 'small' });
    expect(modelIn(found, 'large')?.meets).toBe('no');
    expect(modelIn(found, 'small')?.needs).toHaveLength(1);
  });

  test('a limit on the cost of an answer is judged by draws', () => {
    const found = pick(MARKET, ['cost<0.006'], 'score');
    expect(found.picked).toMatchObject({ model: 'middle' });
    expect(modelIn(found, 'large')?.needs[0]).toMatchObject({ verdict: 'fail', sure: 'fail' });
    expect(modelIn(found, 'middle')?.needs[0]).toMatchObject({ verdict: 'pass', sure: 'pass' });
    expect(found.runner_up?.model).toBe('small');
  });
});

test('how probable a pick is to be the best is about how often it is', () => {
  const random = createRandom('skills');
  const trials = 100;
  let claimed = 0;
  let right = 0;
  for (let trial = 0; trial < trials; trial++) {
    const skills = [0, 1, 2].map(() => 0.6 + 0.35 * random.next());
    const found = pick(
      skills.map((skill, i) => ({ model: `m${i}`, skill, cases: 60, seed: `${trial}` })),
      [],
      'score',
    );
    claimed += found.probability ?? 0;
    right += Number(found.picked?.model === `m${skills.indexOf(Math.max(...skills))}`);
  }
  // It is far from both ends, and 0.12 are three standard errors of so many trials.
  expect(claimed / trials).toBeLessThan(0.9);
  expect(claimed / trials).toBeGreaterThan(0.5);
  expect(Math.abs(claimed - right) / trials).toBeLessThan(0.12);
}, 60_000);

test('everything is plain data', () => {
  const found = pick(MARKET, ['score>0.7'], 'cost');
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});
