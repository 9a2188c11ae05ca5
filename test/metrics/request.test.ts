import { describe, expect, test } from 'vitest';
import {
  chunkGaps,
  costUsd,
  decodeTokensPerSecond,
  e2eMs,
  e2eTokensPerSecond,
  itlP50Ms,
  thinkingMs,
  tokenCounts,
  tpotMs,
  ttfatMs,
  ttftFromScheduleMs,
  ttftMs,
} from '../../src/metrics/request.ts';
import { aReply, usageOf } from './fixtures.ts';

const silent = aReply([]);

describe('instants', () => {
  const thought = aReply([100, 200, 300], { firstReasoningMs: 100, firstAnswerMs: 250 });

  test('TTFT is the first token of any kind, TTFAT the first of the answer', () => {
    expect(ttftMs(thought)).toBe(100);
    expect(ttfatMs(thought)).toBe(250);
    expect(e2eMs(thought)).toBe(300);
  });

  test('TTFT from schedule counts the wait before the start', () => {
    expect(ttftFromScheduleMs(thought, -40)).toBe(140);
  });

  test('thinking lasts from the first reasoning token to the answer', () => {
    expect(thinkingMs(thought)).toBe(150);
    expect(thinkingMs(aReply([100]))).toBeUndefined();
    expect(thinkingMs({ ...thought, firstAnswerMs: null })).toBeUndefined();
    expect(thinkingMs({ ...thought, firstAnswerMs: 50 })).toBeUndefined();
  });

  test('a reply without a token has none of them', () => {
    const all = [ttftMs, ttfatMs, thinkingMs, e2eMs].map((metric) => metric(silent));
    expect([...all, ttftFromScheduleMs(silent, 0)]).toEqual(Array(5).fill(undefined));
  });
});

describe('TPOT', () => {
  const tpot = (reply: ReturnType<typeof aReply>) => tpotMs(reply, tokenCounts(reply));

  test('spreads the time after the first chunk over the tokens after it', () => {
    expect(tpot(aReply([100, 200, 300], { usage: usageOf(21) }))).toBe(10);
  });

  test('leaves out the tokens of the first chunk where their count is known', () => {
    expect(tpot(aReply([100, 300], { usage: usageOf(14) }, [4, 14]))).toBe(20);
  });

  test('leaves out reasoning tokens that were never streamed', () => {
    expect(tpot(aReply([100, 300], { usage: usageOf(111, 100) }))).toBe(20);
    // The server's running count holds them too, from the first chunk on.
    expect(tpot(aReply([100, 300], { usage: usageOf(114, 100) }, [104, 114]))).toBe(20);
  });

  test('keeps reasoning tokens that were streamed', () => {
    const reply = aReply([100, 300], { usage: usageOf(101, 60), firstReasoningMs: 100 });
    expect(tpot(reply)).toBe(2);
  });

  test.each([
    ['no token', aReply([], { usage: usageOf(5) })],
    ['one chunk', aReply([100], { usage: usageOf(50) })],
    ['several events at one instant', aReply([100, 100, 100], { usage: usageOf(50) })],
    ['one output token', aReply([100, 200], { usage: usageOf(1) })],
    ['tokens unknown', aReply([100, 200])],
    ['no streamed token by usage', aReply([100, 200], { usage: usageOf(100, 100) })],
  ])('is n/a with %s', (_, reply) => {
    expect(tpot(reply)).toBeUndefined();
  });

  test('decode speed is its inverse', () => {
    expect(decodeTokensPerSecond(20)).toBe(50);
    expect(decodeTokensPerSecond(undefined)).toBeUndefined();
  });
});

test('end-to-end speed', () => {
  expect(e2eTokensPerSecond(50, 2000)).toBe(25);
  expect(e2eTokensPerSecond(undefined, 2000)).toBeUndefined();
  expect(e2eTokensPerSecond(50, undefined)).toBeUndefined();
  expect(e2eTokensPerSecond(50, 0)).toBeUndefined();
});

describe('gaps', () => {
  test('chunk gaps lie between token-bearing events', () => {
    expect(chunkGaps(aReply([100, 110, 150, 170]))).toEqual({ p50Ms: 20, maxMs: 40 });
    expect(chunkGaps(aReply([100]))).toBeUndefined();
    expect(chunkGaps(silent)).toBeUndefined();
  });

  test('ITL shares a gap among the tokens it brought, each of them a sample', () => {
    // One token after 30 ms, then four after 40 ms: 30, 10, 10, 10, 10.
    expect(itlP50Ms(aReply([100, 130, 170], {}, [1, 2, 6]))).toBe(10);
    // 30, 10: the mean of the two.
    expect(itlP50Ms(aReply([100, 130, 140], {}, [1, 2, 3]))).toBe(20);
  });

  test.each([
    ['no running count', aReply([100, 130])],
    ['a count that is missing once', aReply([100, 130, 140], {}, [1, 2])],
    ['a chunk that the server counts no token for', aReply([100, 130, 140], {}, [1, 1, 2])],
    ['one event', aReply([100], {}, [1])],
  ])('ITL is n/a with %s', (_, reply) => {
    expect(itlP50Ms(reply)).toBeUndefined();
  });
});

describe('tokens', () => {
  test('come from usage', () => {
    expect(tokenCounts(aReply([1], { usage: usageOf(9, 4), firstReasoningMs: 1 }))).toEqual({
      prompt: 20,
      cachedPrompt: undefined,
      output: 9,
      reasoning: 4,
      reasoningUnstreamed: 0,
      source: 'usage',
    });
  });

  test('are unknown without usage, whatever the number of chunks', () => {
    expect(tokenCounts(aReply([1, 2, 3]))).toMatchObject({ output: undefined, source: 'unknown' });
    const onlyPrompt = aReply([1, 2, 3], { usage: usageOf(null) });
    expect(tokenCounts(onlyPrompt)).toMatchObject({ prompt: 20, source: 'unknown' });
  });

  test('are unknown where usage contradicts itself', () => {
    const reply = aReply([1], { usage: usageOf(0, 381), flags: ['usage_inconsistent'] });
    expect(tokenCounts(reply)).toMatchObject({
      output: undefined,
      reasoning: undefined,
      reasoningUnstreamed: 0,
      source: 'unknown',
    });
  });
});

test('cost needs a price and both counts', () => {
  const tokens = tokenCounts(aReply([1], { usage: usageOf(1000) }));
  const price = { input_per_mtok: 1, output_per_mtok: 3 };
  expect(costUsd(tokens, price)).toBeCloseTo(0.00302, 12);
  expect(costUsd(tokens, null)).toBeUndefined();
  expect(costUsd(tokenCounts(aReply([1])), price)).toBeUndefined();
});
