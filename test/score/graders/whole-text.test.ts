import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '../../../src/score/grade.ts';
import type { Expectation } from '../../../src/suite/types.ts';
import { LIMITS, replied } from '../replies.ts';

function mark(expectation: Expectation, text: string, finishReason = 'stop') {
  return gradeAnswer(replied(text, { finishReason }), [expectation], LIMITS).mark;
}

describe('graders of whole texts', () => {
  it.each<[Expectation, string, string]>([
    [{ type: 'equals', value: 'yes' }, ' yes\n', 'right'],
    [{ type: 'equals', value: 'yes' }, 'Yes', 'wrong'],
    [{ type: 'equals', value: 'yes', ignore_case: true }, 'Yes', 'right'],
    [{ type: 'equals', value: 42 }, '42', 'right'],
    [{ type: 'equals', value: true }, 'true', 'right'],
    [{ type: 'equals', value: 'caf\u00E9' }, 'cafe\u0301', 'right'],
    [{ type: 'equals', value: 'yes' }, '<think>no</think>yes', 'right'],
    [{ type: 'contains', value: 'tea' }, 'a cup of tea', 'right'],
    [{ type: 'contains', value: 'Tea' }, 'a cup of tea', 'wrong'],
    [{ type: 'contains', value: 'tea' }, '<think>tea</think>coffee', 'wrong'],
    [{ type: 'icontains', value: 'TEA' }, 'a cup of tea', 'right'],
    [{ type: 'icontains', value: 'bà ngoại' }, 'BÀ NGOẠI', 'right'],
    [{ type: 'contains-any', value: ['tea', 'milk'] }, 'milk', 'right'],
    [{ type: 'contains-any', value: ['tea', 'milk'] }, 'water', 'wrong'],
    [{ type: 'contains-all', value: ['tea', 'milk'] }, 'milk and tea', 'right'],
    [{ type: 'contains-all', value: ['tea', 'milk'] }, 'milk', 'wrong'],
    [{ type: 'starts-with', value: 'Dear' }, '\n Dear Ms Ito', 'right'],
    [{ type: 'starts-with', value: 'Dear' }, 'Hi', 'wrong'],
    [{ type: 'levenshtein', value: 'kitten', threshold: 3 }, 'sitting', 'right'],
    [{ type: 'levenshtein', value: 'kitten', threshold: 2 }, 'sitting', 'wrong'],
    [{ type: 'levenshtein', value: 'kitten', threshold: 0 }, 'kitten', 'right'],
    [{ type: 'levenshtein', value: 'kitten' }, 'mittens', 'right'],
    [{ type: 'levenshtein', value: 'kitten', threshold: 1, ignore_case: true }, 'KITTENS', 'right'],
  ])('%o of %j is %s', (expectation, text, wanted) => {
    expect(mark(expectation, text)).toBe(wanted);
  });

  it.each<[Expectation, string, string]>([
    [{ type: 'contains', value: 'tea' }, 'a cup of', 'ungraded'],
    [{ type: 'contains', value: 'tea' }, 'a cup of tea and', 'right'],
    [{ type: 'not-contains', value: 'tea' }, 'a cup of', 'ungraded'],
    [{ type: 'not-contains', value: 'tea' }, 'a cup of tea and', 'wrong'],
    [{ type: 'equals', value: 'a cup of tea' }, 'a cup of', 'ungraded'],
    [{ type: 'starts-with', value: 'a cup' }, 'a c', 'ungraded'],
    [{ type: 'starts-with', value: 'a cup' }, 'a mug of', 'wrong'],
    [{ type: 'regex', value: 'tea' }, 'a cup of', 'ungraded'],
  ])('a reply that was cut off: %o of %j is %s', (expectation, text, wanted) => {
    expect(mark(expectation, text, 'length')).toBe(wanted);
  });

  it.each([
    'equals',
    'not-contains',
    'regex',
    'match',
    'choice',
    'levenshtein',
    'language',
    'is-refusal',
    'not-is-refusal',
  ])('%s does not grade an empty answer', (type) => {
    for (const text of ['', ' \n', '<think>hm</think>', '<think>never ended']) {
      expect(mark({ type, value: 'A' }, text)).toBe('ungraded');
    }
  });

  it('compares no texts too long to compare', () => {
    const text = 'a'.repeat(30_000);
    const graded = gradeAnswer(
      replied(text),
      [{ type: 'levenshtein', value: `${text.slice(1)}b` }],
      LIMITS,
    );
    expect(graded).toMatchObject({ mark: 'ungraded', reason: 'longer than 20000 characters' });
  });
});

describe('graders of figures', () => {
  it.each<[Expectation, string]>([
    [{ type: 'latency', threshold: 1000 }, 'right'],
    [{ type: 'latency', threshold: 999 }, 'wrong'],
    [{ type: 'cost', threshold: 0.001 }, 'right'],
    [{ type: 'cost', threshold: 0.0009 }, 'wrong'],
    [{ type: 'empty' }, 'wrong'],
    [{ type: 'not-empty' }, 'right'],
  ])('%o is %s', (expectation, wanted) => {
    expect(mark(expectation, 'something')).toBe(wanted);
  });

  it('does not grade a figure that is not known', () => {
    const unknown = replied('x', { e2eMs: null, costUsd: null });
    for (const type of ['latency', 'cost']) {
      expect(gradeAnswer(unknown, [{ type, threshold: 1 }], LIMITS).mark).toBe('ungraded');
    }
  });

  it('takes thinking and tool calls for no speech', () => {
    const silent = replied('<think>hm</think>', {
      toolCalls: [{ name: 'f', arguments: '{}' }] as never,
    });
    expect(gradeAnswer(silent, [{ type: 'empty' }], LIMITS).mark).toBe('right');
  });
});
