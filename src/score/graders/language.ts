import { languageOf } from '../answer/language.ts';
import { right, ungraded, wrong } from '../judgement.ts';
import type { Grader } from '../types.ts';
import { expectedTexts, readsText } from './reads-text.ts';

/** The answer is written in one of the expected languages, code and quoted terms left out. */
export const language: Grader = readsText((text, expectation) => {
  const accepted = expectedTexts(expectation).map((code) => code.toLowerCase());
  const found = languageOf(text, accepted, expectation.threshold);
  if (found.kind === 'unclear') return ungraded(found.reason);
  if (accepted.includes(found.code)) return right(found.code);
  return wrong(`is written in ${found.code}, not ${accepted.join(' or ')}`, found.code);
});
