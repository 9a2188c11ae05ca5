import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';

const SOLUTES = ['salt', 'sugar', 'acid', 'syrup', 'alcohol'] as const;
const percent = (random: Random) => random.integer(1, 16) * 5;
const litres = (random: Random) => random.integer(2, 40);

/** Strength of a mix, dilution, strengthening, a wanted mix from two, drawing off and refilling. */
export const mixtures: Family = {
  name: 'mixtures',
  description: 'Concentrations of mixed and diluted solutions',
  generate(random, difficulty) {
    const levels = [strengthOfMix, dilution, strengthening, wantedMix, refilling];
    return forLevel(levels, difficulty)(random, random.pick(SOLUTES));
  },
};

function strengthOfMix(random: Random, solute: string): GeneratedCase {
  const { x, p, y, q, mix } = drawUntil(() => {
    const [x, p, y, q] = [litres(random), percent(random), litres(random), percent(random)];
    const mix = (x * p + y * q) / (x + y);
    return p !== q && Number.isInteger(mix) ? { x, p, y, q, mix } : undefined;
  });
  const question = random.pick([
    `${x} litres of a ${p}% ${solute} solution are mixed with ${y} litres of a ${q}% one. What is the strength of the mix in percent?`,
    `Into a tank go ${x} litres with ${p}% ${solute} and ${y} litres with ${q}% ${solute}. How many percent of ${solute} has the content of the tank?`,
  ]);
  return integerAnswer(question, mix);
}

function dilution(random: Random, solute: string): GeneratedCase {
  const { x, p, r, water } = drawUntil(() => {
    const [x, p, r] = [litres(random), percent(random), percent(random)];
    const water = (x * p) / r - x;
    return r < p && Number.isInteger(water) ? { x, p, r, water } : undefined;
  });
  const question = random.pick([
    `How many litres of pure water turn ${x} litres of a ${p}% ${solute} solution into a ${r}% one?`,
    `A chemist has ${x} litres at ${p}% ${solute} and wants it weaker, at ${r}%. How many litres of pure water does that take?`,
  ]);
  return integerAnswer(question, water);
}

function strengthening(random: Random, solute: string): GeneratedCase {
  const { y, q, p, r, added } = drawUntil(() => {
    const [y, q, p, r] = [litres(random), percent(random), percent(random), percent(random)];
    const added = (y * (r - q)) / (p - r);
    return q < r && r < p && Number.isInteger(added) ? { y, q, p, r, added } : undefined;
  });
  const question = random.pick([
    `A vat holds ${y} litres at ${q}% ${solute}. A ${p}% solution is poured in until the vat stands at ${r}%. How many litres are poured in?`,
    `To ${y} litres of a ${q}% ${solute} solution someone adds a ${p}% one, so that the result has ${r}%. How many litres were added?`,
  ]);
  return integerAnswer(question, added);
}

function wantedMix(random: Random, solute: string): GeneratedCase {
  const { total, r, p, q, first } = drawUntil(() => {
    const [total, r] = [random.integer(4, 60) * 5, percent(random)];
    const [p, q] = [percent(random), percent(random)];
    const first = (total * (r - q)) / (p - q);
    return q < r && r < p && Number.isInteger(first) ? { total, r, p, q, first } : undefined;
  });
  const question = random.pick([
    `${total} litres at ${r}% ${solute} are to be made from stocks at ${p}% and ${q}%. How many litres of the stronger stock are needed?`,
    `A recipe asks for ${total} litres of ${r}% ${solute} solution. On the shelf are a ${p}% and a ${q}% one. How many litres of the stronger one go in?`,
  ]);
  return integerAnswer(question, first);
}

function refilling(random: Random, solute: string): GeneratedCase {
  const { total, p, drained, times, left } = drawUntil(() => {
    const [total, p] = [random.pick([10, 20, 40, 50]), percent(random)];
    const [drained, times] = [random.integer(1, total / 2), random.integer(2, 3)];
    const left = total * 1000 * (p / 100) * ((total - drained) / total) ** times;
    const rounded = Math.round(left);
    const exact = total * 10 * p * (total - drained) ** times === rounded * total ** times;
    return exact ? { total, p, drained, times, left: rounded } : undefined;
  });
  const question = random.pick([
    `A barrel holds ${total} litres at ${p}% ${solute}. ${drained} litres are drawn off and replaced by water, and after stirring the same is done again, ${times} times in all. How many millilitres of ${solute} are left in the barrel?`,
    `From ${total} litres of a ${p}% ${solute} solution, ${drained} litres are poured away and water is filled up to the old level. This is done ${times} times in all, each time well stirred. How many millilitres of ${solute} remain?`,
  ]);
  return integerAnswer(question, left);
}
