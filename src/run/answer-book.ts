import { type AnswerBook, type KnownAnswer, promptKey } from '../simulator/server.ts';
import type { Expectation, Suite, Turn } from '../suite/types.ts';
import { formOf, rightAnswer } from './answers/right.ts';
import { wrongAnswer } from './answers/wrong.ts';

/** What the embedded simulator has to know so that some of its answers are right and some wrong. */
export function answerBookOf(suites: readonly Suite[]): AnswerBook {
  const book: AnswerBook = {};
  for (const { turns } of suites.flatMap(({ cases }) => cases)) {
    for (const [index, turn] of turns.entries()) {
      const answer = knownAnswer(turn);
      const said = turns.slice(0, index + 1).map(({ text }) => text);
      if (answer !== null) book[promptKey(...said)] = answer;
    }
  }
  return book;
}

/**
 * A right and a wrong answer to a turn: those of the suite, else what its expectations come to.
 * @returns `null` where it is not graded, or its expectations alone do not say what would be right
 */
export function knownAnswer({ text, expect, reference, wrong }: Turn): KnownAnswer | null {
  if (expect.length === 0) return null;
  const flat = expect.flatMap(withoutSets);
  const right = reference ?? rightAnswer(flat);
  if (right === null) return null;
  const form = formOf(flat);
  return {
    right,
    wrong: wrong ?? wrongAnswer(flat, right, text),
    ...(form !== undefined && { form }),
  };
}

/** Whoever satisfies every member of a set satisfies the set. */
function withoutSets(expectation: Expectation): Expectation[] {
  const { type, assert } = expectation;
  if (type !== 'assert-set' || !Array.isArray(assert)) return [expectation];
  return (assert as unknown as Expectation[]).flatMap(withoutSets);
}
