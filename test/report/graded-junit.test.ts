import { describe, expect, test } from 'vitest';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { GradedJunit } from '../../src/report/graded-junit.ts';
import type { Grade } from '../../src/score/types.ts';
import { aFailure, aGrade, aPlannedRow, aRecord } from '../metrics/fixtures.ts';

interface Given {
  grades: Grade[];
  records?: RequestRecord[];
  simulated?: boolean;
}

function junitOf({ grades, records = [], simulated = false }: Given): string {
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  for (const grade of grades) summariser.addGrade(grade);
  const rows = summariser.rows([aPlannedRow(), aPlannedRow({ suite: 'speed' })]);
  const junit = new GradedJunit(rows, { simulated });
  for (const grade of grades) junit.addGrade(grade);
  for (const record of records) junit.addRecord(record);
  return junit.text();
}

const place = (id: string, parts: Partial<Grade> = {}) => ({
  request_id: `r-${id}-${parts.repeat ?? 0}-${parts.turn ?? 0}`,
  case_id: id,
});
const graded = (id: string, parts: Partial<Grade> = {}) =>
  aGrade({ ...place(id, parts), answer: '42', expected: '42', reason: null, ...parts });
const wrong = (id: string, parts: Partial<Grade> = {}) =>
  graded(id, { grade: 'wrong', answer: '41 <b>', reason: '41 is not 42', ...parts });
const ungraded = (id: string, parts: Partial<Grade> = {}) =>
  graded(id, { grade: 'ungraded', score: null, answer: null, reason: 'no number in it', ...parts });

describe('the graded answers of a run', () => {
  test('are a test case each, wrong ones with what was expected and what was given', async () => {
    const grades = [
      graded('sum'),
      wrong('product'),
      ungraded('riddle'),
      wrong('sum', { repeat: 1, score: 0.25 }),
    ];
    const records = [
      aRecord({ ...place('sum'), e2e_ms: 1234 }),
      aRecord({ ...place('product'), e2e_ms: 500 }),
      aFailure({ ...place('limit'), outcome: 'http_4xx', error_message: 'slow down' }),
    ];
    await expect(junitOf({ grades, records })).toMatchFileSnapshot('golden/graded-junit.xml');
  });

  test('of a conversation are one, with the turns that were not right', () => {
    const turns = { graded_turns: 3 };
    const text = junitOf({
      grades: [
        graded('talk', { ...turns, turn: 0 }),
        wrong('talk', { ...turns, turn: 1 }),
        ungraded('talk', { ...turns, turn: 2 }),
        graded('broken', { ...turns, turn: 0 }),
      ],
    });
    expect(text).toContain('tests="2" failures="1" errors="0" skipped="1"');
    expect(text).toContain('41 is not 42\nturn 2\nexpected: 42');
    expect(text).toContain('turn 3\nwhy: no number in it');
    expect(text).not.toContain('turn 1');
    expect(text).toContain('broke off before its last graded turn');
  });

  test('of the simulator say so in every name', () => {
    const text = junitOf({ grades: [graded('sum')], simulated: true });
    expect(text).toContain('name="reasoning · market/DeepSeek-R1 (simulated)"');
    expect(text).toContain('classname="reasoning.market/DeepSeek-R1 (simulated)"');
  });

  test('what is not graded is no test suite', () => {
    const records = [aRecord({ suite: 'speed' })];
    expect(junitOf({ grades: [graded('sum')], records })).not.toContain('speed');
  });
});
