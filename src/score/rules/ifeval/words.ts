import type { RuleArgument } from '../../../suite/rule-schema.ts';
import { sentencesOf } from '../sentences.ts';
import { forGood, type Verdict, verdict } from '../verdict.ts';
import { compared, occurrences, wordsOf } from './compare.ts';

/** Keywords, letters and lengths. Keywords are plain texts here; in the original they are patterns. */
export const WORD_RULES = {
  'keywords:existence': (text: string, { keywords }: RuleArgument<'keywords:existence'>) => {
    const lacking = keywords.find((keyword) => occurrences(text, keyword) === 0);
    return verdict(lacking === undefined, `lacks the keyword ${lacking}`);
  },
  'keywords:frequency': (text: string, argument: RuleArgument<'keywords:frequency'>) => {
    const { keyword, frequency, relation } = argument;
    return compared(occurrences(text, keyword.trim()), relation, frequency, `times ${keyword}`);
  },
  'keywords:forbidden_words': (
    text: string,
    { forbidden_words: words }: RuleArgument<'keywords:forbidden_words'>,
  ) => {
    const found = words.find((word) => hasWord(text, word));
    return forGood(found === undefined, `has the word ${found}`);
  },
  'keywords:letter_frequency': (
    text: string,
    argument: RuleArgument<'keywords:letter_frequency'>,
  ) => {
    const { letter, let_frequency: frequency, let_relation: relation } = argument;
    return compared(occurrences(text, letter), relation, frequency, `times ${letter}`);
  },
  'length_constraints:number_words': (
    text: string,
    { num_words: wanted, relation }: RuleArgument<'length_constraints:number_words'>,
  ) => compared(wordsOf(text).length, relation, wanted, 'words'),
  'length_constraints:number_sentences': (
    text: string,
    { num_sentences: wanted, relation }: RuleArgument<'length_constraints:number_sentences'>,
  ) => compared(sentencesOf(text, false).length, relation, wanted, 'sentences'),
  'change_case:capital_word_frequency': (
    text: string,
    argument: RuleArgument<'change_case:capital_word_frequency'>,
  ) => {
    const { capital_frequency: frequency, capital_relation: relation } = argument;
    return compared(capitalWords(text), relation, frequency, 'words in capitals');
  },
} satisfies Record<string, (text: string, argument: never) => Verdict>;

/** As a word of its own: Python's `\b` on either side. */
function hasWord(text: string, word: string): boolean {
  const literal = word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const before = /^[\p{L}\p{N}_]/u.test(word) ? '(?<![\\p{L}\\p{N}_])' : '';
  const after = /[\p{L}\p{N}_]$/u.test(word) ? '(?![\\p{L}\\p{N}_])' : '';
  return new RegExp(before + literal + after, 'iu').test(text);
}

/**
 * Words all in capitals, as NLTK's tokenizer cuts them: hyphens and slashes join, a contraction's
 * second half counts by itself.
 */
function capitalWords(text: string): number {
  const words = text.match(/[\p{L}\p{N}]+(?:[-'’./_][\p{L}\p{N}]+)*/gu) ?? [];
  const tokens = words.flatMap((word) => {
    const [, head, tail] = word.match(/^(.+?)(n['’]t|['’](?:s|re|ve|ll|d|m))$/iu) ?? [];
    return head === undefined || tail === undefined ? [word] : [head, tail];
  });
  return tokens.filter((token) => /\p{Lu}/u.test(token) && !/\p{Ll}/u.test(token)).length;
}
