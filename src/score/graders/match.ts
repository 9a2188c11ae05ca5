import { asDouble } from '../answer/exact.ts';
import { type ExpectedNumber, expectedNumber, isExpected } from '../answer/expected-number.ts';
import { finalAnswer, type Reading } from '../answer/final.ts';
import { numbersIn } from '../answer/numbers.ts';
import { plainText } from '../answer/plain.ts';
import { numberReader } from '../answer/read-number.ts';
import { textReader } from '../answer/read-text.ts';
import { decimalStyleOf } from '../answer/separators.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import type { Answered, Grader, Judgement } from '../types.ts';
import { expectedTexts, readsText } from './reads-text.ts';
import { refuses } from './refusal.ts';

const DOES_NOT_KNOW =
  /\bI(?: do not| don't|'m not| am not) (?:know|sure|certain)|^\s*(?:not sure|no idea|unknown|n\/a)\b|(?:わか|分か|判)り(?:ません|かねます)|わからない|分からない|不明|không (?:biết|rõ|chắc)|chưa (?:biết|rõ)/iu;
/** Of a question, only its end is read for the numbers that it names. */
const QUESTION_CHARS = 4_000;

/**
 * The final answer is one of the accepted values: as a number where the accepted value is one, else
 * as a text in normal form.
 */
export const match: Grader = readsText((text, expectation, answered) => {
  const accepted = expectedTexts(expectation);
  const numbers = accepted.map(expectedNumber).filter((number) => number !== null);
  const texts = accepted.filter((value) => expectedNumber(value) === null);
  const found: Judgement[] = [];
  if (numbers.length > 0) {
    found.push(matchNumber(text, answered, numbers, expectation.tolerance));
  }
  if (texts.length > 0 && found[0]?.mark !== 'right') found.push(matchText(text, answered, texts));
  const best =
    found.find(({ mark }) => mark === 'right') ??
    found.find(({ mark }) => mark === 'wrong') ??
    found[0];
  if (best === undefined) return ungraded('nothing is expected');
  if (best.mark === 'right' || best.answer !== null || !refuses(text)) return best;
  return ungraded('a refusal');
});

function matchNumber(
  text: string,
  answered: Answered,
  expected: readonly ExpectedNumber[],
  tolerance: unknown,
): Judgement {
  const question = questionOf(answered);
  const style = decimalStyleOf(text, question);
  const context = { style, asked: numbersIn(plainText(question), style) };
  const reading = finalAnswer(text, isCutOff(answered), numberReader(context));
  if (reading.kind !== 'value') return unreadable(reading);
  const within = typeof tolerance === 'number' ? tolerance : 0;
  const { value, shown } = reading;
  if (expected.some((number) => isExpected(value, number, question, within))) return right(shown);
  const wanted = expected.map((number) => wantedText(number)).join(' or ');
  return wrong(`is not ${wanted}`, shown);
}

function questionOf({ messages }: Answered): string {
  return (messages.at(-1)?.content ?? '').slice(-QUESTION_CHARS);
}

function matchText(text: string, answered: Answered, accepted: readonly string[]): Judgement {
  const reading = finalAnswer(text, isCutOff(answered), textReader(accepted, questionOf(answered)));
  if (reading.kind !== 'value') return unreadable(reading);
  if (reading.value !== null) return right(reading.shown);
  if (refuses(text)) return ungraded('a refusal');
  if (DOES_NOT_KNOW.test(reading.shown))
    return ungraded('says that it does not know', reading.shown);
  return wrong(`is not ${accepted.map((text) => `"${text}"`).join(' or ')}`, reading.shown);
}

function unreadable(reading: Exclude<Reading<unknown>, { kind: 'value' }>): Judgement {
  if (reading.kind === 'none') return ungraded(reading.reason);
  return ungraded(reading.reason, reading.shown === '' ? null : reading.shown);
}

function wantedText({ exact, percent }: ExpectedNumber): string {
  if (percent) return `${asDouble(exact) * 100}%`;
  const { numerator, denominator } = exact;
  if (denominator === 1n) return String(numerator);
  return String(asDouble(exact));
}
