import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { remarkLines } from '../../src/report/remarks.ts';
import { aRecord, rowOf } from '../metrics/fixtures.ts';

const rowWith = (model: string, count: number, changesOf: (i: number) => Partial<RequestRecord>) =>
  rowOf(
    Array.from({ length: count }, (_, index) => aRecord({ model, ...changesOf(index) })),
    { model },
  );
const flagged = (model: string, count: number, of: number, flag: string) =>
  rowWith(model, of, (index) => (index < count ? { flags: [flag] } : {}));

describe('replies left out of estimates', () => {
  test('some of a model: their share', () => {
    expect(remarkLines([flagged('a', 12, 96, 'coalesced')])).toEqual([
      'a: 12 of 96 replies arrived whole: a proxy buffers them; left out of TPOT, ITL and tok/s',
    ]);
  });

  test('all of some models: in one line, with what is n/a', () => {
    const rows = [flagged('a', 8, 8, 'coalesced'), flagged('b', 8, 8, 'coalesced')];
    expect(remarkLines([...rows, flagged('c', 1, 8, 'coalesced')])).toEqual([
      'a, b: all 16 replies arrived whole: a proxy buffers them, so TPOT, ITL and tok/s are n/a',
      'c: 1 of 8 replies arrived whole: a proxy buffers them; left out of TPOT, ITL and tok/s',
    ]);
  });

  test('all of many models: counted', () => {
    const rows = ['a', 'b', 'c', 'd'].map((model) => flagged(model, 2, 2, 'cached_reply'));
    expect(remarkLines(rows)).toEqual([
      "all 4 rows: all 8 replies came from the proxy's cache, not from the model, so latencies and speeds are n/a",
    ]);
  });
});

test('a flag seen in many rows names those where it was seen most', () => {
  const rows = [1, 5, 3, 2, 4, 6].map((count) => flagged(`m${count}`, count, 8, 'compressed'));
  expect(remarkLines(rows)).toEqual([
    'Compressed on the way: 21 replies (m6 6, m5 5, m4 4, 3 rows more)',
  ]);
  expect(remarkLines(rows.slice(0, 4))).toEqual([
    'Compressed on the way: 11 replies (m5 5, m3 3, m2 2, m1 1)',
  ]);
});

describe('tokens', () => {
  const both = (output: number, tokenizer: number): Partial<RequestRecord> => ({
    output_tokens: output,
    tokenizer_output_tokens: tokenizer,
    token_difference: tokenizer - output,
  });

  test('a tokenizer that agrees is not worth a word', () => {
    expect(remarkLines([rowWith('a', 96, () => both(100, 99))])).toEqual([]);
  });

  test('one that does not', () => {
    expect(remarkLines([rowWith('a', 96, () => both(100, 81))])).toEqual([
      'a: the tokenizer counts 0.810× what usage says (median), 96 of 96 replies differ; usage is what counts',
    ]);
    const now = rowWith('a', 20, (index) => (index < 2 ? both(100, 200) : both(100, 100)));
    expect(remarkLines([now])[0]).toContain('counts 1.00× what usage says (median), 2 of 20');
  });

  test('several sources: how many of each', () => {
    const row = rowWith('a', 10, (index) => {
      if (index < 7) return {};
      if (index < 9) return { token_source: 'tokenizer' };
      return { token_source: 'unknown', output_tokens: null };
    });
    expect(remarkLines([row])).toEqual([
      'a: tokens of 7 by usage, 2 by the tokenizer, 1 not at all',
    ]);
  });
});
