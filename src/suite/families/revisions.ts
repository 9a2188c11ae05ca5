import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { longPrompt } from './long-text.ts';
import { sample, TOWNS } from './words.ts';

const PLACES = ['gate', 'vault', 'cellar', 'tower'] as const;

interface Entry {
  place: string;
  day: number;
  code: number;
}

/** Codes that are changed again and again, told in any order: the one in force on a day is asked for. */
export const revisions: Family = {
  name: 'revisions',
  description:
    'A value that was changed several times: which one held on a given day, among older ones',
  long: true,
  generate(random, difficulty, lengthTokens) {
    const [asked = '', ...others] = sample(
      random,
      TOWNS.flatMap((town) => PLACES.map((place) => `the ${place} of ${town}`)),
      1 + difficulty,
    );
    const changes = changesOf(random, asked, 2 + difficulty);
    const apart = others.flatMap((place) => changesOf(random, place, 2));
    const facts = random
      .shuffle([...changes, ...apart])
      .map(({ place, day, code }) =>
        random.pick([
          `On day ${day} the code of ${place} was set to ${code}.`,
          `The code of ${place} became ${code} on day ${day}.`,
          `It was day ${day} when ${code} was made the code of ${place}.`,
        ]),
      );
    // Neither on a day of change nor after the last one, where the greatest number would do.
    const index = random.integer(0, changes.length - 2);
    const [from, until] = [at(changes, index), at(changes, index + 1)];
    const { prompt: question, expect } = integerAnswer(
      `A code holds from the day it is set until the next one is. Which code of ${asked} held on day ${random.integer(from.day + 1, until.day - 1)}?`,
      from.code,
    );
    return { prompt: longPrompt(random, lengthTokens, { facts, question }), expect };
  },
};

/** In the order of their days, which lie two apart at least. */
function changesOf(random: Random, place: string, count: number): Entry[] {
  const days = drawUntil(() => {
    const drawn = Array.from({ length: count }, () => random.integer(1, 90)).sort((a, b) => a - b);
    return drawn.every((day, index) => index === 0 || day - at(drawn, index - 1) >= 2)
      ? drawn
      : undefined;
  });
  return days.map((day) => ({ place, day, code: random.integer(1000, 9999) }));
}
