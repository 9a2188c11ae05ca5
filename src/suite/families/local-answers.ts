import type { GeneratedCase } from './family.ts';

export type QuestionLanguage = 'ja' | 'vi';

const ENDINGS: Record<QuestionLanguage, (form: string) => string> = {
  ja: (form) => `考え方を書いてから、最後に次の形の一行で終えてください。\n答え: <${form}>`,
  vi: (form) =>
    `Hãy giải từng bước, rồi kết thúc bằng đúng một dòng theo mẫu sau:\nĐáp án: <${form}>`,
};
const NUMBER: Record<QuestionLanguage, string> = { ja: '数', vi: 'số' };

/** A question in Japanese or Vietnamese that ends in a number. */
export function localNumber(
  language: QuestionLanguage,
  question: string,
  answer: number,
): GeneratedCase {
  return localAnswer(language, question, NUMBER[language], String(answer));
}

/**
 * A question that ends in a word.
 * @param form which kind of word, in the language
 * @param value the right one, or all accepted spellings of it
 * @param wrong another of the kind
 */
export function localAnswer(
  language: QuestionLanguage,
  question: string,
  form: string,
  value: string | string[],
  wrong?: string,
): GeneratedCase {
  return {
    prompt: `${question}\n\n${ENDINGS[language](form)}`,
    expect: [{ type: 'match', value }],
    ...(wrong !== undefined && { wrong }),
  };
}
