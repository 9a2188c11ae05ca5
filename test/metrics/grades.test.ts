import { describe, expect, test } from 'vitest';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RowGrades, SummaryRow } from '../../src/metrics/types.ts';
import type { Grade, Mark } from '../../src/score/types.ts';
import { wilsonInterval } from '../../src/stats/wilson.ts';
import { aGrade, aPlannedRow, aRecord } from './fixtures.ts';

function rowOf(grades: Partial<Grade>[]): SummaryRow {
  const summariser = new Summariser({});
  for (const grade of grades) summariser.addGrade(aGrade(grade));
  const [row] = summariser.rows([aPlannedRow({ planned: grades.length })]);
  if (row === undefined) throw new Error('no row');
  return row;
}

function gradesOf(grades: Partial<Grade>[]): RowGrades {
  const { grades: found } = rowOf(grades);
  if (found === undefined) throw new Error('no grades');
  return found;
}

/** One case of each mark. */
const marked = (...marks: Mark[]): Partial<Grade>[] =>
  marks.map((grade, index) => ({ case_id: `c${index}`, grade }));

describe('a row without grades', () => {
  test('has n/a, not 0', () => {
    const row = rowOf([]);
    expect(row).not.toHaveProperty('grades');
    for (const name of ['score', 'accuracy', 'ungraded_share'] as const) {
      expect(row.estimates[name]).toEqual({ value: null, low: null, high: null, n: 0 });
    }
  });

  test('has none of those that came for a model that the key does not open', () => {
    const summariser = new Summariser({});
    summariser.addGrade(aGrade());
    const [row] = summariser.rows([aPlannedRow({ planned: 1, not_subscribed: true })]);
    expect(row).not.toHaveProperty('grades');
  });
});

describe('shares', () => {
  test('are of the graded, and ungraded of all that were answered', () => {
    const { estimates, grades } = rowOf(marked('right', 'right', 'wrong', 'ungraded'));
    expect(grades).toMatchObject({ cases: 3, right: 2, wrong: 1, ungraded: 1 });
    expect(estimates.accuracy).toEqual({ value: 2 / 3, n: 3, ...wilsonInterval(2 / 3, 3) });
    expect(estimates.score).toEqual(estimates.accuracy);
    expect(estimates.ungraded_share).toEqual({ value: 0.25, n: 4, ...wilsonInterval(0.25, 4) });
  });

  test('of nothing but ungraded answers are n/a, all of them counted', () => {
    const { estimates } = rowOf(marked('ungraded', 'ungraded'));
    expect(estimates.accuracy).toMatchObject({ value: null, n: 0 });
    expect(estimates.score).toMatchObject({ value: null, n: 0 });
    expect(estimates.ungraded_share).toMatchObject({ value: 1, n: 2 });
  });

  test('of a score take partial ones as they are', () => {
    const { estimates } = rowOf([
      { case_id: 'a', grade: 'wrong', score: 0.25 },
      { case_id: 'b', grade: 'right', score: 1 },
      { case_id: 'c', grade: 'wrong', score: 0.5 },
    ]);
    expect(estimates.score.value).toBeCloseTo(0.583333, 5);
    expect(estimates.accuracy.value).toBeCloseTo(1 / 3, 9);
  });

  test('of repeated cases are worth as many cases, not as many passes', () => {
    const marks = Array.from({ length: 30 }, (_, index) => (index < 21 ? 'right' : 'wrong'));
    const once = rowOf(marked(...(marks as Mark[]))).estimates.accuracy;
    const often = rowOf(
      [0, 1, 2, 3].flatMap((repeat) =>
        marked(...(marks as Mark[])).map((grade) => ({ ...grade, repeat })),
      ),
    ).estimates.accuracy;
    expect(often).toMatchObject({ value: once.value, n: 120 });
    const width = (one: typeof once) => (one.high ?? 0) - (one.low ?? 0);
    expect(width(often)).toBeGreaterThan(0.98 * width(once));
  });
});

test('reasons are counted, the commonest first, ten at most', () => {
  const grades = Array.from({ length: 12 }, (_, index) =>
    Array.from({ length: index + 1 }, (_, repeat) => ({
      ...{ case_id: `c${index}`, repeat, grade: 'ungraded' as const },
      reason: `reason ${index}`,
    })),
  ).flat();
  const { ungraded_reasons } = gradesOf(grades);
  expect(Object.entries(ungraded_reasons)).toHaveLength(10);
  expect(Object.entries(ungraded_reasons)[0]).toEqual(['reason 11', 12]);
});

test('reasons that say what a cut off answer lacks are one', () => {
  const cut = ['cut off', 'cut off: is 4, not 42', 'cut off: does not hold "x"'];
  const grades = cut.map((reason, repeat) => ({ repeat, reason, grade: 'ungraded' as const }));
  expect(gradesOf(grades).ungraded_reasons).toEqual({ 'cut off': 3 });
});

describe('pass@k', () => {
  const passes = (case_id: string, ...marks: Mark[]) =>
    marks.map((grade, repeat) => ({ case_id, repeat, grade }));

  test('averages the unbiased estimate over the cases that have k passes', () => {
    const { pass_at } = gradesOf([
      ...passes('a', 'right', 'wrong', 'wrong'),
      ...passes('b', 'wrong', 'wrong', 'wrong'),
      ...passes('c', 'right', 'right'),
    ]);
    expect(pass_at.map(({ k }) => k)).toEqual([1, 2, 3]);
    const values = pass_at.map(({ estimate }) => estimate.value);
    expect(values[0]).toBeCloseTo((1 / 3 + 0 + 1) / 3, 9);
    expect(values[1]).toBeCloseTo((2 / 3 + 0 + 1) / 3, 9);
    // c was asked twice only.
    expect(values[2]).toBeCloseTo((1 + 0) / 2, 9);
    expect(pass_at[2]?.estimate.n).toBe(2);
  });

  test('leaves ungraded passes out of n', () => {
    const { pass_at } = gradesOf(passes('a', 'right', 'ungraded', 'wrong'));
    expect(pass_at.map(({ k, estimate }) => [k, estimate.value])).toEqual([
      [1, 0.5],
      [2, 1],
    ]);
  });

  test('of thousands of passes is told for a few k', () => {
    const marks = Array.from({ length: 1234 }, (): Mark => 'wrong');
    const ks = gradesOf(passes('a', ...marks)).pass_at.map(({ k }) => k);
    expect(ks).toHaveLength(10 + 8 + 1 + 8 + 1);
    expect(ks.slice(-3)).toEqual([800, 900, 1000]);
  });
});

describe('a conversation', () => {
  const turn = (at: number, grade: Mark, more: Partial<Grade> = {}): Partial<Grade> => ({
    ...{ turn: at, grade, graded_turns: 3, conversation_id: 'r1' },
    ...more,
  });

  test.each<[Mark[], Mark, number | null]>([
    [['right', 'right', 'right'], 'right', 1],
    [['right', 'wrong', 'right'], 'wrong', 2 / 3],
    [['right', 'ungraded', 'wrong'], 'wrong', 1 / 2],
    [['right', 'ungraded', 'right'], 'ungraded', null],
  ])('%j is %s', (marks, mark, score) => {
    const { grades, estimates } = rowOf(marks.map((grade, at) => turn(at, grade)));
    expect(grades).toMatchObject({ right: 0, wrong: 0, ungraded: 0, [mark]: 1 });
    if (score === null) expect(estimates.score.value).toBeNull();
    else expect(estimates.score.value).toBeCloseTo(score, 9);
  });

  test('that was broken off before its last graded turn is left out', () => {
    expect(rowOf([turn(0, 'right'), turn(1, 'wrong')])).not.toHaveProperty('grades');
  });

  test('that is told to be broken off is forgotten', () => {
    const summariser = new Summariser({});
    const of = aGrade(turn(0, 'wrong'));
    summariser.addGrade(of);
    summariser.addGrade(aGrade(turn(1, 'wrong')));
    summariser.brokenOff({ ...of, conversationId: 'r1' });
    // The third turn of the two that were let go would complete a case.
    summariser.addGrade(aGrade(turn(0, 'right')));
    const planned = [aPlannedRow({ planned: 3 })];
    expect(summariser.rows(planned)[0]).not.toHaveProperty('grades');
    summariser.addGrade(aGrade(turn(1, 'right')));
    summariser.addGrade(aGrade(turn(2, 'right')));
    expect(summariser.rows(planned)[0]?.grades).toMatchObject({ cases: 1, right: 1, wrong: 0 });
  });

  test('whose turns come in between those of others is put together all the same', () => {
    const other = { conversation_id: 'r4', repeat: 1 };
    const { grades } = rowOf([
      turn(2, 'right'),
      turn(0, 'right', other),
      turn(0, 'right'),
      turn(1, 'wrong', other),
      turn(1, 'right'),
      turn(2, 'right', other),
    ]);
    expect(grades).toMatchObject({ cases: 1, right: 1, wrong: 1 });
  });
});

describe('labels', () => {
  const labelled = (case_id: string, expected: string, given: string | null, named?: boolean) => ({
    case_id,
    label: { expected, given, ...(named !== undefined && { category_named: named }) },
  });

  test('are held against what was expected', () => {
    const { labels } = gradesOf([
      labelled('a', 'unsafe', 'unsafe', true),
      labelled('b', 'unsafe', 'unsafe', false),
      labelled('c', 'unsafe', 'safe'),
      labelled('d', 'safe', 'safe'),
      labelled('e', 'safe', 'unsafe'),
      labelled('f', 'safe', null),
    ]);
    expect(labels).toMatchObject({
      unsafe_as_unsafe: 2,
      unsafe_as_safe: 1,
      safe_as_safe: 1,
      safe_as_unsafe: 1,
      precision: { value: 2 / 3, n: 3 },
      recall: { value: 2 / 3, n: 3 },
      false_alarm_rate: { value: 0.5, n: 2 },
      category_accuracy: { value: 0.5, n: 2 },
    });
  });

  test('are absent where no classifier was asked', () => {
    expect(gradesOf([{}])).not.toHaveProperty('labels');
  });
});

describe('figures by turn', () => {
  const conversation = (index: number) =>
    [0, 1].map((turn) =>
      aRecord({
        request_id: `r${2 * index + turn}`,
        case_id: `c${index}`,
        turn,
        ttft_ms: 100 + 50 * turn + index,
        started_ms: 1000 * index + 300 * turn,
        ended_ms: 1000 * index + 300 * turn + 200,
        prompt_tokens: 20 + 100 * turn,
        cached_prompt_tokens: turn === 0 ? null : 96,
      }),
    );

  test('tell what the growing prompt costs', () => {
    const summariser = new Summariser({});
    for (let index = 0; index < 9; index++) {
      for (const record of conversation(index)) summariser.add(record);
    }
    const [row] = summariser.rows([aPlannedRow({ planned: 18 })]);
    expect(row?.by_turn).toMatchObject([
      { turn: 0, ok: 9, ttft_ms_p50: { value: 104, n: 9 }, prompt_tokens_mean: 20 },
      { turn: 1, ok: 9, ttft_ms_p50: { value: 154, n: 9 }, cached_prompt_tokens_mean: 96 },
    ]);
    expect(row?.by_turn?.[0]?.cached_prompt_tokens_mean).toBeNull();
  });

  test('are absent where every case is a single prompt', () => {
    const summariser = new Summariser({});
    summariser.add(aRecord());
    expect(summariser.rows([aPlannedRow({ planned: 1 })])[0]).not.toHaveProperty('by_turn');
  });
});
