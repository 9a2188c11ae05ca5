import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { codeGrader } from '../../../src/score/sandbox/index.ts';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../../../src/suite/load.ts';
import type { Turn } from '../../../src/suite/types.ts';
import { answered, type Language, problems, SETTINGS } from './graded.ts';

const { suite, problems: faults } = loadSuite('code', [BUILT_IN_SUITES_DIR], 'seed');
const turns = (suite?.cases ?? []).flatMap(({ id, turns: [turn] }) =>
  turn?.expect[0]?.type === 'code' ? [{ id, turn }] : [],
);
const grader = codeGrader(SETTINGS);
const atOnce = pLimit(2);

/** The grade of each case's text, for those that have one. */
function grades(language: Language, text: (turn: Turn) => string | null) {
  const some = turns.filter(({ turn }) => languageOf(turn) === language);
  return Promise.all(
    some.map(({ id, turn }) =>
      atOnce(async () => {
        const reply = text(turn);
        const [expectation] = turn.expect;
        if (reply === null || expectation === undefined) return { id, mark: 'missing', reason: '' };
        const signal = new AbortController().signal;
        const { mark, reason } = await grader.grade(answered(reply), expectation, signal);
        return { id, mark, reason };
      }),
    ),
  );
}

function languageOf({ expect: [expectation] }: Turn): unknown {
  return (expectation?.value as { language?: string } | undefined)?.language;
}

describe('the suite code', () => {
  it('is read without problems, in both languages and at graded difficulty', () => {
    expect(faults).toEqual([]);
    expect(turns.length).toBeGreaterThanOrEqual(89);
    const hard = (suite?.cases ?? []).filter(({ tags }) => tags.includes('hard'));
    expect(hard.length).toBeGreaterThanOrEqual(16);
  });

  it.each(['python', 'javascript'] as const)(
    'has a right and a wrong answer to each case in %s',
    { timeout: 120_000 },
    async (language) => {
      if (problems[language] !== null) return;
      const right = await grades(language, ({ reference }) => reference);
      expect(right.filter(({ mark }) => mark !== 'right')).toEqual([]);
      const wrong = await grades(language, (turn) => turn.wrong);
      expect(wrong.filter(({ mark }) => mark !== 'wrong')).toEqual([]);
      // A wrong answer is one that runs and errs, none that the sandbox has to stop.
      expect(wrong.filter(({ reason }) => /stopped|compile|define/.test(reason ?? ''))).toEqual([]);
    },
  );
});
