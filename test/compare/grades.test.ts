import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/compare/compare.ts';
import { pivot } from '../../src/compare/pivot.ts';
import type { ComparedRun } from '../../src/compare/types.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { EstimateName } from '../../src/metrics/types.ts';
import { comparisonCsv, wideComparisonCsv } from '../../src/report/compare/csv.ts';
import { comparisonMarkdown } from '../../src/report/compare/markdown.ts';
import { renderComparison } from '../../src/report/compare/text.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aGrade, aPlannedRow, aRecord } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

/** Marks of one model's answers, a letter each: `r`, `w`, `u`; one for each case, or for each pass over it. */
type Answers = Record<string, string>;

const MARKS = { r: 'right', w: 'wrong', u: 'ungraded' } as const;

function aRun(
  name: string,
  answers: Answers,
  { passes = 1, ...manifest }: Partial<Manifest> & { passes?: number } = {},
): ComparedRun {
  const summariser = new Summariser({});
  const models = Object.keys(answers);
  for (const model of models) {
    for (const [index, letter] of [...(answers[model] ?? '')].entries()) {
      const place = {
        request_id: `${model}-${index}`,
        model,
        case_id: `c${Math.floor(index / passes)}`,
        repeat: index % passes,
      };
      summariser.add(aRecord({ ...place, started_ms: 1000 * index, ended_ms: 1000 * index + 500 }));
      summariser.addGrade(aGrade({ ...place, grade: MARKS[letter as keyof typeof MARKS] }));
    }
  }
  const planned = models.map((model) => aPlannedRow({ model, label: model, planned: 100 }));
  const own = aManifest({ run_id: name, prompts_hash: 'the same', ...manifest, planned });
  return { name, manifest: own, rows: summariser.evidence(planned) };
}

const times = (count: number, text: string) => text.repeat(count);
/** 100 cases: 62 both, 18 the second alone, 2 the first alone, 18 neither. */
const FIRST = times(62, 'r') + times(18, 'w') + times(2, 'r') + times(18, 'w');
const SECOND = times(62, 'r') + times(18, 'r') + times(2, 'w') + times(18, 'w');

function shiftOf(runs: ComparedRun[], metric: EstimateName = 'score') {
  const { rows } = compareRuns(runs, { metrics: [metric] });
  return rows[0]?.metrics[0]?.shifts[1] ?? null;
}

describe('the score of two models of one run', () => {
  const run = aRun('one', { small: FIRST, large: SECOND });

  test('is compared case by case, in points, with the exact test', () => {
    expect(shiftOf([run])).toMatchObject({
      unit: 'points',
      value: expect.closeTo(16, 6),
      paired: true,
      pairs: 100,
      word: 'better',
      discordant: { base_only: 2, other_only: 18, p: expect.closeTo(0.000402, 5) },
    });
  });

  test('is worse the other way round', () => {
    const turned = compareRuns([run], { metrics: ['score'], base: 'large' });
    const shift = turned.rows[0]?.metrics[0]?.shifts[1];
    expect(shift).toMatchObject({ value: expect.closeTo(-16, 6), word: 'worse' });
  });

  test('is among what is compared wherever answers are graded, at the end', () => {
    const names = compareRuns([run]).rows[0]?.metrics.map(({ metric }) => metric);
    expect(names?.at(-1)).toBe('score');
  });

  test('is undecided where as many went either way', () => {
    const even = aRun('even', { a: times(50, 'rw'), b: times(50, 'wr') });
    expect(shiftOf([even])).toMatchObject({
      value: 0,
      word: 'undecided',
      discordant: { base_only: 50, other_only: 50, p: 1 },
    });
  });

  test('leaves out cases that a side could not be graded on; the share of these is compared itself', () => {
    const evasive = aRun('evasive', { a: times(60, 'r'), b: times(30, 'r') + times(30, 'u') });
    expect(shiftOf([evasive])).toMatchObject({ pairs: 30, discordant: { other_only: 0 } });
    expect(shiftOf([evasive], 'ungraded_share')).toMatchObject({
      pairs: 60,
      value: 50,
      word: 'worse',
    });
  });

  test('counts a case once in the test, however often it was sent', () => {
    const four = (text: string) => [...text].map((letter) => letter.repeat(4)).join('');
    const repeated = aRun('four', { a: four(FIRST), b: four(SECOND) }, { passes: 4 });
    const once = shiftOf([run])?.discordant?.p;
    expect(shiftOf([repeated])).toMatchObject({ pairs: 400, discordant: { other_only: 72 } });
    expect(shiftOf([repeated])?.discordant?.p).toBeCloseTo(once as number, 12);
  });
});

describe('the scores of two runs', () => {
  test('of other prompts are compared by their intervals alone', () => {
    const other = aRun('other', { small: SECOND }, { prompts_hash: 'another' });
    const shift = shiftOf([aRun('one', { small: FIRST }), other]);
    expect(shift).toMatchObject({ paired: false, pairs: null, value: expect.closeTo(16, 6) });
    expect(shift).not.toHaveProperty('discordant');
  });
});

describe('shown', () => {
  const comparison = compareRuns([aRun('one', { small: FIRST, large: SECOND })]);
  const plain = { columns: 100, colour: false };

  test('side by side', async () => {
    await expect(renderComparison(comparison, plain)).toMatchFileSnapshot('golden/score.txt');
  });

  test('as a league table', async () => {
    const league = pivot(comparison, ['model']);
    await expect(renderComparison(comparison, plain, league)).toMatchFileSnapshot(
      'golden/score-league.txt',
    );
  });

  test('as Markdown', async () => {
    await expect(comparisonMarkdown(comparison)).toMatchFileSnapshot('golden/score.md');
  });

  test('as CSV, its counts in columns at the end', () => {
    const [head = '', ...lines] = comparisonCsv(comparison).trimEnd().split('\n');
    expect(head).toMatch(/,word,of_run,base_only,other_only,mcnemar_p$/);
    const line = lines.find((one) => one.includes(',score,large,'));
    expect(line).toMatch(/,true,100,better,one,2,18,0\.000402/);
    const wide = wideComparisonCsv(comparison, pivot(comparison, ['suite']));
    expect(wide.split('\n')[0]).toMatch(
      /large score_word,large score_base_only,large score_other_only,large score_mcnemar_p$/,
    );
  });
});
