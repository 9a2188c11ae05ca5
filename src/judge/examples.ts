import type { JsonObject } from '../json.ts';
import type { ChatMessage, Expectation } from '../suite/types.ts';
import type { JudgedText } from './prompt.ts';

/** An answer that a person has judged by the rubric. */
export interface Example {
  question: readonly ChatMessage[];
  answer: string;
  right: boolean;
  reference: string | null;
}

/**
 * The labelled examples of an expectation, as its schema lets them be.
 * @param question of the case, for examples that name none
 */
export function examplesOf({ examples }: Expectation, question: readonly ChatMessage[]): Example[] {
  if (!Array.isArray(examples)) return [];
  return (examples as JsonObject[]).map((example) => ({
    question:
      typeof example.question === 'string'
        ? [{ role: 'user', content: example.question }]
        : question,
    answer: String(example.answer),
    right: example.right === true,
    reference: typeof example.reference === 'string' ? example.reference : null,
  }));
}

/** What a judge is shown of an example: nothing says that it is one. */
export function textOf(example: Example, { value }: Expectation): JudgedText {
  const { question, answer, reference } = example;
  return { rubric: String(value ?? ''), question, answer, reference };
}
