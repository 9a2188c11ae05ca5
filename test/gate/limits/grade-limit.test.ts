import { describe, expect, test } from 'vitest';
import { judgeThresholds } from '../../../src/gate/judge-thresholds.ts';
import { judgeLimits } from '../../../src/gate/limits/judge-limits.ts';
import { renderJudgements } from '../../../src/gate/render.ts';
import { parseThreshold } from '../../../src/gate/thresholds.ts';
import { Summariser } from '../../../src/metrics/summary.ts';
import type { Mark } from '../../../src/score/types.ts';
import { aGrade, aPlannedRow, aRecord } from '../../metrics/fixtures.ts';
import { limit, placeOf } from './fixtures.ts';

interface Answers {
  right?: number;
  wrong?: number;
  ungraded?: number;
  /** Partial scores, beside the others. */
  scores?: number[];
  /** Passes over each case. */
  passes?: number;
  reason?: string;
}

/** A row of so many answers, those of one mark behind one another. */
function evidenceOf({
  right = 0,
  wrong = 0,
  ungraded = 0,
  scores = [],
  passes = 1,
  reason = 'no number in it',
}: Answers) {
  const summariser = new Summariser({});
  const marks: [Mark, number | null][] = [
    ...Array.from({ length: right }, () => ['right', 1] as [Mark, number]),
    ...Array.from({ length: wrong }, () => ['wrong', 0] as [Mark, number]),
    ...Array.from({ length: ungraded }, () => ['ungraded', null] as [Mark, null]),
    ...scores.map((score) => ['wrong', score] as [Mark, number]),
  ];
  for (const [index, [grade, score]] of marks.entries()) {
    const place = { ...placeOf(index), case_id: `case-${Math.floor(index / passes)}` };
    const repeat = index % passes;
    summariser.add(aRecord({ ...place, repeat }));
    const { request_id, case_id } = place;
    const of = grade === 'ungraded' ? { reason } : {};
    summariser.addGrade(aGrade({ request_id, case_id, repeat, grade, score, ...of }));
  }
  return summariser.evidence([aPlannedRow({ planned: marks.length })]);
}

function judge(text: string, answers: Answers, tests = 1) {
  const [finding] = judgeLimits([limit(text)], evidenceOf(answers), { alpha: 0.01 }, tests);
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

describe('reading a limit', () => {
  test.each([
    ['score>=0.8', 0.8, 'score'],
    ['accuracy>=80%', 0.8, 'accuracy'],
    ['ungraded_share{model:R1}<=5%', 0.05, 'ungraded_share'],
  ])('%s', (text, value, name) => {
    expect(parseThreshold(text)).toMatchObject({ limit: value, observed: { kind: 'grade', name } });
  });

  test.each([
    ['scor>=0.8', 'did you mean score?'],
    ['acuracy>=0.8', 'did you mean accuracy?'],
    ['score>=80', 'write 0.01 or 1%'],
    ['score:p(50)>=0.8', "leave out ':p'"],
  ])('%s is told how to be written', (text, remedy) => {
    const read = parseThreshold(text);
    expect('remedy' in read && read.remedy).toContain(remedy);
  });
});

describe('a limit on a score', () => {
  test('passes where all between its bounds is above, fails where all is below', () => {
    expect(judge('score>=0.8', { right: 190, wrong: 10 })).toMatchObject({
      verdict: 'pass',
      better: 'higher',
      why: expect.stringContaining('the score lies between'),
    });
    expect(judge('score>=0.8', { right: 120, wrong: 80 })).toMatchObject({
      verdict: 'fail',
      next: 'read them: tokentape show RUN --failed',
    });
  });

  test('is open where the limit lies between them, with how many answers more would tell', () => {
    const finding = judge('score>=0.8', { right: 42, wrong: 8 });
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.next).toMatch(/more would probably tell/);
  });

  test('is surer of a fail the more findings share α', () => {
    const answers = { right: 133, wrong: 67 };
    expect(judge('score>=0.76', answers, 1).verdict).toBe('fail');
    expect(judge('score>=0.76', answers, 1000).verdict).toBe('inconclusive');
  });

  test('takes passes over few cases for no more than these are worth', () => {
    const answers = { right: 190, wrong: 10 };
    expect(judge('score>=0.85', answers).verdict).toBe('pass');
    const ofTwenty = judge('score>=0.85', { ...answers, passes: 10 });
    expect(ofTwenty.verdict).toBe('inconclusive');
    expect(ofTwenty.why).toContain('depend on one another');
  });

  test('asks for cases that nobody saw, and not for further passes over the same', () => {
    const once = judge('score>=0.8', { right: 84, wrong: 12 });
    // All passes over a case alike: four say what one does.
    const fourTimes = judge('score>=0.8', { right: 336, wrong: 48, passes: 4 });
    const casesIn = (next: string | null) => Number(/^([\d,]+) cases more/.exec(next ?? '')?.[1]);
    expect(casesIn(once.next)).toBeGreaterThan(100);
    expect(casesIn(fourTimes.next) / casesIn(once.next)).toBeCloseTo(1.2, 0);
  });

  test('counts a part of a score as that part of an answer', () => {
    const halves = Array<number>(100).fill(0.9);
    expect(judge('score>=0.75', { scores: halves }).verdict).toBe('pass');
    expect(judge('accuracy>=0.75', { scores: halves }).verdict).toBe('fail');
  });

  test('that nothing can be proved to keep says so', () => {
    expect(judge('score>=1', { right: 500 }).why).toContain('no number of answers proves');
  });
});

describe('ungraded answers', () => {
  const heavy = { right: 40, ungraded: 160 };

  test('are no score: nothing passes on the few that could be graded', () => {
    const finding = judge('score>=0.5', heavy);
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.why).toContain('only 40 of 200 answers could be graded: no number in it');
  });

  test('still fail what is certainly too low', () => {
    expect(judge('score>=0.9', { right: 10, wrong: 50, ungraded: 140 }).verdict).toBe('fail');
  });

  test('have a limit of their own', () => {
    expect(judge('ungraded_share<=5%', heavy)).toMatchObject({
      verdict: 'fail',
      next: 'read them: tokentape show RUN --ungraded',
    });
    expect(judge('ungraded_share<=5%', { right: 300 }).verdict).toBe('pass');
  });

  test('of code that was not run are told of with the flag that runs it', () => {
    const finding = judge('score>=0.5', { ungraded: 60, reason: 'code was not run (--run-code)' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', advisory: false });
    expect(finding.why).toContain('none of 60 answers could be graded: code was not run');
    expect(finding.next).toBe('send it again with --run-code');
  });

  test('where nothing has a grade, the limit is not kept', () => {
    const summariser = new Summariser({});
    summariser.add(aRecord());
    const evidence = summariser.evidence([aPlannedRow({ planned: 1 })]);
    const [finding] = judgeLimits([limit('score>=0.5')], evidence, { alpha: 0.01 }, 1);
    expect(finding).toMatchObject({ verdict: 'inconclusive' });
    expect(finding?.why).toContain('no answer has a grade');
  });
});

describe('a run judges by the figure itself', () => {
  const judged = (answers: Answers) => judgeThresholds([limit('score>=0.8')], evidenceOf(answers));

  test('kept, missed, and not to be told', () => {
    expect(judged({ right: 9, wrong: 1 })[0]?.verdict).toBe('pass');
    expect(judged({ right: 7, wrong: 3 })[0]?.verdict).toBe('fail');
    const [open] = judged({ right: 2, ungraded: 8 });
    expect(open?.verdict).toBe('inconclusive');
    const wide = { columns: 120, colour: false };
    expect(renderJudgements(open === undefined ? [] : [open], wide)).toContain(
      '2 of 10 answers graded: no number in it',
    );
  });
});
