import { TAKES_BACK_LATER } from '../answer/cues.ts';
import {
  announcedAnswer,
  CUT_OFF,
  concludedAnswer,
  lastVersions,
  type Reader,
  type Reading,
} from '../answer/final.ts';
import { plainText } from '../answer/plain.ts';
import { choiceReader } from '../answer/read-choice.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import type { Grader } from '../types.ts';
import { expectedText, readsText } from './reads-text.ts';
import { refuses } from './refusal.ts';

const OPENING_CHARS = 600;
/** Whoever repeats the choices begins with the first two. */
const OPTION_A = /^[\s(*-]*A\s?[).:]\s*\S/u;
const OPTION_B = /^[\s(*-]*B\s?[).:]/u;

/** The final answer is the expected letter, or the text of that choice. */
export const choice: Grader = readsText((text, expectation, answered) => {
  const choices = Array.isArray(expectation.choices) ? expectation.choices.map(String) : [];
  const read = choiceReader(choices);
  const cutOff = isCutOff(answered);
  const reading =
    announcedAnswer(text, cutOff, read) ??
    (cutOff
      ? CUT_OFF
      : withOpening(text, concludedAnswer(text, read), choiceReader(choices, true)));
  const wanted = expectedText(expectation);
  if (reading.kind === 'value') {
    if (reading.value === wanted) return right(reading.value);
    return wrong(`is not ${wanted}`, reading.value);
  }
  if (refuses(text)) return ungraded('a refusal');
  return ungraded(reading.reason, reading.kind === 'unclear' ? reading.shown || null : null);
});

/**
 * A choice in front of an explanation is an answer, whatever the explanation ends with; unless that
 * takes it back, or gives another: then nobody knows.
 */
function withOpening(text: string, last: Reading<string>, read: Reader<string>): Reading<string> {
  const [first = '', ...others] = plainText(text.slice(0, OPENING_CHARS))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const opening = lastVersions(read)(first, false);
  const repeatsChoices = OPTION_A.test(first) && OPTION_B.test(others[0] ?? '');
  if (opening.kind !== 'value' || repeatsChoices) return last;
  if (last.kind === 'value' && last.value === opening.value) return last;
  if (TAKES_BACK_LATER.test(others.join('\n'))) return last;
  if (last.kind !== 'value') return opening;
  return { kind: 'unclear', reason: 'begins with one choice and ends with another', shown: first };
}
