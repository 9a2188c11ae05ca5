import { integerAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { counted, NAMES, TOWNS } from './words.ts';

const THINGS = [
  (name: string, _: string) => ({ what: `${name}'s colony of bees`, unit: 'bees' }),
  (_: string, town: string) => ({ what: `the library of ${town}`, unit: 'books' }),
  (_: string, town: string) => ({ what: `the forest near ${town}`, unit: 'trees' }),
  (name: string, _: string) => ({ what: `${name}'s savings account`, unit: 'dollars' }),
  (_: string, town: string) => ({ what: `the herd of ${town}`, unit: 'sheep' }),
] as const;

/** Values after 0, 1, 2, … years of x → x·(100 + percent)/100 + added. */
function grow(start: number, percent: number, added: number, years: number): number[] {
  const values = [start];
  while (values.length <= years) {
    values.push((at(values, values.length - 1) * (100 + percent)) / 100 + added);
  }
  return values;
}

/** Percentages, each with the number that a value must divide by to grow into a whole one. */
const RATES = [
  { percent: 5, divisor: 20 },
  { percent: 10, divisor: 10 },
  { percent: 20, divisor: 5 },
  { percent: 25, divisor: 4 },
  { percent: 40, divisor: 5 },
  { percent: 50, divisor: 2 },
] as const;

/** Growth by a percentage; from level 3 with a yearly gain or loss; at 5, when a mark is passed. */
export const compoundGrowth: Family = {
  name: 'compound-growth',
  description: 'Yearly growth by a percentage and an amount',
  generate(random, difficulty) {
    const years = Math.min(1 + difficulty, 5);
    const { start, percent, added } = drawUntil(() => {
      const { percent, divisor } = random.pick(RATES);
      const start = divisor ** years * random.integer(1, 400);
      const change = divisor ** (years - 1) * random.integer(1, 40) * random.pick([1, -1]);
      const grows = start * percent > -change * 100;
      const handy = start >= 500 && start <= 2_000_000;
      const added = difficulty >= 3 ? change : 0;
      return grows && handy ? { start, percent, added } : undefined;
    });
    const values = grow(start, percent, added, years);
    const { what, unit } = random.pick(THINGS)(random.pick(NAMES), random.pick(TOWNS));
    const sentences = [
      random.pick([
        `There are ${start} ${unit} in ${what}.`,
        `Counting starts with ${start} ${unit} in ${what}.`,
      ]),
      random.pick([
        `Their number grows by ${percent}% every year.`,
        `Each year brings ${percent}% more of them.`,
      ]),
    ];
    const amount = `${Math.abs(added)} ${unit}`;
    if (added !== 0) {
      const how = added > 0 ? 'added' : 'taken out';
      sentences.push(`After that growth, ${amount} are ${how} at the end of each year.`);
    }
    if (difficulty < 5) {
      sentences.push(`How many ${unit} are there after ${counted(years, 'year')}?`);
      return integerAnswer(sentences.join(' '), at(values, years));
    }
    const year = random.integer(3, years);
    const mark = random.integer(at(values, year - 1) + 1, at(values, year));
    sentences.push(
      `After how many full years are there at least ${mark} ${unit} for the first time?`,
    );
    return integerAnswer(sentences.join(' '), year);
  },
};
