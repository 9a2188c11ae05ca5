import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json.ts';
import { rule } from '../../../src/score/graders/rule.ts';
import { IFEVAL_RULES } from '../../../src/score/rules/ifeval/index.ts';
import { rulesSchema } from '../../../src/suite/rule-schema.ts';
import { LIMITS, replied } from '../replies.ts';

const mark = (text: string, id: string, argument: JsonObject = {}) => {
  const value = { [id]: argument };
  expect(rulesSchema.safeParse(value).success).toBe(true);
  return rule(replied(text), { type: 'rule', value }, LIMITS).mark;
};

const ENGLISH = 'the weather is quite nice today and we went for a long walk along the river';

/** What the checkers of instruction_following_eval say to each, read from their source. */
const ROWS: [id: string, argument: JsonObject, text: string, followed: boolean][] = [
  ['keywords:existence', { keywords: ['sea', 'Boat'] }, 'A BOAT on the sea', true],
  ['keywords:existence', { keywords: ['sea', 'boat'] }, 'The seaside', false],
  ['keywords:existence', { keywords: ['sea'] }, 'research', true], // part of a word will do
  [
    'keywords:frequency',
    { keyword: 'fox', frequency: 2, relation: 'at least' },
    'Fox and foxes',
    true,
  ],
  [
    'keywords:frequency',
    { keyword: 'fox', frequency: 2, relation: 'less than' },
    'Fox and foxes',
    false,
  ],
  ['keywords:frequency', { keyword: 'fox ', frequency: 1, relation: 'at least' }, 'a fox', true],
  ['keywords:forbidden_words', { forbidden_words: ['sea'] }, 'The seaside', true],
  ['keywords:forbidden_words', { forbidden_words: ['sea'] }, 'The Sea.', false],
  ['keywords:forbidden_words', { forbidden_words: ['c++'] }, 'I write C++ code', false],
  [
    'keywords:letter_frequency',
    { letter: 'A', let_frequency: 3, let_relation: 'at least' },
    'Banana',
    true,
  ],
  [
    'keywords:letter_frequency',
    { letter: 'a', let_frequency: 3, let_relation: 'less than' },
    'Banana',
    false,
  ],
  [
    'keywords:letter_frequency',
    { letter: '#', let_frequency: 1, let_relation: 'at least' },
    '# Title',
    true,
  ],
  [
    'language:response_language',
    { language: 'vi' },
    'Hôm nay trời đẹp nên chúng tôi đi dạo bên bờ sông rất lâu.',
    true,
  ],
  ['language:response_language', { language: 'vi' }, ENGLISH, false],
  [
    'language:response_language',
    { language: 'ja' },
    '今日は天気が良いので、川沿いを長く散歩しました。',
    true,
  ],
  [
    'length_constraints:number_sentences',
    { num_sentences: 2, relation: 'at least' },
    'One is here. Two is there.',
    true,
  ],
  [
    'length_constraints:number_sentences',
    { num_sentences: 2, relation: 'less than' },
    'One is here. Two is there.',
    false,
  ],
  [
    'length_constraints:number_sentences',
    { num_sentences: 2, relation: 'less than' },
    'Mr. Smith is\nhere.',
    true,
  ],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, 'one\n***\ntwo', true],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, '*** one *** two ***', true],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, 'one\n***\n***\ntwo', false],
  ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, 'one\n\ntwo', false],
  ['length_constraints:number_words', { num_words: 4, relation: 'at least' }, "it isn't so", true], // isn, t
  [
    'length_constraints:number_words',
    { num_words: 4, relation: 'less than' },
    'one two three',
    true,
  ],
  [
    'length_constraints:number_words',
    { num_words: 3, relation: 'less than' },
    'one two three',
    false,
  ],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 2, first_word: 'Then' },
    'One.\n\n"Then, two.',
    true,
  ],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 2, first_word: 'then' },
    'One.\n\nThenceforth',
    false,
  ],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 1, first_word: 'one' },
    'One.\n\ntwo\n\nthree',
    false,
  ],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 1, first_word: 'one' },
    "'One'\n\n \n\ntwo",
    true,
  ],
  [
    'length_constraints:nth_paragraph_first_word',
    { num_paragraphs: 2, nth_paragraph: 3, first_word: 'x' },
    'x\n\nx',
    false,
  ],
  ['detectable_content:number_placeholders', { num_placeholders: 2 }, '[name] at [address]', true],
  [
    'detectable_content:number_placeholders',
    { num_placeholders: 2 },
    '[name] at [addr\ness]',
    false,
  ],
  ['detectable_content:postscript', { postscript_marker: 'P.S.' }, 'Bye.\np. s. one more', true],
  ['detectable_content:postscript', { postscript_marker: 'P.S.' }, 'Bye. PS one more', false],
  ['detectable_content:postscript', { postscript_marker: 'P.P.S' }, 'Bye.\nP.P.S: more', true],
  ['detectable_content:postscript', { postscript_marker: 'P.P.S' }, 'Bye.\nP.S. more', false],
  ['detectable_content:postscript', { postscript_marker: 'N.B.' }, 'Bye.\nn.b. more', true],
  ['detectable_format:number_bullet_lists', { num_bullets: 2 }, 'So:\n* one\n  - two', true],
  ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '* one\n* two\n* three', false],
  ['detectable_format:number_bullet_lists', { num_bullets: 1 }, '**bold** line\n- one', true],
  ['detectable_format:number_bullet_lists', { num_bullets: 0 }, '---', false],
  ['detectable_format:constrained_response', {}, 'My answer is maybe. Who knows?', true],
  ['detectable_format:constrained_response', {}, 'my answer is maybe.', false],
  [
    'detectable_format:number_highlighted_sections',
    { num_highlights: 2 },
    '*one* and **two**',
    true,
  ],
  [
    'detectable_format:number_highlighted_sections',
    { num_highlights: 2 },
    '*one* and ** **',
    false,
  ],
  ['detectable_format:number_highlighted_sections', { num_highlights: 1 }, '*one\ntwo*', false],
  [
    'detectable_format:multiple_sections',
    { section_spliter: 'Section', num_sections: 2 },
    'Section 1\na\nSection2 b',
    true,
  ],
  [
    'detectable_format:multiple_sections',
    { section_spliter: 'Section', num_sections: 2 },
    'Section 1\na\nSection B',
    false,
  ],
  [
    'detectable_format:multiple_sections',
    { section_spliter: 'SECTION', num_sections: 1 },
    'Section 1',
    false,
  ],
  ['detectable_format:json_format', {}, '```json\n{"a": 1}\n```', true],
  ['detectable_format:json_format', {}, '[1, 2]', true],
  ['detectable_format:json_format', {}, 'Here: {"a": 1}', false],
  ['detectable_format:title', {}, 'x <<poem of joy>> y', true],
  ['detectable_format:title', {}, '<< >>', false],
  ['detectable_format:title', {}, '<<a\nb>>', false],
  ['combination:two_responses', {}, 'one******two', true],
  ['combination:two_responses', {}, '******one******two******', true],
  ['combination:two_responses', {}, 'one****** one', false],
  ['combination:two_responses', {}, 'one************two', false],
  ['combination:two_responses', {}, 'one******two******three', false],
  ['combination:repeat_prompt', { prompt_to_repeat: 'Say so. ' }, ' say SO. Then more', true],
  ['combination:repeat_prompt', { prompt_to_repeat: 'Say so.' }, 'OK: Say so.', false],
  [
    'startend:end_checker',
    { end_phrase: 'Any other questions?' },
    'So. "any OTHER questions?"',
    true,
  ],
  [
    'startend:end_checker',
    { end_phrase: 'Any other questions?' },
    'Any other questions? Bye',
    false,
  ],
  ['startend:quotation', {}, ' "So it is." ', true],
  ['startend:quotation', {}, '"', false],
  ['startend:quotation', {}, '“So it is.”', false],
  [
    'change_case:capital_word_frequency',
    { capital_frequency: 2, capital_relation: 'at least' },
    'I said NO',
    true,
  ],
  [
    'change_case:capital_word_frequency',
    { capital_frequency: 2, capital_relation: 'less than' },
    "DON'T stop",
    false,
  ],
  [
    'change_case:capital_word_frequency',
    { capital_frequency: 2, capital_relation: 'less than' },
    'WELL-KNOWN 42',
    true,
  ],
  ['change_case:english_capital', {}, ENGLISH.toUpperCase(), true],
  ['change_case:english_capital', {}, ENGLISH, false],
  ['change_case:english_lowercase', {}, ENGLISH, true],
  ['change_case:english_lowercase', {}, `${ENGLISH}. So it was.`, false],
  [
    'change_case:english_lowercase',
    {},
    'hôm nay trời đẹp nên chúng tôi đi dạo bên bờ sông rất lâu',
    false,
  ],
  ['punctuation:no_comma', {}, 'so it is', true],
  ['punctuation:no_comma', {}, 'so, it is', false],
];

describe('IFEval', () => {
  test.each(ROWS)('%s %j: %j → %s', (id, argument, text, followed) => {
    expect(mark(text, id, argument)).toBe(followed ? 'right' : 'wrong');
  });

  test('has all 25 instructions, each with a row that keeps it and one that breaks it', () => {
    expect(Object.keys(IFEVAL_RULES)).toHaveLength(25);
    for (const id of Object.keys(IFEVAL_RULES)) {
      const marks = new Set(
        ROWS.filter(([name]) => name === id).map(([, , , followed]) => followed),
      );
      expect([id, marks.size]).toEqual([id, 2]);
    }
  });

  test('"less than" and "at least" of the same number are opposites', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(20), (text, wanted) => {
        if (text.trim() === '') return;
        const of = (relation: string) => [
          mark(text, 'length_constraints:number_words', { num_words: wanted, relation }),
          mark(text, 'length_constraints:number_sentences', { num_sentences: wanted, relation }),
          mark(text, 'keywords:letter_frequency', {
            letter: 'a',
            let_frequency: wanted,
            let_relation: relation,
          }),
          mark(text, 'change_case:capital_word_frequency', {
            capital_frequency: wanted,
            capital_relation: relation,
          }),
        ];
        const less = of('less than');
        expect(of('at least')).toEqual(less.map((one) => (one === 'right' ? 'wrong' : 'right')));
      }),
    );
  });

  test.each([
    '[',
    '*',
    '<<',
    '>',
    '"',
    '- ',
    '\n',
    ' ',
    '*** ',
    '.',
    'Section ',
    "'",
    '`',
    'a',
    '<<a',
  ])('200,000 characters of %j are checked in time', (piece) => {
    const text = `x${piece.repeat(200_000 / piece.length)}x`;
    for (const [id, argument] of ROWS) {
      if (!id.startsWith('language:') && !id.includes('english')) mark(text, id, argument);
    }
  });
});
