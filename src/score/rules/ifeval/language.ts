import type { RuleArgument } from '../../../suite/rule-schema.ts';
import { languageOf } from '../../answer/language.ts';
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

/** Where the language cannot be told the rule is ungraded; the original takes it as kept. */
function inLanguage(text: string, code: string): Verdict {
  const found = languageOf(text, [code]);
  if (found.kind === 'unclear') return verdict(null, found.reason);
  return verdict(found.code === code, `is written in ${found.code}, not ${code}`);
}
