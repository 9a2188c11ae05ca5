import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json.ts';
import { rule } from '../../../src/score/graders/rule.ts';
import { COUNTS } from '../../../src/score/rules/count.ts';
import { sentencesOf } from '../../../src/score/rules/sentences.ts';
import { rulesSchema } from '../../../src/suite/rule-schema.ts';
import { LIMITS, replied } from '../replies.ts';

const grade = (text: string, value: JsonObject, finishReason = 'stop') =>
  rule(replied(text, { finishReason }), { type: 'rule', value }, LIMITS);

describe('counts', () => {
  test.each<[keyof typeof COUNTS, string, number]>([
    ['words', 'The cat sat.', 3],
    ['words', '- one\n- two', 2],
    ['words', 'well-known, 3.5 and don’t', 4],
    ['words', 'Trời hôm nay rất đẹp', 5],
    ['words', '  ', 0],
    ['sentences', 'One. Two! Three?', 3],
    ['sentences', 'No full stop', 1],
    ['sentences', 'Mr. Smith met Dr. Jones at 5 p.m. in town.', 1],
    ['sentences', 'It costs 3.50 euros. Cheap!', 2],
    ['sentences', 'Well… perhaps not.', 1],
    ['sentences', 'Wait... Then go.', 2],
    ['sentences', '"Stop!" he said.', 1],
    ['sentences', 'He said "stop." Then he left.', 2],
    ['sentences', 'it rains. it pours.', 2],
    ['sentences', '1. Wash it.\n2. Dry it.', 2],
    ['sentences', 'Title\n\nA sentence.', 2],
    ['sentences', '今日は晴れ。明日は雨！', 2],
    ['sentences', '「行こう。」と彼は言った。', 2],
    ['sentences', 'Mèo ngủ. Chó chạy!', 2],
    ['sentences', 'e.g. this one', 1],
    ['sentences', 'J. K. Rowling wrote it.', 1],
    ['sentences', 'I like tea, etc.', 1],
    ['sentences', '...', 0],
    ['lines', 'a\n\nb\n', 2],
    ['characters', '春が来た。', 5],
    ['characters', '古池や\n蛙飛び込む', 8],
    ['characters', 'か\u3099', 1],
    ['characters', ' ab c ', 4],
    ['paragraphs', 'a\nb\n\nc', 2],
    ['paragraphs', 'a\n \n\nc\n\n', 2],
  ])('%s of %j', (counted, text, count) => {
    expect(COUNTS[counted](text)).toBe(count);
  });

  test('a sentence is never lost: pieces make up the text but for blanks and marks', () => {
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z .!?…"'\n]*$/), (after) => {
        const text = `So ${after}`; // or a letter at its start may be the mark of a list
        expect(letters(sentencesOf(text, false).join(''))).toBe(letters(text));
      }),
    );
  });

  test.each(['.', '. ', '?!', '"', 'Mr. ', '。', '\n', ' ', 'a. ', '...x'])(
    '200,000 characters of %j are counted in time',
    (piece) => {
      const text = `x${piece.repeat(200_000 / piece.length)}x`;
      for (const count of Object.values(COUNTS)) expect(count(text)).toBeGreaterThan(0);
    },
  );
});

describe('rules of suites', () => {
  test.each<[JsonObject, string, string]>([
    [{ max_words: 3 }, 'one two three', 'one two three four'],
    [{ min_words: 3 }, 'one two three', 'one two'],
    [{ exact_words: 2 }, 'one two', 'one'],
    [{ exact_words: 2 }, 'one two', 'one two three'],
    [{ exact_sentences: 2 }, 'One. Two.', 'One.'],
    [{ max_sentences: 1 }, 'One of them.', 'One. Two.'],
    [{ exact_lines: 2 }, 'a\nb', 'a\nb\nc'],
    [{ max_characters: 5 }, '春が来た。', '春が来ました。'],
    [{ exact_characters: 3 }, '俳句集', '俳句'],
    [{ paragraphs: 2 }, 'a\n\nb', 'a\nb'],
    [{ bullets: 2 }, '- a\n- b', '- a\n- b\n- c'],
    [{ bullets: 2 }, '* a\n* b', 'Here:\n- a\n- b'],
    [{ numbered: 2 }, '1. a\n2. b', '1. a\n3. b'],
    [{ numbered: 2 }, '1) a\n2) b', '1. a\n2. b\nDone.'],
    [{ no_blank_lines: true }, 'a\nb', 'a\n\nb'],
    [{ no_character: ',' }, 'a b', 'a, b'],
    [{ no_character: 'o' }, 'cat', 'Otter'],
    [{ starts_with: 'Indeed' }, 'Indeed, so', 'So, indeed'],
    [{ ends_with: '?' }, 'So?', 'So? Yes.'],
    [{ lowercase: true }, 'rain and wind.', 'Rain.'],
    [{ lowercase: true }, 'mưa to', '123'],
    [{ uppercase: true }, 'RAIN!', 'Rain!'],
    [{ json_keys: ['b', 'a'] }, '{"a": 1, "b": 2}', '{"a": 1}'],
    [{ json_keys: ['a'] }, '```json\n{"a": 1}\n```', 'So: {"a": 1}'],
    [{ max_words: 3, ends_with: '!' }, 'so it is!', 'so it is'],
  ])('%j: %j, not %j', (value, right, wrong) => {
    expect(grade(right, value).mark).toBe('right');
    expect(grade(wrong, value).mark).toBe('wrong');
    expect(rulesSchema.safeParse(value).success).toBe(true);
  });

  test('is scored by the share of rules kept, and says which is broken', () => {
    expect(grade('a, b', { max_words: 5, no_character: ',', ends_with: 'b' })).toMatchObject({
      mark: 'wrong',
      score: 2 / 3,
      reason: 'has the character ,',
    });
  });

  test('rules of a stored run that are none today are nothing to grade by', () => {
    expect(grade('a', { max_wordz: 3 }).mark).toBe('ungraded');
    expect(grade('a', { 'keywords:existence': {} }).mark).toBe('ungraded');
  });

  test('an empty answer is ungraded', () => {
    expect(grade(' \n', { max_words: 5 }).mark).toBe('ungraded');
  });

  test('cut off: wrong where nothing could mend it, else ungraded', () => {
    expect(grade('one two three', { max_words: 2 }, 'length').mark).toBe('wrong');
    expect(grade('a, b', { no_character: ',', min_words: 9 }, 'length').mark).toBe('wrong');
    expect(grade('one two', { min_words: 3 }, 'length').mark).toBe('ungraded');
    expect(grade('one two', { max_words: 3 }, 'length').mark).toBe('ungraded');
    expect(grade('so', { ends_with: '!' }, 'length').mark).toBe('ungraded');
  });

  test.each<[string, JsonObject]>([
    ['an unknown rule', { max_word: 3 }],
    ['none', {}],
    ['a text for a number', { max_words: '3' }],
    ['an unknown instruction', { 'punctuation:no_commas': {} }],
    [
      'an instruction without its argument',
      { 'length_constraints:number_words': { num_words: 3 } },
    ],
    [
      'an unknown relation',
      { 'length_constraints:number_words': { num_words: 3, relation: 'at most' } },
    ],
  ])('refuses %s', (_, value) => {
    expect(rulesSchema.safeParse(value).success).toBe(false);
  });
});
