import { describe, expect, it, vi } from 'vitest';
import { gradeAnswer } from '../../src/score/grade.ts';
import { searchWithin } from '../../src/score/timed-regex.ts';
import { LIMITS, replied } from './replies.ts';

/** Takes longer than anyone lives on the text below. */
const TEXT = `${'a'.repeat(60)}!`;

describe("a user's regular expression", () => {
  it('finds the groups of its first match, whatever its flags', () => {
    expect(searchWithin(1_000, '(b)(x)?', 'g', 'abab')).toEqual({
      kind: 'found',
      groups: ['b', 'b', undefined],
    });
    expect(searchWithin(1_000, '(b)(x)?', 'gy', 'abab').kind).toBe('found');
    expect(searchWithin(1_000, 'É', 'i', 'é').kind).toBe('found');
  });

  it('is interrupted at its limit, and the next one still works', () => {
    expect(searchWithin(20, '(a+)+$', '', TEXT)).toEqual({
      kind: 'gave-up',
      reason: 'the regular expression took more than 20 ms',
    });
    expect(searchWithin(1_000, 'a!', '', TEXT).kind).toBe('found');
  });

  it('is given up after three timeouts in a row', () => {
    const reasons = [1, 2, 3, 4, 5].map(() => searchWithin(5, '(a|a)+$', '', TEXT));
    expect(reasons.map((found) => (found.kind === 'gave-up' ? found.reason : found.kind))).toEqual([
      ...Array(3).fill('the regular expression took more than 5 ms'),
      ...Array(2).fill('the regular expression ran out of time too often'),
    ]);
  });

  it('is given up after ten timeouts, though it ended in between', () => {
    for (let time = 0; time < 10; time += 1) {
      expect(searchWithin(5, '(aa|a)+$', '', TEXT).kind).toBe('gave-up');
      if (time < 9) expect(searchWithin(1_000, '(aa|a)+$', '', 'b')).toEqual({ kind: 'absent' });
    }
    expect(searchWithin(5, '(aa|a)+$', '', 'b')).toMatchObject({
      reason: expect.stringContaining('too often'),
    });
  });

  it('is not tried on a text of absurd length', () => {
    expect(searchWithin(1_000, 'a', '', 'a'.repeat(200_001))).toMatchObject({ kind: 'gave-up' });
  });

  it('makes an answer ungraded where it runs out of time', () => {
    const graded = gradeAnswer(replied(TEXT), [{ type: 'regex', value: '^(a|aa)+$' }], {
      regexMs: 5,
    });
    expect(graded).toMatchObject({ mark: 'ungraded', reason: expect.stringContaining('5 ms') });
  });

  it('cannot reach what is outside', () => {
    vi.stubGlobal('text', 'outside');
    expect(searchWithin(1_000, 'outside', '', 'inside').kind).toBe('absent');
    vi.unstubAllGlobals();
  });
});

describe('pattern', () => {
  const expectation = { type: 'pattern', pattern: 'Result: (\\S+)', value: '12' };

  it.each([
    ['Result: 12', 'right'],
    ['result: 12.0', 'right'],
    ['Result: 13', 'wrong'],
    ['Outcome: 12', 'ungraded'],
  ])('%j is %s', (text, mark) => {
    expect(gradeAnswer(replied(text), [expectation], LIMITS).mark).toBe(mark);
  });

  it('looks at case where it is told to', () => {
    const strict = { ...expectation, value: 'Ann', ignore_case: false };
    expect(gradeAnswer(replied('Result: ann'), [strict], LIMITS).mark).toBe('wrong');
    expect(gradeAnswer(replied('result: Ann'), [strict], LIMITS).mark).toBe('ungraded');
  });

  it('takes the first group that took part', () => {
    const either = { type: 'pattern', pattern: '(?:a(\\d)|b(\\d))', value: 7 };
    expect(gradeAnswer(replied('b7'), [either], LIMITS).mark).toBe('right');
    expect(gradeAnswer(replied('x'), [{ ...either, pattern: 'x(y)?' }], LIMITS).mark).toBe(
      'ungraded',
    );
  });
});
