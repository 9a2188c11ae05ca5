import type { Random } from '../../../random.ts';
import { at, drawUntil, type Family } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { sample } from '../words.ts';
import { NAMES_VI, viNumber } from './writing.ts';

const GOODS = [
  { name: 'cam', unit: 'ki-lô-gam', dong: [25, 60], halves: true },
  { name: 'gạo', unit: 'ki-lô-gam', dong: [16, 32], halves: true },
  { name: 'vở', unit: 'quyển', dong: [8, 20], halves: false },
  { name: 'trứng', unit: 'chục', dong: [28, 45], halves: false },
  { name: 'bút', unit: 'chiếc', dong: [4, 15], halves: false },
  { name: 'sữa', unit: 'hộp', dong: [7, 35], halves: false },
] as const;

/** One kind; two and change; half kilograms; a discount in percent; a fee, and the bill shared. */
export const viShopping: Family = {
  name: 'vi-shopping',
  description: 'Vietnamese: prices as 45.000 đồng, half kilograms as 2,5, discounts, change',
  language: 'vi',
  generate(random, difficulty) {
    const { lines, percent, fee, people, total } = drawUntil(() => drawBill(random, difficulty));
    const name = random.pick(NAMES_VI);
    const bought = lines.map(({ goods, dong, count }) =>
      random.pick([
        `${viNumber(count)} ${goods.unit} ${goods.name}, mỗi ${goods.unit} giá ${viNumber(dong)} đồng`,
        `${viNumber(count)} ${goods.unit} ${goods.name} với giá ${viNumber(dong)} đồng một ${goods.unit}`,
      ]),
    );
    const sentences = [`${name} mua ${bought.join('; ')}.`];
    if (percent > 0) sentences.push(`Cửa hàng giảm ${percent}% trên tổng số tiền hàng.`);
    if (fee > 0) sentences.push(`Sau đó cộng thêm phí giao hàng ${viNumber(fee)} đồng.`);
    if (difficulty === 2) {
      const handed = Math.ceil((total + 1) / 100_000) * 100_000;
      sentences.push(
        `${name} đưa ${viNumber(handed)} đồng. Người bán phải trả lại bao nhiêu đồng?`,
      );
      return localNumber('vi', sentences.join(' '), handed - total);
    }
    sentences.push(
      people > 1
        ? `Số tiền phải trả được chia đều cho ${people} người. Mỗi người trả bao nhiêu đồng?`
        : random.pick(['Phải trả tất cả bao nhiêu đồng?', `Hỏi ${name} phải trả bao nhiêu đồng?`]),
    );
    return localNumber('vi', sentences.join(' '), total / people);
  },
};

/** A bill that comes to whole đồng. */
function drawBill(random: Random, difficulty: number) {
  const lines = sample(random, GOODS, difficulty === 1 ? 1 : Math.min(difficulty, 3)).map(
    (goods) => ({
      goods,
      dong: random.integer(at(goods.dong, 0), at(goods.dong, 1)) * 1000,
      count: random.integer(2, 9) + (difficulty >= 3 && goods.halves ? 0.5 : 0),
    }),
  );
  const percent = difficulty >= 4 ? random.integer(1, 6) * 5 : 0;
  const fee = difficulty === 5 ? random.integer(3, 9) * 5000 : 0;
  const people = difficulty === 5 ? random.integer(2, 5) : 1;
  const sum = lines.reduce((dong, line) => dong + line.dong * line.count, 0);
  const total = (sum * (100 - percent)) / 100 + fee;
  return Number.isInteger(total / people) ? { lines, percent, fee, people, total } : undefined;
}
