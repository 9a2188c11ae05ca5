import { hashOf } from '../plan/hash.ts';
import { type JudgedText, PROMPT_VERSION } from './prompt.ts';
import type { Scale } from './scale.ts';

/** What a verdict rests on, as SHA-256 in hex; not how the judge samples, which is to make no difference. */
export function verdictHash(judge: string, text: JudgedText, scale: Scale): string {
  return hashOf({
    ...{ version: PROMPT_VERSION, judge, scale: scale.map(({ says }) => says) },
    ...{ rubric: text.rubric, answer: text.answer, reference: text.reference },
    question: text.question.map(({ role, content }) => ({ role, content })),
  });
}
