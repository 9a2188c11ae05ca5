import type { Expectation } from '../../suite/types.ts';
import { spokenText } from '../answer/spoken.ts';
import { isCutOff, ungraded } from '../judgement.ts';
import type { Answered, Grader, GraderLimits, Judgement } from '../types.ts';

/** Judges the text of an answer that has one. */
type TextGrader = (
  text: string,
  expectation: Expectation,
  answered: Answered,
  limits: GraderLimits,
) => Judgement;

/** A grader of what was said; where nothing was, nobody can say what was meant. */
export function readsText(grade: TextGrader): Grader {
  return (answered, expectation, limits) => {
    const text = spokenText(answered);
    if (text !== '') return grade(text, expectation, answered, limits);
    return ungraded(isCutOff(answered) ? 'cut off before the answer began' : 'the answer is empty');
  };
}

/** The expected text as graders compare it. */
export function expectedText({ value }: Expectation): string {
  return String(value ?? '')
    .normalize('NFC')
    .trim();
}

/** The expected texts, one or several. */
export function expectedTexts({ value }: Expectation): string[] {
  return [value ?? []].flat().map((entry) => String(entry).normalize('NFC').trim());
}
