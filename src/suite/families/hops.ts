import { integerAnswer } from './answers.ts';
import { at, type Family } from './family.ts';
import { longPrompt } from './long-text.ts';
import { NAMES, sample } from './words.ts';

const GOODS = ['lamps', 'ropes', 'barrels', 'tiles', 'masks', 'bells'] as const;

/** A chain of facts strewn over a long text, in any order: who passed it on to whom, and how many. */
export const hops: Family = {
  name: 'hops',
  description: 'A chain of facts to follow through a long text, and a sum at its end',
  long: true,
  generate(random, difficulty, lengthTokens) {
    const goods = random.pick(GOODS);
    const people = sample(random, NAMES, 3 * difficulty);
    const chain = people.slice(0, difficulty + 2);
    const apart = people.slice(difficulty + 2);
    const facts = [...links(chain), ...links(apart)];
    const counts = new Map(people.map((person) => [person, random.integer(11, 489)]));
    for (const [person, count] of counts) {
      facts.push(`The cellar of ${person} holds ${count} ${goods}.`);
    }
    const [first, last] = [at(chain, 0), at(chain, chain.length - 1)];
    const total = (counts.get(first) ?? 0) + (counts.get(last) ?? 0);
    const { prompt: question, expect } = integerAnswer(
      `Start at ${first}. Each key leads to the next person, whose own key leads on; follow ${chain.length - 1} keys. How many ${goods} are in the last cellar and in that of ${first} together?`,
      total,
    );
    const strewn = random.shuffle(facts);
    return {
      prompt: longPrompt(random, lengthTokens, { facts: strewn, question }),
      expect,
    };
  },
};

function links(people: readonly string[]): string[] {
  return people.slice(1).map((person, index) => {
    return `${at(people, index)}'s key opens the cellar of ${person}.`;
  });
}
