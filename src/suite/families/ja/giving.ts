import type { Random } from '../../../random.ts';
import { at, drawUntil, type Family } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { sample } from '../words.ts';
import { NAMES_JA, writtenNumber } from './writing.ts';

const THINGS = [
  { name: 'あめ', counter: '個' },
  { name: '折り紙', counter: '枚' },
  { name: '鉛筆', counter: '本' },
  { name: '絵本', counter: '冊' },
  { name: '切手', counter: '枚' },
] as const;

interface Gift {
  from: string;
  to: string;
  count: number;
}

/** Who gives and who gets is in the verb and the particle alone: あげる, もらう, 渡す, 受け取る. */
export const jaGiving: Family = {
  name: 'ja-giving',
  description: 'Japanese: who has how many after things were given and received',
  language: 'ja',
  generate(random, difficulty) {
    const people = sample(random, NAMES_JA, difficulty <= 2 ? 2 : 3);
    const { name, counter } = random.pick(THINGS);
    const { start, gifts, left } = drawUntil(() => drawGifts(random, people, difficulty + 1));
    const amount = (count: number) => `${writtenNumber(random, count)}${counter}`;
    const sentences = people.map(
      (person) => `${person}は${name}を${amount(start.get(person) ?? 0)}持っています。`,
    );
    for (const { from, to, count } of gifts) {
      sentences.push(
        random.pick([
          `${from}は${to}に${name}を${amount(count)}あげました。`,
          `${to}は${from}に${name}を${amount(count)}もらいました。`,
          `${to}は${from}から${name}を${amount(count)}受け取りました。`,
          `${from}が${to}に${name}を${amount(count)}渡しました。`,
        ]),
      );
    }
    const asked = at(people, 0);
    sentences.push(
      random.pick([
        `今、${asked}は${name}を何${counter}持っていますか。`,
        `最後に${asked}の${name}は何${counter}になりましたか。`,
      ]),
    );
    return localNumber('ja', sentences.join(''), left.get(asked) ?? 0);
  },
};

/** `undefined` where somebody would give more than they have. */
function drawGifts(random: Random, people: readonly string[], count: number) {
  const start = new Map(people.map((person) => [person, random.integer(4, 30)]));
  const left = new Map(start);
  const gifts: Gift[] = [];
  while (gifts.length < count) {
    const [from = '', to = ''] = sample(random, people, 2);
    const gift = { from, to, count: random.integer(2, 9) };
    const rest = (left.get(from) ?? 0) - gift.count;
    if (rest < 0) return undefined;
    left.set(from, rest).set(to, (left.get(to) ?? 0) + gift.count);
    gifts.push(gift);
  }
  return { start, gifts, left };
}
