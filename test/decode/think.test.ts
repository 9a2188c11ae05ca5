import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitThinking } from '../../src/decode/think.ts';

const CASES: [name: string, text: string, reasoning: string, answer: string][] = [
  ['a whole block', '<think>\nhm\n</think>\n\nyes', 'hm', 'yes'],
  ['after white space', ' \n<think>hm</think>yes', 'hm', 'yes'],
  ['closed only: the prompt had opened it', 'hm\n</think>\n\nyes', 'hm', 'yes'],
  ['never closed', '<think>hm', 'hm', ''],
  ['an empty block', '<think>\n\n</think>\n\nyes', '', 'yes'],
  ['nothing after it', '<think>hm</think>\n', 'hm', ''],
  ['only the closing tag', '</think>\nyes', '', 'yes'],
  ['no tags', '\n yes', '', '\n yes'],
  ['tags later are text', 'use <think>x</think> so', '', 'use <think>x</think> so'],
  ['a second block is text', '<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ['an opening tag inside the block', '<think>a<think>b</think>c', 'a<think>b', 'c'],
  ['another tag', '<thinker>a</thinker>', '', '<thinker>a</thinker>'],
  ['nothing', '', '', ''],
];

test.each(CASES)('%s', (_, text, reasoning, answer) => {
  expect(splitThinking([text], false)).toMatchObject({ reasoning, answer });
});

test.each(CASES)('%s, torn anywhere', (_, text, reasoning, answer) => {
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), text.length];
      const pieces = cuts.slice(1).map((cut, i) => text.slice(cuts[i], cut));
      const split = splitThinking(pieces, false);
      expect(split).toMatchObject({ reasoning, answer });
      // Pieces that hold part of a text are told so, and at least one holds each that there is.
      expect(split.pieces.some((piece) => piece.answer)).toBe(answer !== '');
      expect(split.pieces.some((piece) => piece.reasoning)).toBe(reasoning !== '');
    }),
  );
});

describe('pieces', () => {
  test('tags and the white space at them are neither', () => {
    const { pieces } = splitThinking(
      ['<thi', 'nk>', '\n', 'a', '</think>', '\n\n', 'b', ' '],
      false,
    );
    expect(pieces.map((piece) => piece.reasoning).indexOf(true)).toBe(3);
    expect(pieces.map((piece) => piece.answer)).toEqual([...Array(6).fill(false), true, true]);
  });

  test('one piece may be both', () => {
    expect(splitThinking(['<think>a', 'b</think>c'], false).pieces[1]).toEqual({
      answer: true,
      reasoning: true,
    });
  });
});

describe('where reasoning came in its own field', () => {
  test('a closing tag in the middle is text', () => {
    expect(splitThinking(['a </think> b'], true).answer).toBe('a </think> b');
  });

  test('one at the start is what a parser left behind', () => {
    expect(splitThinking(['\n</think>\n\nb'], true).answer).toBe('b');
  });
});
