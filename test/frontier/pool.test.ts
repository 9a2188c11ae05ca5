import { describe, expect, test } from 'vitest';
import { Cases } from '../../src/frontier/cases.ts';
import { aGrade, aRecord, gradeKeyOf } from '../metrics/fixtures.ts';
import { madeRun, pooled } from './candidates.ts';

describe('one run', () => {
  const run = madeRun([
    { model: 'a', skill: (i) => i < 30, suites: ['chat', 'reasoning'], cases: 40 },
    { model: 'b', skill: 1, suites: ['reasoning'], cases: 40 },
  ]);

  test('suites are taken together, case by case', () => {
    const [a, b] = pooled([run]);
    expect(a).toMatchObject({ model: 'a', suites: ['chat', 'reasoning'] });
    expect(a?.evidence.row.requests).toMatchObject({ planned: 80, ok: 80, skipped: 0 });
    expect(a?.evidence.row.estimates.score).toMatchObject({ value: 0.75, n: 80 });
    expect(a?.evidence.samples.keys.caseCount).toBe(80);
    expect(b?.suites).toEqual(['reasoning']);
  });

  test('suites, models and targets can be chosen', () => {
    expect(pooled([run], { suites: ['chat'] }).map(({ model }) => model)).toEqual(['a']);
    expect(pooled([run], { models: ['b'] }).map(({ model }) => model)).toEqual(['b']);
    expect(pooled([run], { targets: ['elsewhere'] })).toEqual([]);
  });

  test('equal prompts of two models have one number, of two suites two', () => {
    const [a, b] = pooled([run]);
    const cases = new Cases();
    const ofA = cases.numbersOf(a?.evidence.samples.keys as never);
    const ofB = cases.numbersOf(b?.evidence.samples.keys as never);
    expect(cases.count).toBe(80);
    expect([...ofB].every((number) => ofA.includes(number))).toBe(true);
    expect(new Set(cases.strata())).toEqual(new Set([0, 1]));
  });
});

describe('several runs', () => {
  const shapes = [{ model: 'a', skill: 1, cases: 30 }];

  test('of one seed and suite see the same cases again', () => {
    const [a] = pooled([madeRun(shapes), madeRun(shapes, { run_id: 'second' })]);
    expect(a?.evidence.row.requests.ok).toBe(60);
    expect(a?.evidence.samples.keys.caseCount).toBe(30);
  });

  test('of other seeds see other cases', () => {
    const [a] = pooled([madeRun(shapes), madeRun(shapes, { run_id: 'second', seed: '43' })]);
    expect(a?.evidence.samples.keys.caseCount).toBe(60);
  });

  test('are laid end to end, so that none was under way with another', () => {
    const [a] = pooled([madeRun(shapes), madeRun(shapes, { run_id: 'second' })]);
    expect(a?.evidence.row.concurrency_max).toBe(1);
    const [one] = pooled([madeRun(shapes)]);
    const window = (one?.evidence.row.window_ms ?? 0) * 2;
    expect(a?.evidence.row.window_ms).toBeCloseTo(window + 1000, 0);
  });
});

test('a conversation is one case of each run', () => {
  const turns = [0, 1].map((turn) => aRecord({ request_id: `r${turn}`, turn, case_id: 'talk' }));
  const grades = turns.map((record, i) =>
    aGrade({
      ...gradeKeyOf(record),
      turn: i,
      graded_turns: 2,
      conversation_id: 'c1',
      grade: i === 0 ? 'right' : 'wrong',
    }),
  );
  const run = {
    ...madeRun([{ model: 'DeepSeek-R1', skill: 1, cases: 1 }]),
    records: turns,
    grades,
  };
  const [one] = pooled([run, { ...run, manifest: { ...run.manifest, run_id: 'second' } }]);
  expect(one?.evidence.row.grades).toMatchObject({ right: 0, wrong: 2 });
  expect(one?.evidence.row.estimates.score).toMatchObject({ value: 0.5, n: 2 });
});

test('what was not measured is in none of it', () => {
  const run = madeRun([{ model: 'DeepSeek-R1', skill: 1, cases: 1 }]);
  const records = [aRecord({ phase: 'warmup' })];
  expect(pooled([{ ...run, records, grades: [] }])).toEqual([]);
});
