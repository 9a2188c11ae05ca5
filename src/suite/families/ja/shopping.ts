import type { Random } from '../../../random.ts';
import { at, drawUntil, type Family } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { sample } from '../words.ts';
import { kanjiNumber, writtenNumber } from './writing.ts';

const GOODS = [
  { name: 'りんご', counter: '個', yen: [80, 240] },
  { name: '鉛筆', counter: '本', yen: [60, 150] },
  { name: 'ノート', counter: '冊', yen: [110, 300] },
  { name: '切手', counter: '枚', yen: [50, 140] },
  { name: 'おにぎり', counter: '個', yen: [100, 220] },
  { name: '傘', counter: '本', yen: [500, 1900] },
  { name: '皿', counter: '枚', yen: [300, 1500] },
] as const;

interface Line {
  name: string;
  counter: string;
  yen: number;
  count: number;
}

/** One kind; two kinds and change; a discount; consumption tax on top; the bill shared. */
export const jaShopping: Family = {
  name: 'ja-shopping',
  description: 'Japanese: prices with counters, discounts in 割, consumption tax, change',
  language: 'ja',
  generate(random, difficulty) {
    const { lines, discount, taxed, people, total } = drawUntil(() => drawBill(random, difficulty));
    const written = (n: number) => writtenNumber(random, n);
    const sentences = lines.map(({ name, counter, yen, count }) =>
      random.pick([
        `一${counter}${written(yen)}円の${name}を${written(count)}${counter}買いました。`,
        `${name}は一${counter}${written(yen)}円で、${written(count)}${counter}買いました。`,
      ]),
    );
    if (discount > 0) sentences.push(`合計から${kanjiNumber(discount)}割引きになります。`);
    if (taxed) sentences.push('そのあと、消費税10%が加わります。');
    if (difficulty === 2) {
      const notes = Math.floor(total / 1000) + random.integer(1, 3);
      sentences.push(`千円札を${written(notes)}枚出しました。おつりは何円ですか。`);
      return localNumber('ja', sentences.join(''), notes * 1000 - total);
    }
    sentences.push(
      people > 1
        ? `代金を${written(people)}人で同じ額ずつ払うと、一人何円ですか。`
        : random.pick(['代金は何円ですか。', '全部でいくら払いますか。円で答えてください。']),
    );
    return localNumber('ja', sentences.join(''), total / people);
  },
};

/** A bill that comes to whole yen. */
function drawBill(random: Random, difficulty: number) {
  const lines: Line[] = sample(random, GOODS, difficulty === 1 ? 1 : Math.min(difficulty, 3)).map(
    ({ name, counter, yen }) => ({
      ...{ name, counter, count: random.integer(2, 12) },
      yen: Math.round(random.integer(at(yen, 0), at(yen, 1)) / 10) * 10,
    }),
  );
  const discount = difficulty >= 3 ? random.integer(1, 4) : 0;
  const taxed = difficulty >= 4;
  const people = difficulty === 5 ? random.integer(2, 6) : 1;
  const sum = lines.reduce((yen, line) => yen + line.yen * line.count, 0);
  // In hundredths of a yen, so that nothing is lost before it is known to be whole.
  const hundredths = sum * (10 - discount) * (taxed ? 11 : 10);
  const total = hundredths / 100;
  return Number.isInteger(total / people) ? { lines, discount, taxed, people, total } : undefined;
}
