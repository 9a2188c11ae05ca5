import { at, type Family } from '../family.ts';
import { localAnswer } from '../local-answers.ts';
import { sample } from '../words.ts';
import { kanjiNumber, NAMES_JA } from './writing.ts';

const THEMES = [
  { more: '背が高い', less: '背が低い', most: '背が高い' },
  { more: '年上です', less: '年下です', most: '年上な' },
  { more: '足が速い', less: '足が遅い', most: '足が速い' },
] as const;

/** Comparisons in any order and either direction; who comes at a given place. */
export const jaRanking: Family = {
  name: 'ja-ranking',
  description: 'Japanese: an order from comparisons, and who stands at a place of it',
  language: 'ja',
  generate(random, difficulty) {
    const order = sample(random, NAMES_JA, difficulty + 2);
    const { more, less, most } = random.pick(THEMES);
    const facts = order.slice(1).map((lower, index) => {
      const higher = at(order, index);
      return random.pick([`${higher}は${lower}より${more}。`, `${lower}は${higher}より${less}。`]);
    });
    const place = difficulty <= 2 ? 0 : random.integer(1, order.length - 1);
    const rank = place === 0 ? '一番' : `${kanjiNumber(place + 1)}番目に`;
    const question = random.pick([
      `次の文を読んで答えてください。${random.shuffle(facts).join('')}${rank}${most}のは誰ですか。`,
      `${random.shuffle(facts).join('')}この${kanjiNumber(order.length)}人の中で、${rank}${most}のは誰ですか。`,
    ]);
    return localAnswer(
      'ja',
      question,
      '名前',
      at(order, place),
      at(order, (place + 1) % order.length),
    );
  },
};
