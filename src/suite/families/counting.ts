import type { Random } from '../../random.ts';
import { greatestCommonDivisor, integerAnswer } from './answers.ts';
import { drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';
import { counted, NAMES, sample } from './words.ts';

const WORDS = [
  ...['banana', 'pepper', 'letter', 'coffee', 'cactus', 'teepee', 'minimum', 'balloon'],
  ...['address', 'success', 'cabbage', 'lollipop', 'tomato', 'papaya', 'session', 'giggle'],
] as const;

/** Choices, arrangements, divisibility, paths on a grid, committees. */
export const counting: Family = {
  name: 'counting',
  description: 'In how many ways: arrangements, selections, paths',
  generate(random, difficulty) {
    const levels = [seats, arrangements, divisible, gridPaths, committees];
    return forLevel(levels, difficulty)(random);
  },
};

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
const choose = (n: number, k: number): number =>
  k < 0 || k > n ? 0 : factorial(n) / (factorial(k) * factorial(n - k));

function seats(random: Random): GeneratedCase {
  const [people, places] = [random.integer(5, 9), random.integer(2, 4)];
  const name = random.pick(NAMES);
  const question = random.pick([
    `${name} gives ${places} different prizes to ${places} of ${people} children, one each. In how many ways can that be done?`,
    `${name} casts a play with ${places} different parts from ${people} volunteers; nobody plays two parts. In how many ways can the parts be given out?`,
  ]);
  return integerAnswer(question, factorial(people) / factorial(people - places));
}

function arrangements(random: Random): GeneratedCase {
  const word = random.pick(WORDS);
  const letters = [...word];
  const repeats = [...new Set(letters)].map((l) => letters.filter((other) => other === l).length);
  const total = repeats.reduce((ways, n) => ways / factorial(n), factorial(letters.length));
  const question = random.pick([
    `How many different strings can be made by rearranging all letters of the word "${word}"? The word itself counts.`,
    `In how many different orders can the letters of "${word}" be written? Equal letters cannot be told apart, and the given order counts.`,
  ]);
  return integerAnswer(question, total);
}

function divisible(random: Random): GeneratedCase {
  const { limit, a, b } = drawUntil(() => {
    const [a, b] = sample(random, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2) as [number, number];
    return a % b !== 0 && b % a !== 0 ? { limit: random.integer(100, 2000), a, b } : undefined;
  });
  const both = Math.floor(limit / ((a * b) / greatestCommonDivisor(a, b)));
  const either = Math.floor(limit / a) + Math.floor(limit / b);
  const exclusive = random.next() < 0.5;
  const question = exclusive
    ? `How many integers from 1 to ${limit} are divisible by ${a} or by ${b}, but not by both?`
    : `How many integers from 1 to ${limit} are divisible by ${a} or by ${b} or by both?`;
  return integerAnswer(question, exclusive ? either - 2 * both : either - both);
}

function gridPaths(random: Random): GeneratedCase {
  const [east, north] = [random.integer(3, 7), random.integer(3, 7)];
  const { x, y } = drawUntil(() => {
    const drawn = { x: random.integer(0, east), y: random.integer(0, north) };
    const inside = drawn.x + drawn.y > 0 && drawn.x + drawn.y < east + north;
    return inside ? drawn : undefined;
  });
  const through = choose(x + y, x) * choose(east - x + north - y, east - x);
  const question = random.pick([
    `A robot starts at (0, 0) and wants to reach (${east}, ${north}), moving one unit right or one unit up at each step. It must not step on (${x}, ${y}). How many routes are there?`,
    `How many lattice paths lead from (0, 0) to (${east}, ${north}) with unit steps to the right or upwards only, if the point (${x}, ${y}) is closed?`,
  ]);
  return integerAnswer(question, choose(east + north, east) - through);
}

function committees(random: Random): GeneratedCase {
  const [engineers, doctors] = [random.integer(4, 9), random.integer(4, 9)];
  const size = random.integer(4, 6);
  const least = random.integer(1, 3);
  let ways = 0;
  for (let chosen = least; chosen <= size; chosen++) {
    ways += choose(engineers, chosen) * choose(doctors, size - chosen);
  }
  const question = random.pick([
    `From ${engineers} engineers and ${doctors} doctors a team of ${size} is formed with at least ${counted(least, 'engineer')}. How many teams are possible?`,
    `A panel of ${size} is drawn from ${engineers} engineers and ${doctors} doctors. In how many ways can this be done if at least ${counted(least, 'engineer')} must be on it?`,
  ]);
  return integerAnswer(question, ways);
}
