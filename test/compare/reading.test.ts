import { describe, expect, test } from 'vitest';
import { readMetric, shortTitleOf, titleOf } from '../../src/compare/metrics.ts';
import { readOnly, selectRows } from '../../src/compare/only.ts';
import { readFields } from '../../src/compare/pivot.ts';
import { readSort } from '../../src/compare/sort.ts';
import { wordFor } from '../../src/compare/word.ts';
import { ESTIMATES, type EstimateName } from '../../src/metrics/types.ts';
import { aRun, tenRecords } from './fixtures.ts';

describe('metrics', () => {
  test.each<[string, EstimateName]>([
    ['ttft_ms_p95', 'ttft_ms_p95'],
    ['ttft_ms:p(95)', 'ttft_ms_p95'],
    ['ttft_ms:med', 'ttft_ms_p50'],
    ['TTFT p95', 'ttft_ms_p95'],
    ['ttft', 'ttft_ms_p50'],
    ['tok/s', 'decode_tokens_per_second_p50'],
    ['all tok/s', 'output_tokens_per_second'],
    ['errors', 'error_rate'],
  ])('%s is %s', (text, metric) => {
    expect(readMetric(text, '--metric')).toBe(metric);
  });

  test('every one has a title of its own, and is found by it', () => {
    expect(new Set(ESTIMATES.map(shortTitleOf)).size).toBe(ESTIMATES.length);
    for (const metric of ESTIMATES) expect(readMetric(shortTitleOf(metric), '-')).toBe(metric);
    expect(titleOf('ttft_ms_p50')).toBe('TTFT p50, ms');
    expect(titleOf('error_rate')).toBe('errors, %');
    expect(titleOf('decode_tokens_per_second_p50')).toBe('tok/s p50');
  });

  test('a slip of the fingers is told', () => {
    expect(() => readMetric('tttft', '--metric')).toThrow("--metric: there is no metric 'tttft'");
    expect(() => readSort('-e2e_ms_p5')).toThrow('--sort: there is no metric');
  });
});

test('sorting: the smallest first, or the largest', () => {
  expect(readSort('ttft')).toEqual({ metric: 'ttft_ms_p50', descending: false });
  expect(readSort('-tok/s')).toEqual({
    metric: 'decode_tokens_per_second_p50',
    descending: true,
  });
});

test('fields', () => {
  expect(readFields('suite, model,suite')).toEqual(['suite', 'model']);
  expect(() => readFields('suite,modle')).toThrow("--by: there is no field 'modle'");
});

describe('only', () => {
  test('several fields, several names, names with commas', () => {
    expect(readOnly(['model=a,b c,suite=x', 'model=d'], { target: ['t'] })).toEqual({
      model: ['a,b c', 'd'],
      suite: ['x'],
      target: ['t'],
    });
  });

  test.each(['modl=a', 'model=', 'a'])('%s names no rows', (text) => {
    expect(() => readOnly([text])).toThrow(`--only: '${text}' names no rows`);
  });

  test('rows that any name of every field means', () => {
    const all = ['x', 'y', 'z'].flatMap((model) =>
      ['chat', 'code'].flatMap((suite) => tenRecords(1, { model, suite })),
    );
    const [run] = selectRows([aRun('a', all)], readOnly(['model=x,model=z,suite=code']));
    expect(run?.rows.map(({ row }) => `${row.model} ${row.suite}`)).toEqual(['x code', 'z code']);
  });

  test.each([
    ['model', 'no model q in this run'],
    ['suite', 'no suite q in this run'],
    ['target', 'no target q in this run'],
  ])('an unknown %s is told', (field, message) => {
    expect(() => selectRows([aRun('a', tenRecords(1))], readOnly([`${field}=q`]))).toThrow(message);
  });
});

describe('words', () => {
  test.each<[EstimateName, number, number, string]>([
    ['ttft_ms_p50', 3, 8, 'slower'],
    ['ttft_ms_p50', -8, -3, 'faster'],
    ['decode_tokens_per_second_p50', 3, 8, 'faster'],
    ['output_tokens_per_second', -8, -3, 'slower'],
    ['error_rate', 0.5, 3, 'worse'],
    ['error_rate', -3, -0.5, 'better'],
    ['goodput_share', -3, -0.5, 'worse'],
    ['requests_per_second', 1, 9, 'better'],
    ['ttft_ms_p50', -1, 5, 'undecided'],
    ['ttft_ms_p50', 0, 5, 'undecided'],
    ['ttft_ms_p50', -1.96, 2, 'no difference'],
    ['ttft_ms_p50', -1.97, 2, 'undecided'],
    // Certain, and not worth naming.
    ['ttft_ms_p50', 0.5, 1.5, 'no difference'],
    ['error_rate', -1, 1, 'no difference'],
    ['error_rate', -1.1, 1, 'undecided'],
    ['ttft_ms_p50', 3, Infinity, 'slower'],
    ['ttft_ms_p50', -Infinity, 1, 'undecided'],
  ])('%s from %f to %f: %s', (metric, low, high, word) => {
    expect(wordFor(metric, low, high)).toBe(word);
  });
});
