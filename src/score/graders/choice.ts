import { finalAnswer } from '../answer/final.ts';
import { plainText } from '../answer/plain.ts';
import { choiceReader } from '../answer/read-choice.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import type { Grader } from '../types.ts';
import { expectedText, readsText } from './reads-text.ts';
import { refuses } from './refusal.ts';

const OPENING_CHARS = 600;

/** The final answer is the expected letter, or the text of that choice. */
export const choice: Grader = readsText((text, expectation, answered) => {
  const choices = Array.isArray(expectation.choices) ? expectation.choices.map(String) : [];
  const read = choiceReader(choices);
  const plain = plainText(text);
  const cutOff = isCutOff(answered);
  // A letter in front of an explanation is an answer, whatever the explanation ends with.
  const [firstLine = ''] = plain.split('\n', 1);
  const opening = read(firstLine.slice(0, OPENING_CHARS), false);
  const announced = finalAnswer(plain, cutOff, read);
  const reading =
    announced.kind === 'none' && opening.kind === 'value' && !cutOff ? opening : announced;
  const wanted = expectedText(expectation);
  if (reading.kind === 'value') {
    if (reading.value === wanted) return right(reading.value);
    return wrong(`is not ${wanted}`, reading.value);
  }
  if (refuses(text)) return ungraded('a refusal');
  return ungraded(reading.reason, reading.kind === 'unclear' ? reading.shown || null : null);
});
