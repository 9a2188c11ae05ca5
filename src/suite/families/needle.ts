import { integerAnswer } from './answers.ts';
import { at, type Family } from './family.ts';
import { longPrompt } from './long-text.ts';
import { sample, TOWNS } from './words.ts';

const PLACES = ['lighthouse', 'archive', 'granary', 'observatory', 'museum', 'boathouse'] as const;

/** One code to find in a long text; each level above the first adds two codes of other places. */
export const needle: Family = {
  name: 'needle',
  description: 'A code to find in a long text, among similar ones',
  long: true,
  generate(random, difficulty, lengthTokens) {
    const places = TOWNS.flatMap((town) => PLACES.map((place) => `the ${place} of ${town}`));
    const drawn = sample(random, places, 2 * difficulty - 1).map((place) => {
      return { place, code: random.integer(10_000, 99_999) };
    });
    const { place, code } = at(drawn, 0);
    const facts = random
      .shuffle(drawn)
      .map((fact) =>
        random.pick([
          `The access code of ${fact.place} is ${fact.code}.`,
          `Whoever wants to enter ${fact.place} has to type ${fact.code}.`,
          `The number ${fact.code} opens ${fact.place}.`,
        ]),
      );
    const { prompt: question, expect } = integerAnswer(
      random.pick([
        `According to the text, what is the access code of ${place}?`,
        `Which number opens ${place}, by the text above?`,
      ]),
      code,
    );
    return { prompt: longPrompt(random, lengthTokens, { facts, question }), expect };
  },
};
