import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { SummaryRow } from '../../src/metrics/types.ts';
import { type ComparedRun, compareModels, compareRuns } from '../../src/report/compare.ts';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  renderComparison,
} from '../../src/report/compare-text.ts';
import { displayWidth } from '../../src/report/text.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aRecord, aTimeout, recordsOf, rowOf } from '../metrics/fixtures.ts';
import { aManifest, marketRun } from './fixtures.ts';

const rowWith = (ttftMs: number, changes = {}): SummaryRow =>
  rowOf(Array.from({ length: 10 }, () => aRecord({ ttft_ms: ttftMs, ...changes })));

function aRun(name: string, rows: SummaryRow[], manifest: Partial<Manifest> = {}): ComparedRun {
  return { name, manifest: aManifest({ run_id: name, ...manifest }), rows };
}

function ttftOf(runs: ComparedRun[], row = 0) {
  return compareRuns(runs).rows[row]?.metrics.find(({ metric }) => metric === 'ttft_ms_p50');
}

describe('differences', () => {
  test('are to the first run, absolute and in percent', () => {
    const runs = [100, 110, 50].map((ttftMs, i) => aRun(`run${i}`, [rowWith(ttftMs)]));
    expect(ttftOf(runs)).toMatchObject({
      estimates: [{ value: 100, n: 10 }, { value: 110 }, { value: 50 }],
      differences: [null, { absolute: 10, percent: 10 }, { absolute: -50, percent: -50 }],
    });
  });

  test('of a base of 0 have no percent', () => {
    const failed = rowOf([aRecord(), aRecord({ outcome: 'stalled' })]);
    const [errors] =
      compareRuns([aRun('a', [rowWith(1)]), aRun('b', [failed])]).rows[0]?.metrics ?? [];
    expect(errors?.differences[1]).toEqual({ absolute: 0.5, percent: null });
  });

  test('are not given where a figure is missing or a lower bound', () => {
    const bound = rowOf(Array.from({ length: 9 }, () => aTimeout(60_000)));
    const few = rowOf([aRecord()]);
    const runs = [rowWith(1), bound, few].map((row, i) => aRun(`run${i}`, [row]));
    expect(ttftOf(runs)?.differences).toEqual([null, null, null]);
  });
});

describe('rows are matched', () => {
  test('by suite, model and target; what one lacks is told', () => {
    const a = aRun('a', [rowWith(1), rowWith(1, { model: 'other' })]);
    const b = aRun('b', [rowWith(2, { suite: 'chat' }), rowWith(2)]);
    const { rows, warnings } = compareRuns([a, b]);
    expect(rows.map(({ model, suite }) => [model, suite])).toEqual([['DeepSeek-R1', 'reasoning']]);
    expect(warnings).toEqual(['a lacks suite chat.', 'b lacks other · reasoning.']);
  });

  test('where two of several runs have them', () => {
    const runs = ['reasoning', 'chat', 'chat'].map((suite, i) =>
      aRun(`run${i}`, [rowWith(1, { suite })]),
    );
    const { rows, warnings } = compareRuns(runs);
    expect(rows.map(({ suite }) => suite)).toEqual(['chat']);
    expect(rows[0]?.metrics[0]?.estimates[0]).toBeNull();
    expect(warnings).toEqual([
      'run0 lacks suite chat.',
      'run1 lacks suite reasoning.',
      'run2 lacks suite reasoning.',
    ]);
  });

  test('not at all where no two runs have one in common', () => {
    const runs = ['reasoning', 'chat'].map((suite, i) => aRun(`run${i}`, [rowWith(1, { suite })]));
    expect(compareRuns(runs).rows).toEqual([]);
  });

  test('across models and targets where each run has one', () => {
    const a = aRun('a', [rowWith(100)]);
    const b = aRun('b', [rowWith(200, { model: 'other', target: 'elsewhere' })]);
    const { rows, warnings } = compareRuns([a, b]);
    expect(rows).toMatchObject([{ model: null, target: null, suite: 'reasoning' }]);
    expect(ttftOf([a, b])?.differences[1]).toEqual({ absolute: 100, percent: 100 });
    expect(warnings).toEqual([]);
  });

  test('by model within one run, the base first', () => {
    const view = marketRun();
    const all = compareModels(view);
    expect(all.runs.map(({ name }) => name).slice(0, 2)).toEqual([
      'Llama3-Swallow-70B',
      'DeepSeek-R1-Distill-Qwen-32B',
    ]);
    const two = compareModels(view, ['DeepSeek-R1', 'Llama3-Swallow-70B']);
    expect(two.runs[0]?.name).toBe('DeepSeek-R1');
    expect(two.rows).toHaveLength(1);
    expect(two.rows[0]?.metrics[1]?.differences[1]?.absolute).toBeLessThan(0);
  });
});

describe('warnings', () => {
  const row = rowWith(1);
  test.each<[string, Partial<Manifest>, RegExp]>([
    ['another plan', { plan_hash: 'x' }, /plans differ/],
    ['a simulated side', { simulated: true }, /^SIMULATED: the figures of b;/],
    ['a partial side', { state: 'partial' }, /^b is partial/],
    ['an invalid side', { validity: { verdict: 'invalid', reasons: [] } }, /^b is invalid/],
  ])('of %s', (_, manifest, expected) => {
    const { warnings } = compareRuns([aRun('a', [row]), aRun('b', [row], manifest)]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(expected);
  });

  test('of tokens that are counted in different ways', () => {
    const other = rowWith(1, { token_source: 'tokenizer' });
    expect(compareRuns([aRun('a', [row]), aRun('b', [other])]).warnings).toEqual([
      'Tokens are not counted alike: a by usage, b by tokenizer. TPOT and tok/s differ by that too.',
    ]);
  });

  test('none where there is nothing to warn of', () => {
    expect(compareRuns([aRun('a', [row]), aRun('b', [row])]).warnings).toEqual([]);
  });

  test('of figures that are all simulated', () => {
    const runs = ['a', 'b'].map((name) => aRun(name, [row], { simulated: true }));
    expect(compareRuns(runs).warnings).toEqual([
      "SIMULATED: these figures are the embedded simulator's, not any provider's.",
    ]);
  });
});

describe('as text', () => {
  const typical = { ttftMs: 400, tpotMs: 20, tokens: 100 };
  const runOf = (name: string, factor: number) =>
    aRun(
      name,
      ['Llama', 'Qwen'].map((model) =>
        rowOf(recordsOf(model, 96, { ...typical, ttftMs: typical.ttftMs * factor })),
      ),
    );
  const comparison = compareRuns([
    runOf('20260102T030405Z-reasoning', 1),
    runOf('20260103T030405Z-reasoning', 1.1),
    runOf('20260104T030405Z-reasoning', 0.9),
  ]);

  test('golden at 80 columns', async () => {
    const text = renderComparison(comparison, { columns: 80, colour: false });
    await expect(text).toMatchFileSnapshot('golden/compare-80.txt');
  });

  test('golden at 160 columns', async () => {
    const text = renderComparison(comparison, { columns: 160, colour: false });
    await expect(text).toMatchFileSnapshot('golden/compare-160.txt');
  });

  test('golden as Markdown', async () => {
    await expect(comparisonMarkdown(comparison)).toMatchFileSnapshot('golden/compare.md.txt');
  });

  test('no line is wider than the terminal', () => {
    const lines = renderComparison(comparison, { columns: 80, colour: false }).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
  });

  test('CSV has a line per row, metric and run', () => {
    const lines = parse(comparisonCsv(comparison), { columns: true }) as Record<string, string>[];
    expect(lines).toHaveLength(2 * 6 * 3);
    expect(lines[4]).toMatchObject({
      model: 'Llama',
      metric: 'ttft_ms_p50',
      run: '20260103T030405Z-reasoning',
      base: 'false',
      n: '96',
    });
    expect(Number(lines[4]?.difference_percent)).toBeCloseTo(10, 6);
    expect(lines[3]?.difference).toBe('');
  });

  test('JSON is the comparison', () => {
    expect(JSON.parse(comparisonJson(comparison))).toEqual(comparison);
  });
});
