import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  didYouMean,
  formatProblems,
  nearest,
  problemsError,
} from '../../src/diagnostics/format.ts';
import type { Problem } from '../../src/diagnostics/types.ts';

const problem: Problem = {
  file: 'a.yaml',
  line: 7,
  column: 5,
  path: 'models.0.temperture',
  message: 'unknown key',
  remedy: 'did you mean temperature?',
};

describe('formatProblems', () => {
  test('one line each, and a count where there are several', () => {
    const line = 'a.yaml:7:5 models.0.temperture: unknown key, did you mean temperature?';
    expect(formatProblems([])).toBe('');
    expect(formatProblems([problem])).toBe(line);
    expect(formatProblems([problem, problem])).toBe(`${line}\n${line}\n2 problems`);
  });

  test('without path, remedy or place', () => {
    const bare: Problem = { file: '--seed', line: 0, column: 0, path: '', message: 'is empty' };
    expect(formatProblems([bare])).toBe('--seed: is empty');
    expect(formatProblems([{ ...bare, file: 'a.yaml', line: 1, column: 2 }])).toBe(
      'a.yaml:1:2 is empty',
    );
  });

  test('problemsError ends with exit 2', () => {
    expect(problemsError([problem])).toMatchObject({ exitCode: 2, name: 'TokentapeError' });
    expect(problemsError([problem]).message).toBe(formatProblems([problem]));
  });

  test('of several problems each begins a line, where editors look for a place', () => {
    const { message } = problemsError([problem, problem]);
    expect(message).toBe(`these have to be mended first:\n${formatProblems([problem, problem])}`);
  });
});

describe('nearest', () => {
  const keys = ['temperature', 'top_p', 'max_tokens', 'name'];
  test.each([
    ['temperture', 'temperature'],
    ['Temperature', 'temperature'],
    ['max-tokens', 'max_tokens'],
    ['nme', 'name'],
    ['naem', 'name'],
    ['node', undefined],
    ['topp', 'top_p'],
    ['seed', undefined],
    ['', undefined],
    ['completely_else', undefined],
  ])('%s → %s', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  test('a candidate is nearest to itself', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z_]{2,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, (candidates) => {
        for (const word of candidates) expect(nearest(word, candidates)).toBe(word);
      }),
    );
  });

  test('didYouMean falls back', () => {
    expect(didYouMean('nme', keys)).toBe('did you mean name?');
    expect(didYouMean('zzzzzz', keys)).toBeUndefined();
    expect(didYouMean('zzzzzz', keys, 'remove it')).toBe('remove it');
  });
});
