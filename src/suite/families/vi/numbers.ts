import type { Random } from '../../../random.ts';
import { type Family, forLevel, type GeneratedCase } from '../family.ts';
import { localNumber } from '../local-answers.ts';
import { viNumber, viWords } from './writing.ts';

/** Words to digits, of more and more places; decimals with commas; sums of words; prices of parts. */
export const viNumbers: Family = {
  name: 'vi-numbers',
  description: 'Vietnamese: numbers in words, and decimals written 1.234,5',
  language: 'vi',
  generate(random, difficulty) {
    const levels = [
      (source: Random) => fromWords(source, 999, 9999),
      (source: Random) => fromWords(source, 100_000, 9_999_999),
      decimals,
      sumOfWords,
      (source: Random) => fromWords(source, 1_000_000_000, 99_999_999_999),
    ];
    return forLevel(levels, difficulty)(random);
  },
};

function fromWords(random: Random, low: number, high: number): GeneratedCase {
  const n = withZeros(random, random.integer(low, high));
  const question = random.pick([
    `Viết số "${viWords(n)}" bằng chữ số.`,
    `Số "${viWords(n)}" viết bằng chữ số như thế nào?`,
  ]);
  return localNumber('vi', question, n);
}

function decimals(random: Random): GeneratedCase {
  // In hundredths: decimal fractions are exact only there.
  const [a, b] = [random.integer(100_000, 999_999), random.integer(1001, 99_999)];
  const [left, right] = [viNumber(a / 100), viNumber(b / 100)];
  const [question, hundredths] = random.pick([
    [`Tính ${left} + ${right}.`, a + b] as const,
    [`Tính ${left} − ${right}.`, a - b] as const,
    [
      `Một bể có ${left} lít nước, người ta lấy ra ${right} lít. Trong bể còn bao nhiêu lít?`,
      a - b,
    ] as const,
  ]);
  return localNumber('vi', `${question} (Dấu phẩy ngăn phần thập phân.)`, hundredths / 100);
}

function sumOfWords(random: Random): GeneratedCase {
  const [a, b] = [random.integer(200_000, 999_999), random.integer(10_000, 199_999)].map((n) =>
    withZeros(random, n),
  ) as [number, number];
  const [question, answer] = random.pick([
    [`Tổng của ${viWords(a)} và ${viWords(b)} là bao nhiêu?`, a + b] as const,
    [`Lấy ${viWords(a)} trừ đi ${viWords(b)} thì còn bao nhiêu?`, a - b] as const,
  ]);
  return localNumber('vi', `${question} Trả lời bằng chữ số.`, answer);
}

/** Some digits made 0, where the words get hard: linh, không trăm. */
function withZeros(random: Random, n: number): number {
  const digits = [...String(n)].map((digit, index) =>
    index > 0 && random.next() < 0.35 ? '0' : digit,
  );
  return Number(digits.join(''));
}
