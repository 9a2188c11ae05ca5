import { missing, right, wrong } from '../judgement.ts';
import type { Grader } from '../types.ts';
import { expectedText, expectedTexts, readsText } from './reads-text.ts';

/** The whole answer is the expected text, white space around it apart. */
export const equals: Grader = readsText((text, expectation, answered) => {
  const fold = folding(expectation.ignore_case === true);
  if (fold(text) === fold(expectedText(expectation))) return right(text);
  return missing(answered, 'is another text', text);
});

/** The expected text stands somewhere in the answer. */
export const contains: Grader = readsText((text, expectation, answered) => {
  const fold = folding(expectation.ignore_case === true);
  const wanted = expectedText(expectation);
  return fold(text).includes(fold(wanted)) ? right() : missing(answered, `lacks "${wanted}"`);
});

/** As `contains`, without regard to case. */
export const icontains: Grader = (answered, expectation, limits) =>
  contains(answered, { ...expectation, ignore_case: true }, limits);

/** One of the expected texts stands in the answer. */
export const containsAny: Grader = readsText((text, expectation, answered) => {
  const fold = folding(expectation.ignore_case === true);
  const folded = fold(text);
  const wanted = expectedTexts(expectation);
  const found = wanted.find((entry) => folded.includes(fold(entry)));
  if (found !== undefined) return right(found);
  return missing(answered, `has none of ${wanted.map((entry) => `"${entry}"`).join(', ')}`);
});

/** All expected texts stand in the answer, in any order. */
export const containsAll: Grader = readsText((text, expectation, answered) => {
  const fold = folding(expectation.ignore_case === true);
  const folded = fold(text);
  const absent = expectedTexts(expectation).filter((entry) => !folded.includes(fold(entry)));
  if (absent.length === 0) return right();
  return missing(answered, `lacks ${absent.map((entry) => `"${entry}"`).join(', ')}`);
});

/** The answer begins with the expected text. */
export const startsWith: Grader = readsText((text, expectation, answered) => {
  const fold = folding(expectation.ignore_case === true);
  const wanted = expectedText(expectation);
  if (fold(text).startsWith(fold(wanted))) return right();
  const reason = `does not begin with "${wanted}"`;
  return fold(wanted).startsWith(fold(text)) ? missing(answered, reason) : wrong(reason);
});

function folding(ignoreCase: boolean): (text: string) => string {
  return ignoreCase ? (text) => text.toLowerCase() : (text) => text;
}
