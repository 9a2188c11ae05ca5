import { describe, expect, test } from 'vitest';
import { chunkTokens } from '../../src/metrics/chunk-tokens.ts';
import { itlP50Ms, tokenCounts, tokenDifference, tpotMs } from '../../src/metrics/request.ts';
import type { CountedTokens } from '../../src/tokens/count.ts';
import { aReply, usageOf } from './fixtures.ts';

const counted = (output: number, perEvent: number[] | null = null): CountedTokens => ({
  output,
  reasoning: null,
  perEvent,
});

describe('tokens of each chunk', () => {
  test.each([
    ['a running count', aReply([1, 2, 3], {}, [2, 3, 7]), null, 0, ['usage', [2, 1, 4]]],
    [
      'a running count, before a tokenizer',
      aReply([1, 2], {}, [2, 3]),
      counted(9, [4, 5]),
      0,
      ['usage', [2, 1]],
    ],
    [
      'reasoning that the count holds unseen',
      aReply([1, 2], {}, [104, 110]),
      null,
      100,
      ['usage', [4, 6]],
    ],
    [
      'a count that stands still: the tokenizer',
      aReply([1, 2], {}, [2, 2]),
      counted(5, [2, 3]),
      0,
      ['tokenizer', [2, 3]],
    ],
    [
      'a count in some chunks: the tokenizer',
      aReply([1, 2], {}, [2]),
      counted(5, [2, 3]),
      0,
      ['tokenizer', [2, 3]],
    ],
    ['a tokenizer alone', aReply([1, 2]), counted(5, [2, 3]), 0, ['tokenizer', [2, 3]]],
  ] as const)('%s', (_, reply, byTokenizer, unstreamed, [source, perChunk]) => {
    expect(chunkTokens(reply, byTokenizer, unstreamed)).toEqual({ source, perChunk });
  });

  test.each([
    ['neither', aReply([1, 2]), null],
    ['a tokenizer that cannot be laid over the chunks', aReply([1, 2]), counted(5)],
    ['no chunk', aReply([]), counted(0, [])],
  ])('unknown with %s', (_, reply, byTokenizer) => {
    expect(chunkTokens(reply, byTokenizer, 0)).toBeUndefined();
  });
});

test('TPOT leaves out the first chunk as the tokenizer counts it', () => {
  const reply = aReply([100, 300], { usage: usageOf(14) });
  const chunks = chunkTokens(reply, counted(14, [4, 10]), 0);
  expect(tpotMs(reply, tokenCounts(reply), chunks)).toBe(20);
  // A first chunk that ends no token still cost one.
  const part = chunkTokens(reply, counted(14, [0, 14]), 0);
  expect(tpotMs(reply, tokenCounts(reply), part)).toBeCloseTo(200 / 13, 9);
});

test('ITL: the gap before a part of a token is part of the next gap', () => {
  const reply = aReply([100, 110, 130, 150]);
  // 30 ms for the token that two chunks brought, then 20 ms: 30, 20.
  expect(itlP50Ms(reply, chunkTokens(reply, counted(3, [1, 0, 1, 1]), 0))).toBe(25);
  expect(itlP50Ms(reply, chunkTokens(reply, counted(1, [1, 0, 0, 0]), 0))).toBeUndefined();
});

describe('output tokens with a tokenizer', () => {
  const unbelievable = aReply([1], { usage: usageOf(0, 381), flags: ['usage_inconsistent'] });
  test.each([
    ['usage', aReply([1], { usage: usageOf(9) }), 9, 'usage'],
    ['no usage', aReply([1]), 12, 'tokenizer'],
    ['usage of the prompt alone', aReply([1], { usage: usageOf(null) }), 12, 'tokenizer'],
    ['usage that contradicts itself', unbelievable, 12, 'tokenizer'],
    ['nothing streamed', aReply([]), undefined, 'unknown'],
  ] as const)('%s', (_, reply, output, source) => {
    const tokens = tokenCounts(reply, counted(12));
    expect(tokens).toMatchObject({ source });
    expect(tokens.output).toBe(output);
  });

  test('the difference is over what was streamed', () => {
    const difference = (reply: ReturnType<typeof aReply>, output: number) =>
      tokenDifference(tokenCounts(reply, counted(output)), counted(output));
    expect(difference(aReply([1], { usage: usageOf(10) }), 9)).toBe(-1);
    expect(difference(aReply([1], { usage: usageOf(110, 100) }), 12)).toBe(2);
    const streamed = aReply([1], { usage: usageOf(110, 100), firstReasoningMs: 1 });
    expect(difference(streamed, 109)).toBe(-1);
    expect(difference(aReply([1]), 12)).toBeUndefined();
  });
});
