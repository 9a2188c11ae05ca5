import type { RuleArgument } from '../../../suite/rule-schema.ts';
import { forGood, type Verdict, verdict } from '../verdict.ts';
import { stripped } from './compare.ts';

/** How an answer is divided, how it begins and how it ends. */
export const SHAPE_RULES = {
  'length_constraints:number_paragraphs': (
    text: string,
    { num_paragraphs: wanted }: RuleArgument<'length_constraints:number_paragraphs'>,
  ) => {
    const parts = text.split(/\s?\*\*\*\s?/);
    const blank = parts.flatMap((part, index) => (part.trim() === '' ? [index] : []));
    if (blank.some((index) => index > 0 && index < parts.length - 1)) {
      return verdict(false, 'has an empty paragraph');
    }
    const count = parts.length - blank.length;
    return verdict(count === wanted, `has ${count} paragraphs, not ${wanted}`);
  },
  'length_constraints:nth_paragraph_first_word': (
    text: string,
    argument: RuleArgument<'length_constraints:nth_paragraph_first_word'>,
  ) => {
    const { num_paragraphs: wanted, nth_paragraph: nth, first_word: first } = argument;
    const parts = text.split('\n\n');
    const count = parts.filter((part) => part.trim() !== '').length;
    if (count !== wanted) return verdict(false, `has ${count} paragraphs, not ${wanted}`);
    // Blank ones are not counted but do take a place: so it is in the original.
    const word = firstWord(nth <= count ? (parts[nth - 1] ?? '') : '');
    return verdict(word === first.toLowerCase(), `paragraph ${nth} starts with "${word}"`);
  },
  'combination:two_responses': (text: string) => {
    const parts = text.split('******').map((part) => part.trim());
    const filled = parts.filter((part) => part !== '');
    const between = parts.slice(1, -1).some((part) => part === '');
    const kept = !between && filled.length === 2 && filled[0] !== filled[1];
    return verdict(kept, 'has not two different responses');
  },
  'combination:repeat_prompt': (
    text: string,
    { prompt_to_repeat: prompt }: RuleArgument<'combination:repeat_prompt'>,
  ) => {
    const kept = text.trim().toLowerCase().startsWith(prompt.trim().toLowerCase());
    return verdict(kept, 'does not repeat the request first');
  },
  'startend:end_checker': (
    text: string,
    { end_phrase: end }: RuleArgument<'startend:end_checker'>,
  ) => {
    const bare = stripped(text.trim(), '"').toLowerCase();
    return verdict(bare.endsWith(end.trim().toLowerCase()), `does not end with "${end}"`);
  },
  'startend:quotation': (text: string) =>
    verdict(/^\s*".*"\s*$/s.test(text), 'is not wrapped in double quotation marks'),
  'punctuation:no_comma': (text: string) => forGood(!text.includes(','), 'has a comma'),
} satisfies Record<string, (text: string, argument: never) => Verdict>;

/** Up to a mark or blank, quotation marks in front left out, in lower case. */
function firstWord(paragraph: string): string {
  const [word = ''] = paragraph.trim().split(/\s/);
  const bare = word.replace(/^'+/, '').replace(/^"+/, '');
  return (bare.split(/[.,?!'"]/)[0] ?? '').toLowerCase();
}
