import { stripVTControlCharacters } from 'node:util';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/compare/compare.ts';
import { pivot } from '../../../src/compare/pivot.ts';
import { readSort } from '../../../src/compare/sort.ts';
import {
  comparisonCsv,
  comparisonJson,
  wideComparisonCsv,
} from '../../../src/report/compare/csv.ts';
import { comparisonMarkdown } from '../../../src/report/compare/markdown.ts';
import { renderComparison } from '../../../src/report/compare/text.ts';
import { displayWidth } from '../../../src/report/text.ts';
import { aRun, slowedRecords } from '../../compare/fixtures.ts';

const MODELS = { Llama: 1, Qwen: 0.8 };
const records = (factor: number, seed: string, suite = 'reasoning') =>
  Object.entries(MODELS).flatMap(([model, own]) =>
    slowedRecords(model, factor * own, `${seed}/${model}`, { suite }),
  );
const names = [
  '20260102T030405Z-reasoning',
  '20260103T030405Z-reasoning',
  '20260104T030405Z-reasoning',
];
/** The second is slower by a tenth, the third as fast as the first. */
const threeRuns = compareRuns(
  names.map((name, i) => aRun(name, records(i === 1 ? 1.1 : 1, `${i}`))),
);
const twoRuns = compareRuns(
  names.slice(0, 2).map((name, i) => aRun(name, records(i === 1 ? 1.1 : 1, `${i}`))),
);

const CHAT = {
  Llama: 1,
  Qwen: 0.8,
  Mistral: 1.01,
  'a-model-of-a-rather-long-name-70B-Instruct': 2,
};
const market = aRun(
  'market',
  ['reasoning', 'chat'].flatMap((suite) =>
    // All answer the same prompts: what is hard for one is hard for all.
    Object.entries(CHAT).flatMap(([model, factor]) =>
      slowedRecords('any', factor, `${model}/${suite}`, { suite, model }),
    ),
  ),
);

describe.each([40, 80, 120, 160])('at %i columns', (columns) => {
  const options = { columns, colour: false };

  test('golden: two runs', async () => {
    const text = renderComparison(twoRuns, options);
    await expect(text).toMatchFileSnapshot(`../golden/compare/two-runs-${columns}.txt`);
  });

  test('golden: three runs', async () => {
    const text = renderComparison(threeRuns, options);
    await expect(text).toMatchFileSnapshot(`../golden/compare/three-runs-${columns}.txt`);
  });

  test('golden: a league table', async () => {
    const sort = readSort('ttft');
    const comparison = compareRuns([market], { sort });
    const text = renderComparison(comparison, options, pivot(comparison, ['suite', 'model'], sort));
    await expect(text).toMatchFileSnapshot(`../golden/compare/league-${columns}.txt`);
  });

  test('no line is wider', () => {
    const comparison = compareRuns([market]);
    const texts = [
      renderComparison(twoRuns, options),
      renderComparison(threeRuns, options),
      renderComparison(comparison, options),
      renderComparison(comparison, options, pivot(comparison, ['model'])),
      renderComparison(comparison, options, pivot(comparison, ['model', 'suite'])),
    ];
    const widths = texts.flatMap((text) => text.split('\n').map(displayWidth));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  });
});

test('colour is on the words, and changes nothing else', () => {
  const coloured = renderComparison(twoRuns, { columns: 80, colour: true });
  const plain = renderComparison(twoRuns, { columns: 80, colour: false });
  expect(stripVTControlCharacters(coloured)).toBe(plain);
  expect(coloured).toContain('\u001b[31mslower\u001b[39m');
});

test('names from outside act on no terminal', () => {
  const evil = compareRuns([
    aRun('\u001b[2Ja', records(1, 'a')),
    aRun('b\u202eb', records(1, 'b')),
  ]);
  for (const text of [
    renderComparison(evil, { columns: 120, colour: false }),
    renderComparison(evil, { columns: 120, colour: false }, pivot(evil, ['run', 'model'])),
    comparisonMarkdown(evil),
  ]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(text).not.toMatch(/[\u001b\u202e]/);
  }
});

describe('Markdown', () => {
  test('golden: runs', async () => {
    await expect(comparisonMarkdown(threeRuns)).toMatchFileSnapshot(
      '../golden/compare/runs.md.txt',
    );
  });

  test('golden: a league table', async () => {
    const comparison = compareRuns([market], { metrics: ['ttft_ms_p50', 'error_rate'] });
    const text = comparisonMarkdown(comparison, pivot(comparison, ['model']));
    await expect(text).toMatchFileSnapshot('../golden/compare/league.md.txt');
  });
});

describe('CSV', () => {
  const linesOf = (csv: string) => parse(csv, { columns: true }) as Record<string, string>[];

  test('long: a line per row, metric and run; the first columns are what they were', () => {
    const csv = comparisonCsv(threeRuns);
    expect(csv.split('\n', 1)[0]).toBe(
      'target,model,suite,metric,run,run_id,simulated,base,value,low,high,n,at_least,' +
        'difference,difference_percent,shift,shift_low,shift_high,shift_unit,paired,pairs,word,of_run,base_only,other_only,mcnemar_p',
    );
    const lines = linesOf(csv);
    expect(lines).toHaveLength(2 * 6 * 3);
    expect(lines[4]).toMatchObject({
      model: 'Llama',
      metric: 'ttft_ms_p50',
      run: names[1],
      base: 'false',
      n: '96',
      shift_unit: 'percent',
      paired: 'true',
      pairs: '96',
      word: 'slower',
    });
    expect(Number(lines[4]?.shift_low)).toBeGreaterThan(7);
    expect(Number(lines[4]?.shift_high)).toBeLessThan(13);
    expect(lines[3]).toMatchObject({ base: 'true', difference: '', shift: '', word: '' });
  });

  test('wide: a line per row, a block of columns for each metric and run', () => {
    const csv = wideComparisonCsv(twoRuns, pivot(twoRuns, ['model', 'suite']));
    const lines = linesOf(csv);
    expect(lines.map(({ model, suite }) => [model, suite])).toEqual([
      ['Llama', 'reasoning'],
      ['Qwen', 'reasoning'],
    ]);
    expect(Object.keys(lines[0] ?? {})).toHaveLength(3 + 2 * 6 * 9);
    const [base, other] = names;
    const [, ttft] = twoRuns.rows[0]?.metrics ?? [];
    expect(Number(lines[0]?.[`${base} ttft_ms_p50`])).toBe(ttft?.estimates[0]?.value);
    expect(Number(lines[0]?.[`${other} ttft_ms_p50_high`])).toBe(ttft?.estimates[1]?.high);
    expect(Number(lines[0]?.[`${other} ttft_ms_p50_shift_percent`])).toBe(ttft?.shifts[1]?.value);
    expect(lines[0]?.[`${other} ttft_ms_p50_word`]).toBe('slower');
    expect(lines[0]?.[`${base} ttft_ms_p50_word`]).toBe('');
    expect(lines[0]?.[`${base} ttft_ms_p50_at_least`]).toBe('false');
    expect(lines[0]?.simulated).toBe(String(twoRuns.runs[0]?.simulated));
  });

  test('wide, of models: the suites are the blocks', () => {
    const comparison = compareRuns([market], { metrics: ['ttft_ms_p50'] });
    const lines = linesOf(wideComparisonCsv(comparison, pivot(comparison, ['model'])));
    expect(lines.map(({ model }) => model)).toEqual(Object.keys(CHAT));
    expect(lines[1]?.['chat ttft_ms_p50_word']).toBe('faster');
    expect(lines[2]?.['reasoning ttft_ms_p50_n']).toBe('96');
  });

  test('a name that is a formula is none in a spreadsheet', () => {
    const evil = compareRuns([aRun('a', records(1, 'a')), aRun('=1+1', records(1, 'b'))]);
    expect(comparisonCsv(evil)).not.toMatch(/(^|,)=/m);
    expect(wideComparisonCsv(evil, pivot(evil, ['run']))).not.toMatch(/(^|,)=/m);
  });
});

test('JSON is the comparison', () => {
  expect(JSON.parse(comparisonJson(threeRuns))).toEqual(threeRuns);
});
