import type { Random } from '../../../random.ts';
import { at, drawUntil, type Family } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { sample } from '../words.ts';
import { NAMES_VI } from './writing.ts';

const THINGS = ['viên bi', 'con tem', 'quyển truyện', 'tấm thẻ', 'cái kẹo'] as const;

/** Things given, got, lent and handed back; the direction is in the verb: cho, nhận, mượn, trả. */
export const viGiving: Family = {
  name: 'vi-giving',
  description: 'Vietnamese: who has how many after things were given, lent and handed back',
  language: 'vi',
  generate(random, difficulty) {
    const people = sample(random, NAMES_VI, difficulty <= 2 ? 2 : 3);
    const thing = random.pick(THINGS);
    const { start, moves, left } = drawUntil(() => drawMoves(random, people, difficulty + 1));
    const sentences = people.map((person) => `${person} có ${start.get(person)} ${thing}.`);
    for (const { from, to, count } of moves) {
      sentences.push(
        random.pick([
          `${from} cho ${to} ${count} ${thing}.`,
          `${to} được ${from} tặng ${count} ${thing}.`,
          `${to} mượn của ${from} ${count} ${thing}.`,
          `${from} đưa cho ${to} ${count} ${thing}.`,
          `${to} nhận từ ${from} ${count} ${thing}.`,
        ]),
      );
    }
    const asked = at(people, 0);
    sentences.push(
      random.pick([
        `Bây giờ ${asked} đang giữ bao nhiêu ${thing}?`,
        `Cuối cùng trong tay ${asked} có bao nhiêu ${thing}?`,
      ]),
    );
    return localNumber('vi', sentences.join(' '), left.get(asked) ?? 0);
  },
};

/** `undefined` where somebody would hand over more than they have. */
function drawMoves(random: Random, people: readonly string[], count: number) {
  const start = new Map(people.map((person) => [person, random.integer(5, 40)]));
  const left = new Map(start);
  const moves: { from: string; to: string; count: number }[] = [];
  while (moves.length < count) {
    const [from = '', to = ''] = sample(random, people, 2);
    const move = { from, to, count: random.integer(2, 12) };
    const rest = (left.get(from) ?? 0) - move.count;
    if (rest < 0) return undefined;
    left.set(from, rest).set(to, (left.get(to) ?? 0) + move.count);
    moves.push(move);
  }
  return { start, moves, left };
}
