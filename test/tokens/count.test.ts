import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTape } from '../../src/decode/reply.ts';
import type { DecodedReply } from '../../src/decode/types.ts';
import { countTokens } from '../../src/tokens/count.ts';
import { chunk, DONE, tapeOf } from '../decode/tapes.ts';
import { opened } from './fixtures.ts';

/** The reply of a stream of these deltas, 10 ms apart. */
function replyOf(...deltas: object[]): DecodedReply {
  const reads = deltas.map((delta, index) => [10 * index, chunk(delta)] as const);
  return decodeTape(tapeOf({ reads: [...reads, [10 * deltas.length, DONE]] }), 'openai');
}

const contents = (...texts: string[]) => replyOf(...texts.map((content) => ({ content })));

/** `text` cut at random places, which may be within a token. */
const cutText = fc
  .tuple(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.array(fc.nat(40), { maxLength: 8 }),
  )
  .map(([text, cuts]) => {
    const at = [...new Set([0, ...cuts, text.length])].filter((cut) => cut <= text.length);
    at.sort((a, b) => a - b);
    return at.slice(1).map((end, index) => text.slice(at[index], end));
  })
  // A cut within a surrogate pair is nothing that JSON in UTF-8 can carry.
  .filter((pieces) => pieces.every((piece) => !/\p{Surrogate}/u.test(piece)));

describe('whole text', () => {
  test.each(['byte-level', 'sentence-piece', 'simulator'])('%s: however it is cut', (name) => {
    const tokenizer = opened(name);
    fc.assert(
      fc.property(cutText, (pieces) => {
        const counted = countTokens(contents(...pieces), tokenizer);
        expect(counted.output).toBe(tokenizer.encode(pieces.join('')).count);
      }),
    );
  });

  test('answer, reasoning and each tool call apart, and added', () => {
    const tokenizer = opened('byte-level');
    const call = (index: number, name: string, args: string) => ({
      tool_calls: [{ index, function: { name, arguments: args } }],
    });
    const reply = replyOf(
      { reasoning_content: 'Let me ' },
      { reasoning_content: 'see.' },
      { content: 'It ' },
      { content: 'is.' },
      call(0, 'find', '{"a":'),
      call(1, 'find', '{}'),
      call(0, '', '1}'),
    );
    const counts = ['Let me see.', 'It is.', 'find{"a":1}', 'find{}'].map(
      (text) => tokenizer.encode(text).count,
    );
    const counted = countTokens(reply, tokenizer);
    expect(counted.output).toBe(counts.reduce((sum, each) => sum + each));
    expect(counted.reasoning).toBe(counts[0]);
  });

  test('a name that is repeated with every piece counts once', () => {
    const tokenizer = opened('byte-level');
    const piece = (args: string) => ({
      tool_calls: [{ index: 0, function: { name: 'find', arguments: args } }],
    });
    const counted = countTokens(replyOf(piece('{"a":'), piece('1}')), tokenizer);
    expect(counted.output).toBe(tokenizer.encode('find{"a":1}').count);
  });

  test('tags of thinking are tokens of the model', () => {
    const tokenizer = opened('byte-level');
    const counted = countTokens(contents('<think>', 'hm', '</think>', 'Yes.'), tokenizer);
    expect(counted.output).toBe(tokenizer.encode('<think>hm</think>Yes.').count);
    expect(counted.reasoning).toBeNull();
  });

  test('nothing streamed is 0', () => {
    const counted = countTokens(replyOf({ role: 'assistant' }), opened('byte-level'));
    expect(counted).toEqual({ output: 0, reasoning: null, perEvent: [] });
  });
});

describe('tokens of each event', () => {
  test.each(['byte-level', 'sentence-piece'])('%s: add up to the whole, wherever cut', (name) => {
    const tokenizer = opened(name);
    fc.assert(
      fc.property(cutText, (pieces) => {
        const { output, perEvent } = countTokens(contents(...pieces), tokenizer);
        expect(perEvent).toHaveLength(pieces.length);
        expect(perEvent?.reduce((sum, each) => sum + each, 0)).toBe(output);
      }),
    );
  });

  test('a token belongs to the event that brought its last byte', () => {
    const tokenizer = opened('byte-level');
    // One token each, as it would be generated, but for <think>, which is cut.
    expect(countTokens(contents('a', '<thi', 'nk>', 'b'), tokenizer).perEvent).toEqual([
      1, 0, 1, 1,
    ]);
  });

  test('without bytes: known where the pieces end with tokens, else not', () => {
    const tokenizer = opened('simulator');
    expect(countTokens(contents('one', ' two thr', 'ee'), tokenizer)).toMatchObject({
      output: 3,
      perEvent: null,
    });
    expect(countTokens(contents('one', ' two three'), tokenizer).perEvent).toEqual([1, 2]);
  });
});
