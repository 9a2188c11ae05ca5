import { z } from 'zod';

const count = z.int().min(0);
const flag = z.literal(true);
const text = z.string().min(1);

/** Rules about the form of an answer, in the words of a suite. */
const ownRules = {
  min_words: count,
  max_words: count,
  exact_words: count,
  min_sentences: count,
  max_sentences: count,
  exact_sentences: count,
  min_lines: count,
  max_lines: count,
  exact_lines: count,
  min_characters: count,
  max_characters: count,
  exact_characters: count,
  paragraphs: count,
  bullets: count,
  numbered: count,
  no_blank_lines: flag,
  no_character: text,
  starts_with: text,
  ends_with: text,
  lowercase: flag,
  uppercase: flag,
  json_keys: z.array(text).min(1),
};

const instruction = z.strictObject;
const relation = z.enum(['less than', 'at least']);

/** The instructions of IFEval (google-research/instruction_following_eval) with their arguments. */
const ifevalRules = {
  'keywords:existence': instruction({ keywords: z.array(text).min(1) }),
  'keywords:frequency': instruction({ keyword: text, frequency: count, relation }),
  'keywords:forbidden_words': instruction({ forbidden_words: z.array(text).min(1) }),
  'keywords:letter_frequency': instruction({
    letter: z.string().length(1),
    let_frequency: count,
    let_relation: relation,
  }),
  'language:response_language': instruction({ language: z.string().min(2) }),
  'length_constraints:number_sentences': instruction({ num_sentences: count, relation }),
  'length_constraints:number_paragraphs': instruction({ num_paragraphs: count }),
  'length_constraints:number_words': instruction({ num_words: count, relation }),
  'length_constraints:nth_paragraph_first_word': instruction({
    num_paragraphs: count,
    nth_paragraph: z.int().min(1),
    first_word: text,
  }),
  'detectable_content:number_placeholders': instruction({ num_placeholders: count }),
  'detectable_content:postscript': instruction({ postscript_marker: text }),
  'detectable_format:number_bullet_lists': instruction({ num_bullets: count }),
  'detectable_format:constrained_response': instruction({}),
  'detectable_format:number_highlighted_sections': instruction({ num_highlights: count }),
  'detectable_format:multiple_sections': instruction({
    section_spliter: text,
    num_sections: count,
  }),
  'detectable_format:json_format': instruction({}),
  'detectable_format:title': instruction({}),
  'combination:two_responses': instruction({}),
  'combination:repeat_prompt': instruction({ prompt_to_repeat: text }),
  'startend:end_checker': instruction({ end_phrase: text }),
  'startend:quotation': instruction({}),
  'change_case:capital_word_frequency': instruction({
    capital_frequency: count,
    capital_relation: relation,
  }),
  'change_case:english_capital': instruction({}),
  'change_case:english_lowercase': instruction({}),
  'punctuation:no_comma': instruction({}),
};

const rules = z.strictObject({ ...ownRules, ...ifevalRules }).partial();

/** What an answer has to keep to, by the name of the rule; all of them. */
export const rulesSchema = rules.refine((value) => Object.keys(value).length > 0, {
  error: 'must have at least one rule, as {max_words: 20}',
  when: ({ issues }) => issues.length === 0, // an unknown rule is complained of by itself
});

export type Rules = z.output<typeof rules>;
export type OwnRule = keyof typeof ownRules;
export type IfevalRule = keyof typeof ifevalRules;
/** What a rule is given. */
export type RuleArgument<R extends OwnRule | IfevalRule> = NonNullable<Rules[R]>;
