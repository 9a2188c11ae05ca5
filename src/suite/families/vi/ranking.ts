import { at, type Family } from '../family.ts';
import { localAnswer } from '../local-answers.ts';
import { sample } from '../words.ts';
import { NAMES_VI } from './writing.ts';

const THEMES = [
  { more: 'cao hơn', less: 'thấp hơn', most: 'cao' },
  { more: 'lớn tuổi hơn', less: 'nhỏ tuổi hơn', most: 'lớn tuổi' },
  { more: 'chạy nhanh hơn', less: 'chạy chậm hơn', most: 'chạy nhanh' },
] as const;
const ORDINALS = ['nhất', 'thứ hai', 'thứ ba', 'thứ tư', 'thứ năm', 'thứ sáu', 'thứ bảy'] as const;

/** Comparisons in any order and either direction; who comes at a given place. */
export const viRanking: Family = {
  name: 'vi-ranking',
  description: 'Vietnamese: an order from comparisons, and who stands at a place of it',
  language: 'vi',
  generate(random, difficulty) {
    const order = sample(random, NAMES_VI, difficulty + 2);
    const { more, less, most } = random.pick(THEMES);
    const facts = order.slice(1).map((lower, index) => {
      const higher = at(order, index);
      return random.pick([`${higher} ${more} ${lower}.`, `${lower} ${less} ${higher}.`]);
    });
    const place = difficulty <= 2 ? 0 : random.integer(1, order.length - 1);
    const told = random.shuffle(facts).join(' ');
    const rank = at(ORDINALS, place);
    const question = random.pick([
      `${told} Trong ${order.length} bạn ấy, ai ${most} ${rank}?`,
      `Đọc các câu sau: ${told} Hỏi ai là người ${most} ${rank}?`,
    ]);
    return localAnswer(
      'vi',
      question,
      'tên',
      at(order, place),
      at(order, (place + 1) % order.length),
    );
  },
};
