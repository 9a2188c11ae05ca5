import { describe, expect, test } from 'vitest';
import { definitionsOf } from '../../src/definitions/index.ts';
import { ownFigures } from '../../src/definitions/own.ts';
import { inverseCdf, linear, type Samples, sortedIndex } from '../../src/definitions/quantiles.ts';
import { replyOf } from '../../src/definitions/reply.ts';
import { type Figures, Tally } from '../../src/definitions/tally.ts';
import { summarise } from '../../src/metrics/summary.ts';
import { chunk, DONE, data, tapeOf } from '../decode/tapes.ts';
import { aPlannedRow, aRecord, aTimeout } from '../metrics/fixtures.ts';

const samplesOf = (values: number[], weights = values.map(() => 1)): Samples => ({
  values: Float64Array.from(values),
  weights: Float64Array.from(weights),
});

describe('quantiles by three rules', () => {
  const hundred = samplesOf(Array.from({ length: 100 }, (_, i) => 100 - i));

  test('linear between the order statistics', () => {
    // Position 0.95 · 99 = 94.05, between 95 and 96.
    expect(linear(hundred, 0.95)).toBeCloseTo(95.05, 10);
    expect(linear(samplesOf([4, 1]), 0.5)).toBe(2.5);
    expect(linear(samplesOf([]), 0.5)).toBeNull();
  });

  test('the first value whose cumulative share reaches p', () => {
    expect(inverseCdf(hundred, 0.95)).toBe(95);
    expect(inverseCdf(samplesOf([4, 1]), 0.5)).toBe(1);
    // Shares 0.1 and 0.9: the small weight does not make a median.
    expect(inverseCdf(samplesOf([1, 7], [1, 9]), 0.5)).toBe(7);
    expect(inverseCdf(samplesOf([7, 1], [9, 1]), 0.1)).toBe(1);
    expect(inverseCdf(samplesOf(Array(10).fill(3)), 0.99)).toBe(3);
    expect(inverseCdf(samplesOf([]), 0.5)).toBeNull();
  });

  test('the sample at ⌊n·p⌋, to hundredths', () => {
    // Index 95 of 0 … 99.
    expect(sortedIndex(hundred, 0.95)).toBe(96);
    expect(sortedIndex(samplesOf([4, 1]), 0.5)).toBe(4);
    expect(sortedIndex(samplesOf([1.2345]), 0.99)).toBe(1.23);
    expect(sortedIndex(samplesOf([]), 0.5)).toBeNull();
  });
});

const say = (content: string): string => chunk({ content });
const usage = (completion_tokens: number): string =>
  data({ choices: [], usage: { prompt_tokens: 5, completion_tokens } });

/** First token after `ttftMs`, second `gapMs` later, usage of `tokens`; ends with its last byte. */
const reply = (ttftMs: number, gapMs: number, tokens: number) =>
  tapeOf({
    reads: [
      [ttftMs, say('a')],
      [ttftMs + gapMs, say('b')],
      [ttftMs + gapMs + 10, chunk({}, { finish_reason: 'stop' })],
      [ttftMs + gapMs + 20, usage(tokens)],
      [ttftMs + gapMs + 30, DONE],
    ],
  });
const broken = (atMs: number) =>
  tapeOf({ reads: [[atMs, say('a')]], end: { atMs, how: 'error', code: 'ECONNRESET' } });

/** Three replies, started 1000 ms apart: two whole, and one that breaks after 500 ms. */
function tallied(name: string): Figures {
  const [definition] = definitionsOf([name]);
  if (definition === undefined) throw new Error(name);
  const tally = new Tally(definition);
  const tapes = [reply(100, 40, 5), reply(300, 80, 3), broken(500)];
  for (const [i, tape] of tapes.entries()) tally.add(replyOf(tape, {}), 1000 * i);
  return tally.figures();
}

describe('three replies summed up by every tool', () => {
  test.each([
    // TPOT (40 + 10)/4 and (80 + 10)/2; every gap; 8 tokens from 0 to 2500 ms.
    ['vllm', { tpot: [12.5, 45], itl: [40, 10, 80, 10], tokens: 8, rate: 8 / 2.5 }],
    // TPOT to the line of [DONE]: 70/4 and 110/2.
    ['sglang', { tpot: [17.5, 55], itl: [40, 80], tokens: 8, rate: 8 / 2.5 }],
    // No failure counts; 8 tokens from the first token (100) to the last one (1380).
    ['guidellm', { tpot: [28, 380 / 3], itl: [10, 40], tokens: 8, rate: 8 / 1.28 }],
    // From the first start to the last content of a success: 1380 ms.
    ['aiperf+usage', { tpot: null, itl: [10, 40], tokens: 8, rate: 8 / 1.38 }],
    ['aiperf', { tpot: null, itl: [], tokens: null, rate: null }],
    ['inference-perf', { tpot: [], itl: [], tokens: 8, rate: null }],
    ['inference-perf+usage', { tpot: [10, 40], itl: [], tokens: 8, rate: 8 / 2.5 }],
    // Chunks: two of text and the finish.
    ['llmperf', { tpot: null, itl: [140 / 3, 380 / 3], tokens: null, rate: null }],
    // TPOT to the usage: 60/4 and 100/2; the failed start counts, its end does not.
    ['evalscope', { tpot: [15, 50], itl: [40, 10, 80, 10], tokens: 8, rate: 8 / 1.4 }],
    ['genai-bench', { tpot: [15, 50], itl: null, tokens: 8, rate: 8 / 2.5 }],
  ])('%s', (name, { tpot, itl, tokens, rate }) => {
    const figures = tallied(name);
    expect(figures).toMatchObject({ requests_ok: 2, requests_failed: 1, requests_lost: 0 });
    expect(figures.ttft_ms).toMatchObject({ n: 2, mean: 200 });
    expect(figures.tpot_ms?.n ?? null).toBe(tpot?.length ?? null);
    expect(figures.itl_ms?.n ?? null).toBe(itl?.length ?? null);
    if (name !== 'guidellm') {
      expect(figures.tpot_ms?.mean ?? null).toEqual(meanOf(tpot));
      expect(figures.itl_ms?.mean ?? null).toEqual(meanOf(itl));
    }
    expect(figures.output_tokens).toBe(tokens);
    if (rate === null) expect(figures.output_tokens_per_second).toBeNull();
    else expect(figures.output_tokens_per_second).toBeCloseTo(rate, 9);
  });

  const meanOf = (values: number[] | null) =>
    values === null || values.length === 0
      ? null
      : expect.closeTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9);

  test('GuideLLM weighs by tokens', () => {
    const { tpot_ms, itl_ms } = tallied('guidellm');
    // 5 tokens of 28 ms and 3 of 380/3 ms; 4 gaps of 10 ms and 2 of 40 ms.
    expect(tpot_ms?.mean).toBeCloseTo((140 + 380) / 8, 9);
    expect(itl_ms?.mean).toBeCloseTo((40 + 80) / 6, 9);
    expect(tpot_ms?.p50).toBe(28);
    expect(itl_ms).toMatchObject({ p50: 10, p95: 40 });
  });

  test('the quantile rules differ in the same two samples', () => {
    expect(tallied('vllm').ttft_ms.p50).toBe(200);
    expect(tallied('guidellm').ttft_ms.p50).toBe(100);
    expect(tallied('evalscope').ttft_ms.p50).toBe(300);
  });
});

test('tokens that only a tokenizer could tell make the sum a lower bound, and no rate', () => {
  const [vllm] = definitionsOf(['vllm']);
  const tally = new Tally(vllm as NonNullable<typeof vllm>);
  tally.add(replyOf(reply(100, 40, 5), {}), 0);
  tally.add(replyOf(tapeOf({ reads: [[10, say('a') + DONE]] }), {}), 0);
  expect(tally.figures()).toMatchObject({
    output_tokens: 5,
    at_least: ['output_tokens'],
    output_tokens_per_second: null,
    lacking_tokenizer: 1,
  });
});

test('our own figures keep their bounds', () => {
  const records = [
    ...Array.from({ length: 6 }, () => aRecord()),
    ...Array.from({ length: 6 }, () => aTimeout(900)),
    aRecord({ output_tokens: null, token_source: 'unknown' }),
  ];
  const [row] = summarise(records, [aPlannedRow({ planned: 13 })], {});
  const figures = ownFigures(row as NonNullable<typeof row>);
  expect(figures).toMatchObject({ requests_ok: 7, requests_failed: 6, output_tokens: 60 });
  expect(figures.ttft_ms).toMatchObject({ n: 13, p50: 100, p95: null });
  expect(figures.at_least).toEqual(['output_tokens_per_second', 'output_tokens']);
});

test('definitions are found by name, each once', () => {
  const names = (asked: string[]) => definitionsOf(asked).map(({ name }) => name);
  expect(names(['llmperf', 'vllm', 'llmperf'])).toEqual(['llmperf', 'vllm']);
  expect(names(['all'])).toHaveLength(8);
  expect(names(['vllm', 'all', 'aiperf+usage'])).toHaveLength(9);
  expect(names(['nobody'])).toEqual([]);
});
