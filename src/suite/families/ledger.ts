import { integerAnswer } from './answers.ts';
import { at, type Family } from './family.ts';
import { longPrompt } from './long-text.ts';
import { NAMES, sample, TOWNS } from './words.ts';

/** Payments strewn over a long text; those of one person have to be found and added up. */
export const ledger: Family = {
  name: 'ledger',
  description: "One person's payments to find in a long text and to add up",
  long: true,
  generate(random, difficulty, lengthTokens) {
    const payers = sample(random, NAMES, 1 + difficulty);
    const payer = at(payers, 0);
    const payments = payers.flatMap((name) =>
      Array.from({ length: name === payer ? 2 + difficulty : 2 }, () => {
        return { name, coins: random.integer(12, 480), town: random.pick(TOWNS) };
      }),
    );
    const facts = random
      .shuffle(payments)
      .map(({ name, coins, town }) =>
        random.pick([
          `That week ${name} paid ${coins} coins in ${town}.`,
          `In ${town} a bill over ${coins} coins was settled by ${name}.`,
          `${name} left ${coins} coins at an inn of ${town}.`,
        ]),
      );
    const total = payments
      .filter(({ name }) => name === payer)
      .reduce((sum, { coins }) => sum + coins, 0);
    const { prompt: question, expect } = integerAnswer(
      `How many coins did ${payer} pay in the text above, all payments together?`,
      total,
    );
    return { prompt: longPrompt(random, lengthTokens, { facts, question }), expect };
  },
};
