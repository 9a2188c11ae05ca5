import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/decode/excerpt.ts';

test.each([
  ['  a\n\tb  ', 'a b'],
  ['a\u0000\u001b[1mb\u009b', 'a\ufffd\ufffd[1mb\ufffd'],
  ['a\u202eb\u2066c\u200f', 'a\ufffdb\ufffdc\ufffd'],
  ['a\ud83dz', 'a\ufffdz'],
  ['é日🙂', 'é日🙂'],
  ['', ''],
])('%j becomes %j', (text, line) => {
  expect(excerpt(text, 20)).toBe(line);
});

test('what is left out is marked', () => {
  expect(excerpt('abcdef', 6)).toBe('abcdef');
  expect(excerpt('abcdefg', 6)).toBe('abcde…');
  expect(excerpt('abcd🙂🙂', 6)).toBe('abcd…');
  expect(excerpt(`a${' '.repeat(100)}b`, 6)).toBe('a …');
});

test('never longer than asked, one line, well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
      const line = excerpt(text, max);
      expect(line.length).toBeLessThanOrEqual(max);
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }),
  );
});
