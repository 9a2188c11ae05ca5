import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  displayWidth,
  fold,
  neutralise,
  truncate,
  truncateMiddle,
  wrap,
} from '../../src/report/text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('text from outside', () => {
  test.each([
    ['an escape sequence', '\u001b[2J\u001b]0;owned\u0007', '\\x1b[2J\\x1b]0;owned\\x07'],
    ['C1 controls', '\u009b31m', '\\x9b31m'],
    ['a bidirectional override', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['isolates and marks', '\u2066x\u2069\u200f', '\\u2066x\\u2069\\u200f'],
    ['hidden characters', 'a\u00adb\ufeffc\u{e0041}', 'a\\xadb\\ufeffc\\u{e0041}'],
    ['a lone surrogate', 'a\ud800', 'a\\ud800'],
    ['line ends and tabs', ' a\r\n\tb\u2028c ', 'a b c'],
    ['text of any script', 'Xin chào 日本語 नमस्ते 👩‍👩‍👧', 'Xin chào 日本語 नमस्ते 👩‍👩‍👧'],
  ])('%s', (_, text, expected) => {
    expect(neutralise(text)).toBe(expected);
  });

  test('never acts on the terminal, and is not changed a second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const safe = neutralise(text);
        expect(safe).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(neutralise(safe)).toBe(safe);
      }),
    );
  });
});

describe('cutting', () => {
  test.each([
    ['short', 8, 'short'],
    ['exactly8', 8, 'exactly8'],
    ['one too many', 8, 'one too…'],
    ['日本語モデル', 8, '日本語…'],
    ['anything', 1, '…'],
    ['anything', 0, ''],
  ])('%s to %i columns', (text, columns, expected) => {
    expect(truncate(text, columns)).toBe(expected);
  });

  test.each([
    ['DeepSeek-R1-Distill-Qwen-1.5B', 15, 'DeepSee…en-1.5B'],
    ['日本語モデル東京', 9, '日本…東京'],
    ['short', 15, 'short'],
    ['anything', 1, '…'],
    ['anything', 0, ''],
  ])('%s in the middle, to %i columns', (text, columns, expected) => {
    expect(truncateMiddle(text, columns)).toBe(expected);
  });

  test('never takes more columns than it may', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), (text, columns) => {
        const safe = neutralise(text);
        expect(displayWidth(truncate(safe, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(truncateMiddle(safe, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

test('wrapping hangs the lines after the first', () => {
  expect(wrap('one two three four', 11, '  ', '    ')).toBe('  one two\n    three\n    four');
  expect(wrap('unbreakable', 5)).toBe('unbr…');
  expect(wrap('', 5)).toBe('');
});

test('a word without end is folded in a time that grows with its length', () => {
  const word = '**\\boxed{'.repeat(2000);
  const startedMs = performance.now();
  const lines = fold(word, 20);
  // Each line measured all that was left of it: 7,000 characters took five seconds.
  expect(performance.now() - startedMs).toBeLessThan(5000);
  expect(lines.join('')).toBe(word);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(20);
});
