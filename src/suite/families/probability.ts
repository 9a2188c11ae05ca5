import type { Random } from '../../random.ts';
import { fractionAnswer } from './answers.ts';
import { drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';
import { sample } from './words.ts';

const COLOURS = ['red', 'blue', 'green', 'white', 'black', 'yellow'] as const;

/** One draw, two dice, two draws alike, several draws, a condition. */
export const probability: Family = {
  name: 'probability',
  description: 'Probabilities as fractions in lowest terms',
  generate(random, difficulty) {
    return forLevel([oneDraw, twoDice, alike, exactlySo, given], difficulty)(random);
  },
};

const choose = (n: number, k: number): number =>
  k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;

function urn(random: Random) {
  const [a = '', b = ''] = sample(random, COLOURS, 2);
  return { a, b, countA: random.integer(3, 12), countB: random.integer(3, 12) };
}

function oneDraw(random: Random): GeneratedCase {
  const { a, b, countA, countB } = urn(random);
  const question = random.pick([
    `A bag holds ${countA} ${a} and ${countB} ${b} balls. One ball is drawn blindly. What is the probability that it is ${a}?`,
    `Among ${countA} ${a} and ${countB} ${b} balls in a bag one is picked at random. How probable is a ${a} one?`,
  ]);
  return fractionAnswer(question, countA, countA + countB);
}

function twoDice(random: Random): GeneratedCase {
  const [sides, otherSides] = [random.pick([4, 6, 8, 10, 12]), random.pick([4, 6, 8, 10, 12])];
  const wanted = random.integer(3, sides + otherSides - 1);
  const atLeast = random.pick([true, false]);
  let hits = 0;
  for (let first = 1; first <= sides; first++) {
    for (let second = 1; second <= otherSides; second++) {
      const sum = first + second;
      if (atLeast ? sum >= wanted : sum === wanted) hits += 1;
    }
  }
  const dice = `one with ${sides} sides (numbered 1 to ${sides}), one with ${otherSides} sides (numbered 1 to ${otherSides})`;
  const goal = `${atLeast ? 'at least' : 'exactly'} ${wanted}`;
  const question = random.pick([
    `Two fair dice are rolled, ${dice}. What is the probability that their sum is ${goal}?`,
    `Someone throws two fair dice, ${dice}, and adds them up. How probable is it that the sum is ${goal}?`,
  ]);
  return fractionAnswer(question, hits, sides * otherSides);
}

function alike(random: Random): GeneratedCase {
  const { a, b, countA, countB } = urn(random);
  const question = random.pick([
    `A bag holds ${countA} ${a} and ${countB} ${b} balls. 2 balls are drawn without replacement. What is the probability that they have the same colour?`,
    `From ${countA} ${a} and ${countB} ${b} balls in a bag 2 are taken at once, at random. How probable is it that both have the same colour?`,
  ]);
  return fractionAnswer(
    question,
    choose(countA, 2) + choose(countB, 2),
    choose(countA + countB, 2),
  );
}

function exactlySo(random: Random): GeneratedCase {
  const { a, b, countA, countB } = urn(random);
  const drawn = random.integer(3, 4);
  const wanted = random.integer(1, drawn - 1);
  const { hits, all } = {
    hits: hypergeometric(countA, countB, drawn, wanted),
    all: choose(countA + countB, drawn),
  };
  const question = random.pick([
    `A bag holds ${countA} ${a} and ${countB} ${b} balls. ${drawn} balls are drawn without replacement. What is the probability that exactly ${wanted} of them ${wanted === 1 ? 'is' : 'are'} ${a}?`,
    `From ${countA} ${a} and ${countB} ${b} balls in a bag ${drawn} are taken at once, at random. How probable is it that exactly ${wanted} of them ${wanted === 1 ? 'is' : 'are'} ${a}?`,
  ]);
  return fractionAnswer(question, hits, all);
}

function given(random: Random): GeneratedCase {
  const { a, b, countA, countB } = urn(random);
  const { drawn, least, wanted } = drawUntil(() => {
    const [drawn, least] = [random.integer(3, 4), random.integer(1, 2)];
    const wanted = random.integer(least + 1, drawn);
    return wanted <= countA && drawn - least <= countB ? { drawn, least, wanted } : undefined;
  });
  let all = 0;
  for (let count = least; count <= drawn; count++)
    all += hypergeometric(countA, countB, drawn, count);
  const turns = least === 1 ? 'turns' : 'turn';
  const question = random.pick([
    `A bag holds ${countA} ${a} and ${countB} ${b} balls. ${drawn} balls are drawn without replacement, and at least ${least} of them ${turns} out to be ${a}. Given that, what is the probability that exactly ${wanted} of the drawn balls are ${a}?`,
    `From ${countA} ${a} and ${countB} ${b} balls in a bag ${drawn} are taken at once, at random. It is known that at least ${least} of them ${least === 1 ? 'is' : 'are'} ${a}. How probable is it then that exactly ${wanted} are?`,
  ]);
  return fractionAnswer(question, hypergeometric(countA, countB, drawn, wanted), all);
}

/** Selections of `drawn` with exactly `wanted` of the first colour. */
function hypergeometric(countA: number, countB: number, drawn: number, wanted: number): number {
  return choose(countA, wanted) * choose(countB, drawn - wanted);
}
