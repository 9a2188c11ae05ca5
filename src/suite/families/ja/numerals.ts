import type { Family } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { kanjiNumber } from './writing.ts';

/** One number to write in digits, of more and more places; from level 3 a sum or a difference of two. */
export const jaNumerals: Family = {
  name: 'ja-numerals',
  description: 'Japanese: numbers in kanji, up to 兆, and sums of them',
  language: 'ja',
  generate(random, difficulty) {
    const places = [4, 7, 6, 9, 13][difficulty - 1] ?? 13;
    // Few digits other than 0 are the harder ones to read: 三億二十.
    const draw = () =>
      Array.from({ length: places }, (_, place) =>
        place === places - 1 || random.next() < 0.6 ? random.integer(1, 9) * 10 ** place : 0,
      ).reduce((sum, part) => sum + part, 0);
    const [a, b] = [draw(), draw()].sort((x, y) => y - x) as [number, number];
    if (difficulty <= 2) {
      const question = random.pick([
        `「${kanjiNumber(a)}」を算用数字で書くとどうなりますか。`,
        `漢数字の「${kanjiNumber(a)}」を算用数字に直してください。`,
      ]);
      return localNumber('ja', question, a);
    }
    const [question, answer] = random.pick([
      [`${kanjiNumber(a)}に${kanjiNumber(b)}を足すといくつになりますか。`, a + b] as const,
      [`${kanjiNumber(a)}から${kanjiNumber(b)}を引くといくつになりますか。`, a - b] as const,
      [`${kanjiNumber(a)}は${kanjiNumber(b)}よりいくつ大きいですか。`, a - b] as const,
    ]);
    return localNumber('ja', `${question}算用数字で答えてください。`, answer);
  },
};
