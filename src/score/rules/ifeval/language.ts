import type { RuleArgument } from '../../../suite/rule-schema.ts';
import { type Verdict, verdict } from '../verdict.ts';

/** Rules on the language of the whole answer. */
export const LANGUAGE_RULES = {
  'language:response_language': (
    text: string,
    { language }: RuleArgument<'language:response_language'>,
  ) => inLanguage(text, language),
  'change_case:english_capital': (text: string) =>
    /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text)
      ? inLanguage(text.toLowerCase(), 'en')
      : verdict(false, 'is not all in capital letters'),
  'change_case:english_lowercase': (text: string) =>
    /\p{Ll}/u.test(text) && !/\p{Lu}/u.test(text)
      ? inLanguage(text, 'en')
      : verdict(false, 'is not all in lower-case letters'),
} satisfies Record<string, (text: string, argument: never) => Verdict>;

function inLanguage(text: string, language: string): Verdict {
  return verdict(null, `the language of ${text.length} is unknown ${language}`);
}
