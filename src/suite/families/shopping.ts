import { integerAnswer } from './answers.ts';
import { drawUntil, type Family } from './family.ts';
import { counted, listed, NAMES, sample } from './words.ts';

const GOODS = [
  ...['notebook', 'lamp', 'teapot', 'scarf', 'basket', 'candle', 'puzzle', 'poster'],
  ...['hammer', 'blanket', 'mug', 'kite', 'stool', 'backpack'],
] as const;
const OPENINGS = [
  (name: string, goods: string) => `At the market ${name} picks out ${goods}.`,
  (name: string, goods: string) => `${name} fills a cart with ${goods}.`,
  (name: string, goods: string) => `An order placed by ${name} lists ${goods}.`,
  (name: string, goods: string) => `For a new flat, ${name} chooses ${goods}.`,
] as const;

/** Prices, then coupon, discount, and change: one more step a level. */
export const shopping: Family = {
  name: 'shopping',
  description: 'Totals, coupons, discounts and change',
  generate(random, difficulty) {
    const [buyer, friend] = sample(random, NAMES, 2);
    const drawn = drawUntil(() => {
      const lines = sample(random, GOODS, 1 + Math.min(difficulty, 4)).map((good) => {
        return { good, count: random.integer(2, 9), dollars: random.integer(3, 40) };
      });
      const total = lines.reduce((sum, { count, dollars }) => sum + count * dollars, 0);
      const coupon = difficulty >= 2 ? random.integer(3, 15) : 0;
      const percent = difficulty >= 3 ? random.pick([10, 20, 25, 40]) : 0;
      const paid = ((total - coupon) * (100 - percent)) / 100;
      return total > coupon && Number.isInteger(paid)
        ? { lines, coupon, percent, paid }
        : undefined;
    });
    const { lines, coupon, percent, paid } = drawn;
    const goods = listed(
      lines.map(({ good, count, dollars }) => `${counted(count, good)} at $${dollars} each`),
    );
    const sentences = [random.pick(OPENINGS)(buyer ?? '', goods)];
    if (coupon > 0) sentences.push(`A coupon takes $${coupon} off the total.`);
    if (percent > 0) sentences.push(`What remains is then reduced by ${percent}%.`);
    if (difficulty < 4) {
      sentences.push(
        random.pick(['How many dollars is that to pay?', 'What is the bill in dollars?']),
      );
      return integerAnswer(sentences.join(' '), paid);
    }
    const share = difficulty === 5 ? random.integer(5, Math.max(6, Math.floor(paid / 2))) : 0;
    if (share > 0) sentences.push(`${friend} contributes $${share} towards it.`);
    const note = Math.ceil((paid - share + 1) / 50) * 50;
    sentences.push(`${buyer} hands over $${note}. How many dollars of change are due?`);
    return integerAnswer(sentences.join(' '), note - (paid - share));
  },
};
