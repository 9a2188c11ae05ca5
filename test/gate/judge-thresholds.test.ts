import { describe, expect, test } from 'vitest';
import { judgeThresholds, overallVerdict } from '../../src/gate/judge-thresholds.ts';
import { renderJudgements } from '../../src/gate/render.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import { aRecord, evidenceOf } from '../metrics/fixtures.ts';

function thresholds(...texts: string[]): Threshold[] {
  return texts.map((text) => {
    const parsed = parseThreshold(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return parsed;
  });
}

const rowWith = (model: string, ttftMs: number, count = 10) =>
  evidenceOf(Array.from({ length: count }, () => aRecord({ model, ttft_ms: ttftMs })));

const fast = rowWith('fast', 100);
const slow = rowWith('slow', 900);
const few = rowWith('few', 100, 3);
const shut = evidenceOf([], { model: 'shut', planned: 10, not_subscribed: true });

const verdictsOf = (text: string, rows = [fast, slow, few, shut]) =>
  judgeThresholds(thresholds(text), rows).map(({ row, verdict }) => [row?.model, verdict]);

describe('thresholds', () => {
  test('are judged on every row of which something was sent', () => {
    expect(verdictsOf('ttft_ms:p(50)<800')).toEqual([
      ['fast', 'pass'],
      ['slow', 'fail'],
      ['few', 'inconclusive'],
    ]);
  });

  test('are judged on the rows they name', () => {
    expect(verdictsOf('ttft_ms{model:slow}:p(50)<800')).toEqual([['slow', 'fail']]);
    expect(verdictsOf('ttft_ms{suite:reasoning,model:fast}:p(50)<800')).toEqual([['fast', 'pass']]);
    expect(verdictsOf('ttft_ms{model:shut}:p(50)<800')).toEqual([['shut', 'inconclusive']]);
  });

  test('that name no row are inconclusive, not kept', () => {
    expect(verdictsOf('error_rate{suite:chat}<1')).toEqual([[undefined, 'inconclusive']]);
    expect(verdictsOf('error_rate<1', [shut])).toEqual([[undefined, 'inconclusive']]);
  });

  test('know the alias of a model', () => {
    const aliased = { ...fast, row: { ...fast.row, label: 'The Fast One' } };
    expect(verdictsOf('ttft_ms{model:The Fast One}:p(50)<800', [aliased])).toEqual([
      ['fast', 'pass'],
    ]);
  });

  test('take a quantile that no row holds from its samples', () => {
    const latencies = Array.from({ length: 101 }, (_, index) => aRecord({ ttft_ms: index }));
    const [judged] = judgeThresholds(thresholds('ttft_ms:p(93.5)<90'), [evidenceOf(latencies)]);
    expect(judged).toMatchObject({ observed: { value: 93.5, n: 101 }, verdict: 'fail' });
    const [few] = judgeThresholds(thresholds('ttft_ms:p(99.9)<900'), [evidenceOf(latencies)]);
    expect(few).toMatchObject({ observed: { value: null }, verdict: 'inconclusive' });
  });

  test('take the cost from the row', () => {
    expect(verdictsOf('cost_usd<1', [{ ...fast, row: { ...fast.row, cost_usd: 2 } }])).toEqual([
      ['fast', 'fail'],
    ]);
    expect(verdictsOf('cost_usd<1', [fast])).toEqual([['fast', 'inconclusive']]);
  });
});

test('one failure fails all, and what is inconclusive never passes', () => {
  const judged = (...rows: (typeof fast)[]) =>
    overallVerdict(judgeThresholds(thresholds('ttft_ms:p(50)<800'), rows));
  expect(judged(fast)).toBe('pass');
  expect(judged(fast, few)).toBe('inconclusive');
  expect(judged(fast, few, slow)).toBe('fail');
});

test('beneath the table', () => {
  const judgements = judgeThresholds(
    thresholds('ttft_ms:p(50)<800', 'error_rate<0.5', 'tpot_ms{model:none}:p(50)<5'),
    [fast, slow, few, shut],
  );
  expect(renderJudgements(judgements, { columns: 80, colour: false })).toMatchInlineSnapshot(`
    "Thresholds
      ✗ ttft_ms:p(50)<800: kept by 1 of 3
        ✗ fail: slow: 900, n 10
        ? inconclusive: few: n/a, n 3
      ✓ error_rate<0.5: kept by 3 of 3
      ? tpot_ms{model:none}:p(50)<5: kept by 0 of 1
        ? inconclusive: it names no row of this run"
  `);
  expect(renderJudgements([], { columns: 80, colour: false })).toBe('');
});
