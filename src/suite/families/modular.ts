import type { Random } from '../../random.ts';
import { greatestCommonDivisor, integerAnswer } from './answers.ts';
import { drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';

/** Remainders of sums, of products, of powers; last digits; two and three remainders at once. */
export const modular: Family = {
  name: 'modular',
  description: 'Remainders of powers, and numbers with given remainders',
  generate(random, difficulty) {
    return forLevel(
      [product, power, lastDigits, twoRemainders, threeRemainders],
      difficulty,
    )(random);
  },
};

/** By repeated squaring; exact while modulus² < 2⁵³. */
function powerMod(base: number, exponent: number, modulus: number): number {
  let [result, square, left] = [1, base % modulus, exponent];
  for (; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result % modulus;
}

function product(random: Random): GeneratedCase {
  const [a, b, c] = [random.integer(20, 99), random.integer(20, 99), random.integer(20, 999)];
  const modulus = random.integer(7, 19);
  const question = random.pick([
    `What is the remainder when ${a} × ${b} + ${c} is divided by ${modulus}?`,
    `Compute ${a} × ${b} + ${c} modulo ${modulus}.`,
  ]);
  return integerAnswer(question, (a * b + c) % modulus);
}

function power(random: Random): GeneratedCase {
  const [base, exponent] = [random.integer(2, 19), random.integer(12, 60)];
  const modulus = random.integer(7, 23);
  const question = random.pick([
    `What is the remainder when ${base}^${exponent} is divided by ${modulus}?`,
    `Compute ${base}^${exponent} modulo ${modulus}.`,
  ]);
  return integerAnswer(question, powerMod(base, exponent, modulus));
}

function lastDigits(random: Random): GeneratedCase {
  const [base, exponent] = [random.integer(3, 99), random.integer(40, 400)];
  const question = random.pick([
    `What number do the last two digits of ${base}^${exponent} form? Leave a leading zero out.`,
    `Of ${base}^${exponent} written in decimal, which number do the final two digits make, without a leading zero?`,
  ]);
  return integerAnswer(question, powerMod(base, exponent, 100));
}

function twoRemainders(random: Random): GeneratedCase {
  return remainders(random, 2, 5, 17);
}

function threeRemainders(random: Random): GeneratedCase {
  return remainders(random, 3, 3, 13);
}

/** The smallest positive number with given remainders; moduli without common divisors. */
function remainders(random: Random, count: number, low: number, high: number): GeneratedCase {
  const moduli = drawUntil(() => {
    const drawn = Array.from({ length: count }, () => random.integer(low, high));
    const coprime = drawn.every((m, i) =>
      drawn.every((other, j) => i === j || greatestCommonDivisor(m, other) === 1),
    );
    return coprime ? drawn : undefined;
  });
  const answer = random.integer(
    Math.max(...moduli) + 1,
    moduli.reduce((a, b) => a * b, 1),
  );
  const parts = moduli.map((m) => `the remainder ${answer % m} on division by ${m}`);
  const stated = `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  const question = random.pick([
    `What is the smallest positive integer that leaves ${stated}?`,
    `A positive integer leaves ${stated}. What is the smallest it can be?`,
  ]);
  return integerAnswer(question, answer);
}
