import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countPromptTokens, tokenize } from '../../src/simulator/tokens.ts';

test.each([
  ['', []],
  ['Hi', ['Hi']],
  ['The answer is 12345.', ['The', ' answe', 'r', ' is', ' 123', '45', '.']],
  ['日本の春。', ['日', '本', 'の', '春', '。']],
  ['xin chào', ['xin', ' chào']],
  ['a漢b', ['a', '漢', 'b']],
  ['<think>', ['<', 'think', '>']],
  ['x  y\n\nz', ['x', '  ', 'y', '\n\n', 'z']],
  ['🙂🙂', ['🙂', '🙂']],
])('%j', (text, pieces) => {
  expect(tokenize(text)).toEqual(pieces);
});

test('nothing is lost or added', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(tokenize(text).join('')).toBe(text);
    }),
  );
});

test('English comes to about four characters a token', () => {
  const text = 'A baker sells loaves in the morning and keeps a careful note of every one. ';
  const perToken = text.repeat(50).length / tokenize(text.repeat(50)).length;
  expect(perToken).toBeGreaterThan(3);
  expect(perToken).toBeLessThan(5);
});

test('the chat template costs tokens per message', () => {
  expect(countPromptTokens([''])).toBe(6);
  expect(countPromptTokens(['Hi', ''])).toBe(11);
});
