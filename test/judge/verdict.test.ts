import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgePrompt } from '../../src/judge/prompt.ts';
import { waitMsBefore } from '../../src/judge/retry.ts';
import { lettered, scaleOf } from '../../src/judge/scale.ts';
import { readVerdict } from '../../src/judge/verdict.ts';

const TWO = scaleOf({ type: 'model-graded' });
const FIVE = scaleOf({ type: 'model-graded', threshold: 0.5 });

describe('readVerdict', () => {
  test.each([
    ['VERDICT: A', 'A'],
    ['It is fine.\n\nVERDICT: B\n', 'B'],
    ['**VERDICT: A**', 'A'],
    ['**Verdict:** A.', 'A'],
    ['verdict：b', 'B'],
    ['`VERDICT: A`', 'A'],
    ['VERDICT: (A)', 'A'],
    ['B', 'B'],
    ['**B**', 'B'],
    ['Reasons.\r\nVERDICT: A\r\n', 'A'],
    ['VERDICT: A or B', null],
    ['VERDICT: C', null],
    ['VERDICT: A\nbut then again', null],
    ['The answer is A good one', null],
    ['VERDICT:', null],
    ['', null],
  ])('%j is %j', (reply, letter) => {
    expect(readVerdict(reply, TWO, 'best_first')?.letter ?? null).toBe(letter);
  });

  test('a letter stands for opposite scores in the two orders', () => {
    for (const scale of [TWO, FIVE]) {
      for (const { letter, score } of lettered(scale, 'best_first')) {
        expect(readVerdict(letter, scale, 'best_first')?.score).toBe(score);
        expect(readVerdict(letter, scale, 'worst_first')?.score).toBe(1 - score);
      }
    }
  });
});

test('no text can hold the code that fences it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (answer, rubric, seed) => {
      const text = { rubric, answer, reference: null, question: [] };
      const prompt = judgePrompt(text, TWO, 'best_first', seed)[1]?.content ?? '';
      const code = /^\[rubric ([0-9a-f]{16})\]/.exec(prompt)?.[1] ?? '';
      expect(code).toHaveLength(16);
      // Twice around each of three texts.
      expect(prompt.split(code)).toHaveLength(7);
    }),
  );
});

test('the two orders differ in their options alone', () => {
  const text = { rubric: 'r', answer: 'a', reference: 'x', question: [] };
  const [best, worst] = (['best_first', 'worst_first'] as const).map((order) =>
    judgePrompt(text, TWO, order, 's')[1]?.content.split('\n'),
  );
  const differing = best?.filter((line, index) => line !== worst?.[index]);
  expect(differing).toEqual([
    'A: The answer meets the rubric.',
    'B: The answer does not meet the rubric.',
  ]);
});

describe('waitMsBefore', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  test.each([
    [1, {}, 0, 500],
    [1, {}, 0.999_999, 250],
    [3, {}, 0, 2000],
    [1, { 'retry-after': '7' }, 0, 7000],
    [1, { 'retry-after-ms': '12.5', 'retry-after': '7' }, 0, 12.5],
    [1, { 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 0, 10_000],
    [1, { 'retry-after': 'Fri, 02 Jan 2026 03:04:00 GMT' }, 0, 0],
    [1, { 'retry-after': '86400' }, 0, 60_000],
    [2, { 'retry-after': 'soon' }, 0, 1000],
  ])('attempt %i with %j waits about %i ms', (attempt, headers, draw, expected) => {
    expect(waitMsBefore(attempt, headers, now, draw)).toBeCloseTo(expected, 2);
  });
});
