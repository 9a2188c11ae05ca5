import type { Random } from '../../random.ts';
import { at, type GeneratedCase } from './family.ts';

/** A question that ends in a whole number. */
export function integerAnswer(question: string, answer: number): GeneratedCase {
  return answerLine(question, 'integer', String(answer));
}

/** A question that ends in a number which may have decimals. */
export function numberAnswer(question: string, answer: number): GeneratedCase {
  return answerLine(question, 'number', String(answer));
}

/** A question that ends in a probability, as a fraction in lowest terms. */
export function fractionAnswer(question: string, numerator: number, denominator: number) {
  const divisor = greatestCommonDivisor(numerator, denominator);
  const value = `${numerator / divisor}/${denominator / divisor}`;
  return answerLine(question, 'numerator/denominator in lowest terms', value);
}

/** A question that ends in one word or name; `form` says which kind. */
export function wordAnswer(question: string, form: string, answer: string): GeneratedCase {
  return answerLine(question, form, answer);
}

/** A question with lettered choices in random order; wrong ones that equal the right one are left out. */
export function choiceAnswer(
  random: Random,
  question: string,
  right: string,
  wrong: readonly string[],
): GeneratedCase {
  const choices = random.shuffle([...new Set([right, ...wrong])]);
  const lines = choices.map((choice, index) => `${letterOf(index)}) ${choice}`);
  return {
    prompt: `${question}\n\n${lines.join('\n')}\n\n${instruction('letter')}`,
    expect: [{ type: 'choice', value: letterOf(choices.indexOf(right)), choices }],
    tags: ['choice'],
  };
}

function answerLine(question: string, form: string, value: string): GeneratedCase {
  return { prompt: `${question}\n\n${instruction(form)}`, expect: [{ type: 'match', value }] };
}

function instruction(form: string): string {
  return `Work it out, then end with one line of exactly this form:\nAnswer: <${form}>`;
}

function letterOf(index: number): string {
  return at('ABCDEFGHIJ'.split(''), index);
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
