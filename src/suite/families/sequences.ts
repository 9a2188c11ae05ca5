import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { at, type Family, forLevel, type GeneratedCase } from './family.ts';
import { ordinal } from './words.ts';

/** Steady steps, multiply-and-add, changing steps, two woven sequences, sums of earlier terms. */
export const sequences: Family = {
  name: 'sequences',
  description: 'The next or a later term of a sequence with a stated kind of rule',
  generate(random, difficulty) {
    const levels = [steady, multiplyAndAdd, changingSteps, woven, recurrence];
    return forLevel(levels, difficulty)(random);
  },
};

const terms = (count: number, term: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => term(index));

function steady(random: Random): GeneratedCase {
  const [start, step] = [random.integer(-20, 60), random.integer(3, 25) * random.pick([1, -1])];
  const asked = random.integer(8, 40);
  const shown = terms(5, (index) => start + index * step).join(', ');
  const question = random.pick([
    `A sequence with equal steps begins ${shown}. What is its ${ordinal(asked)} term?`,
    `In the sequence ${shown}, … neighbouring terms always differ by the same amount. Which number is the ${ordinal(asked)} term?`,
  ]);
  return integerAnswer(question, start + (asked - 1) * step);
}

function multiplyAndAdd(random: Random): GeneratedCase {
  const [factor, added] = [random.integer(2, 4), random.integer(1, 12) * random.pick([1, -1])];
  const sequence = [random.integer(13, 20)];
  while (sequence.length < 6) sequence.push((sequence.at(-1) ?? 0) * factor + added);
  const shown = sequence.slice(0, 5).join(', ');
  const question = random.pick([
    `Each term of a sequence is the one before it times a fixed whole number, plus or minus a fixed whole number: ${shown}, … What comes next?`,
    `The sequence ${shown}, … follows one rule: multiply by a constant, then add a constant (which may be negative). What is the next term?`,
  ]);
  return integerAnswer(question, at(sequence, 5));
}

function changingSteps(random: Random): GeneratedCase {
  const [a, b, c] = [random.integer(1, 6), random.integer(-9, 12), random.integer(-20, 40)];
  const shown = terms(5, (n) => a * n * n + b * n + c).join(', ');
  const asked = random.integer(7, 20);
  const question = random.pick([
    `The steps of the sequence ${shown}, … grow by the same amount each time. What is its ${ordinal(asked)} term?`,
    `In ${shown}, … the differences between neighbours themselves form a sequence with equal steps. Which number is the ${ordinal(asked)} term?`,
  ]);
  return integerAnswer(question, a * (asked - 1) ** 2 + b * (asked - 1) + c);
}

function woven(random: Random): GeneratedCase {
  const [odd, step] = [random.integer(2, 40), random.integer(2, 15)];
  const [even, factor] = [random.integer(2, 6), random.integer(2, 3)];
  const term = (index: number) =>
    index % 2 === 0 ? odd + (index / 2) * step : even * factor ** ((index - 1) / 2);
  const asked = random.integer(10, 15);
  const shown = terms(8, term).join(', ');
  const question = random.pick([
    `Two sequences are woven together term by term, one with equal steps, one with a constant ratio: ${shown}, … What is the ${ordinal(asked)} term of the whole?`,
    `In ${shown}, … the terms in odd places have equal steps, and those in even places a constant ratio. Which number is in place ${asked}?`,
  ]);
  return integerAnswer(question, term(asked - 1));
}

function recurrence(random: Random): GeneratedCase {
  const [first, second] = [random.integer(1, 9), random.integer(1, 9)];
  const [factor, added] = [random.integer(1, 3), random.integer(-5, 9)];
  const asked = random.integer(7, 9);
  const sequence = [first, second];
  while (sequence.length < asked) {
    sequence.push((sequence.at(-1) ?? 0) * factor + (sequence.at(-2) ?? 0) + added);
  }
  const times = factor === 1 ? 'the term before it' : `${factor} times the term before it`;
  const change = added < 0 ? `minus ${-added}` : `plus ${added}`;
  const question = random.pick([
    `A sequence begins ${first}, ${second}. From the third term on, each is ${times}, plus the one before that, ${change}. What is the ${ordinal(asked)} term?`,
    `Start with ${first} and ${second}. Every further term is ${times}, plus the one before that, ${change}. Which number is the ${ordinal(asked)} term?`,
  ]);
  return integerAnswer(question, at(sequence, asked - 1));
}
