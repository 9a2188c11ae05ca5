import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { requestsCsv, summaryCsv } from '../../../src/report/csv.ts';
import { runMarkdown } from '../../../src/report/markdown.ts';
import { renderTable } from '../../../src/report/table.ts';
import { displayWidth } from '../../../src/report/text.ts';
import { aGrade, aRecord, gradeKeyOf } from '../../metrics/fixtures.ts';
import { marketRun } from '../fixtures.ts';
import { gradedRecords, gradedRun, gradedView } from './graded-run.ts';

const plain = (columns: number) => ({ columns, colour: false });

describe('the table of a graded run', () => {
  test.each([80, 200])('golden at %i columns', async (columns) => {
    const text = renderTable(gradedRun({ simulated: true }), plain(columns));
    await expect(text).toMatchFileSnapshot(`../golden/graded-${columns}.txt`);
  });

  test.each([40, 60, 80, 100, 120, 160, 200])('no line is wider than %i', (columns) => {
    for (const line of renderTable(gradedRun(), plain(columns)).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('the score stands among the first columns, at any width', () => {
    for (const columns of [60, 80, 160]) {
      const head = renderTable(gradedRun(), plain(columns)).split('\n').slice(0, 2).join(' ');
      expect(head.indexOf('score')).toBeLessThan(head.indexOf('TTFT'));
      expect(head).toContain('score');
    }
  });

  test('a run that was not graded has no word of it', () => {
    const text = renderTable(marketRun(), plain(200));
    expect(text).not.toMatch(/score|ungraded|Not graded|pass@k|By turn/i);
  });

  test('a row without grades among others that have some is n/a', () => {
    const graded = gradedRecords('DeepSeek-R1', 'reasoning', 20, () => ({ mark: 'right' }));
    const other = gradedRecords('Llama-Guard-3-8B', 'reasoning', 20, () => ({ mark: 'right' }));
    const view = gradedView([...graded.records, ...other.records], graded.grades);
    expect(renderTable(view, plain(120))).toMatch(/Llama-Guard-3-8B +20\/20 +n\/a /);
  });
});

describe('beneath it', () => {
  test.each([
    ['cut off before its final answer', /raise max_tokens/],
    ['code was not run (--run-code)', /allow it with --run-code/],
    ['JavaScript was not run (--run-javascript)', /allow it with --run-javascript/],
    ['no judge was asked (--judge)', /name a judge: --judge TARGET\/MODEL/],
  ])('%s: what to do about it', (reason, remedy) => {
    const { records, grades } = gradedRecords('DeepSeek-R1', 'reasoning', 3, () => ({
      mark: 'ungraded',
      reason,
    }));
    const text = renderTable(gradedView(records, grades), plain(200));
    expect(text).toContain(`Not graded\n  ${reason}: 3 answers (DeepSeek-R1 3); `);
    expect(text).toMatch(remedy);
  });

  test('reasons come from outside, and act on nothing', () => {
    const { records, grades } = gradedRecords('DeepSeek-R1', 'reasoning', 1, () => ({
      mark: 'ungraded',
      reason: 'evil \u001b[31m <b>',
    }));
    expect(renderTable(gradedView(records, grades), plain(120))).toContain('evil \\x1b[31m <b>: 1');
    expect(runMarkdown(gradedView(records, grades))).toContain('evil \\\\x1b\\[31m &lt;b&gt;: 1');
  });

  test('pass@k, where there are passes', () => {
    const passes = [0, 1, 2].map((repeat) =>
      gradedRecords(
        'DeepSeek-R1',
        'reasoning',
        20,
        (i) => ({ mark: i < 8 + 4 * repeat ? 'right' : 'wrong' }),
        { repeat },
      ),
    );
    const records = passes.flatMap(({ records }, repeat) =>
      records.map((record) => ({ ...record, request_id: `${record.request_id}.${repeat}` })),
    );
    const grades = passes.flatMap(({ grades }) => grades);
    const text = renderTable(gradedView(records, grades), plain(120));
    expect(text).toMatch(/^pass@k$/m);
    // 8 of 20 cases are always right, 4 in two of three passes, 4 in one, 4 never.
    expect(text).toMatch(
      /DeepSeek-R1 +20 +60\.0 \[\d+–\d+\] +73\.3 \[\d+–\d+\] +80\.0 \[\d+–\d+\]/,
    );
  });

  test('turns of which hardly any conversation has a second are left out', () => {
    const { records, grades } = gradedRecords('DeepSeek-R1', 'chat', 20, () => ({ mark: 'right' }));
    const turned = records.map((record, i) => ({ ...record, turn: Number(i > 17) }));
    expect(renderTable(gradedView(turned, grades), plain(120))).not.toContain('By turn');
  });

  test('what the judge cost, and how far people agree with it', () => {
    const settings = {};
    const judge = {
      judges: ['market/judge'],
      answers: 40,
      judged: 37,
      reused: 0,
      calls: 82,
      failed_calls: 2,
      retries: 2,
      asked_again: 0,
      unanswered: 1,
      unreadable: 0,
      contradictions: 2,
      contradiction_share: 0.05,
      upper_option_contradictions: 2,
      prompt_tokens: 1,
      output_tokens: 1,
      cost_usd: 0.12,
      calls_of_unknown_cost: 0,
      ms_p50: 1,
      ms_total: 1,
      agreement: {
        judge: null,
        rubric: null,
        examples: 20,
        undecided: 0,
        right_as_right: 10,
        right_as_wrong: 1,
        wrong_as_wrong: 9,
        wrong_as_right: 0,
        agreement: { value: 0.95, low: 0.764, high: 0.991, n: 20 },
        kappa: 0.9,
      },
      by_rubric: [],
      warnings: ['it likes the upper option'],
    };
    const text = renderTable(
      gradedRun({
        grading: {
          graders_version: 1,
          state: 'interrupted',
          settings,
          right: 1,
          wrong: 1,
          ungraded: 1,
          not_run: {},
          judge,
        },
      }),
      plain(160),
    );
    expect(text).toContain('Grading was interrupted: some answers are left ungraded');
    expect(text).toContain(
      'market/judge: 37 of 40 answers judged, 82 calls, 2 of them failed, cost $0.12',
    );
    expect(text).toContain('contradicted itself on 2 answers (5.0 %)');
    expect(text).toContain(
      'Agrees with people on 95.0 % [76–100] of 20 labelled examples, κ 0.900',
    );
    expect(text).toContain('it likes the upper option');
  });
});

test('Markdown, golden', async () => {
  await expect(runMarkdown(gradedRun())).toMatchFileSnapshot('../golden/graded.md.txt');
});

describe('CSV', () => {
  test('a summary has score, counts, reasons, labels and turns; n/a is empty', () => {
    const rows = parse(summaryCsv(gradedRun().rows), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ right, wrong, ungraded }) => [right, wrong, ungraded])).toEqual([
      ['49', '6', '5'],
      ['40', '19', '1'],
      ['27', '3', '0'],
      ['35', '5', '0'],
    ]);
    expect(rows[0]).toMatchObject({
      accuracy: String(49 / 55),
      cases_graded: '55',
      ungraded_reasons: '5 cut off before its final answer',
      recall: '',
    });
    expect(rows[2]?.ttft_ms_p50_by_turn).toMatch(/^1:\d+(\.\d+)? 2:\d+(\.\d+)? 3:\d+/);
    expect(rows[3]).toMatchObject({
      unsafe_as_unsafe: '18',
      recall: '0.9',
      false_alarm_rate: '0.15',
    });
    expect(parse(summaryCsv(marketRun().rows), { columns: true })[0]).toMatchObject({
      score: '',
      right: '',
      ungraded_reasons: '',
    });
  });

  test('each request has the grade of its reply, or none', async () => {
    const records = [aRecord({ request_id: 'r1' }), aRecord({ request_id: 'r2' })];
    const grade = aGrade({
      ...gradeKeyOf(records[0] as (typeof records)[0]),
      grade: 'wrong',
      answer: '=1+1',
      reason: 'is not 42',
    });
    let text = '';
    for await (const piece of requestsCsv(records, {}, (id) => (id === 'r1' ? grade : undefined))) {
      text += piece;
    }
    const [first, second] = parse(text, { columns: true }) as Record<string, string>[];
    // What a spreadsheet would take for a formula is kept from it.
    expect(first).toMatchObject({
      grade: 'wrong',
      score: '0',
      graded_answer: "'=1+1",
      expected_answer: '42',
      grade_reason: 'is not 42',
    });
    expect(second).toMatchObject({ grade: '', score: '', graded_answer: '' });
  });
});
