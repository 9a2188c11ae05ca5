import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/compare/compare.ts';
import type { EstimateName, RequestRecord } from '../../src/metrics/types.ts';
import { aFailure } from '../metrics/fixtures.ts';
import { aRun, slowedRecords } from './fixtures.ts';

const COUNT = 400;

/** The shift of a metric between two runs, paired or not. */
function shiftOf(metric: EstimateName, a: RequestRecord[], b: RequestRecord[], paired: boolean) {
  const runs = [aRun('a', a), aRun('b', b, paired ? {} : { prompts_hash: 'x' })];
  return compareRuns(runs, { metrics: [metric] }).rows[0]?.metrics[0]?.shifts[1] ?? null;
}

const base = slowedRecords('Llama', 1, 'a', {}, COUNT);
const slower = slowedRecords('Llama', 1.1, 'b', {}, COUNT);

describe.each([true, false])('a model that is 10 %% slower, paired: %s', (paired) => {
  test.each<[EstimateName, number]>([
    ['ttft_ms_p50', 10],
    ['tpot_ms_p50', 10],
    ['e2e_ms_p50', 10],
    ['decode_tokens_per_second_p50', -9.09],
  ])('%s: %f %%', (metric, truth) => {
    const shift = shiftOf(metric, base, slower, paired);
    expect(shift).toMatchObject({ unit: 'percent', paired, word: 'slower' });
    expect(shift?.low).toBeLessThan(truth);
    expect(shift?.high).toBeGreaterThan(truth);
    expect(Math.abs((shift?.value as number) - truth)).toBeLessThan(paired ? 1 : 4);
  });
});

test('a tail and a rate: the ratio of the figures, and what their intervals add up to', () => {
  const tail = shiftOf('ttft_ms_p95', base, slower, true);
  expect(tail).toMatchObject({ unit: 'percent', paired: false, pairs: null });
  expect(tail?.low).toBeLessThan(10);
  expect(tail?.high).toBeGreaterThan(10);
  const rows = [base, slower].map((records) => aRun('a', records).rows[0]?.row);
  const [a, b] = rows.map((row) => row?.estimates.ttft_ms_p95.value as number);
  expect(tail?.value).toBeCloseTo(100 * ((b as number) / (a as number) - 1), 9);
  expect(shiftOf('requests_per_second', base, slower, true)?.unit).toBe('percent');
});

describe('shares', () => {
  const failing = (records: RequestRecord[], every: number) =>
    records.map((record, i) => {
      const { request_id, case_id, started_ms, model } = record;
      return i % every === 3 ? aFailure({ request_id, case_id, started_ms, model }) : record;
    });

  test('in points; pair by pair where they are pairs', () => {
    // The same requests fail on both sides, and as many again on one.
    const [a, b] = [failing(base, 20), failing(base, 10)];
    const paired = shiftOf('error_rate', a, b, true);
    const apart = shiftOf('error_rate', a, b, false);
    expect(paired).toMatchObject({ unit: 'points', value: 5, paired: true, pairs: COUNT });
    expect(paired?.word).toBe('worse');
    expect(apart).toMatchObject({ unit: 'points', paired: false });
    expect(apart?.value).toBeCloseTo(5, 9);
    const width = (shift: typeof paired) => (shift?.high as number) - (shift?.low as number);
    expect(width(paired)).toBeLessThan(width(apart));
  });

  test('of nothing but successes', () => {
    expect(shiftOf('error_rate', base, base, true)).toMatchObject({
      value: 0,
      word: 'no difference',
    });
  });
});

describe('none', () => {
  test('of fewer than twenty', () => {
    const [a, b] = [base.slice(0, 19), slower.slice(0, 19)];
    for (const paired of [true, false]) expect(shiftOf('ttft_ms_p50', a, b, paired)).toBeNull();
  });

  test('of samples that are 0: they have no ratio', () => {
    const zero = base.map((record) => ({ ...record, thinking_ms: 0 }));
    for (const paired of [true, false]) {
      expect(shiftOf('thinking_ms_p50', zero, zero, paired)).toBeNull();
    }
  });
});

test('more requests than are needed give the shift of those that are taken', () => {
  const [a, b] = ['a', 'b'].map((seed, i) => {
    return slowedRecords('Llama', i === 0 ? 1 : 1.02, seed, {}, 40_000);
  }) as [RequestRecord[], RequestRecord[]];
  const shift = shiftOf('ttft_ms_p50', a, b, true);
  expect(shift?.pairs).toBe(13_334);
  expect(shift?.low).toBeLessThan(2);
  expect(shift?.high).toBeGreaterThan(2);
});
