import type { Random } from '../../random.ts';
import { choiceAnswer, wordAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { listed, NAMES, ordinal, sample } from './words.ts';

interface Theme {
  setting: (names: string) => string;
  /** A before B in the order asked for. */
  before: (a: string, b: string) => string;
  justBefore: (a: string, b: string) => string;
  notFirst: (a: string) => string;
  apart: (a: string, b: string, people: number) => string;
  question: (place: number) => string;
}

const between = (a: string, b: string, people: number) =>
  people === 1
    ? `Exactly one person is between ${a} and ${b}.`
    : `Exactly ${people} people are between ${a} and ${b}.`;

const THEMES: readonly Theme[] = [
  {
    setting: (names) => `${names} line up by height, the tallest first; no two are equally tall.`,
    before: (a, b) => `${a} is taller than ${b}.`,
    justBefore: (a, b) => `${b} comes directly after ${a} in the line.`,
    notFirst: (a) => `${a} is not the tallest.`,
    apart: between,
    question: (place) => `Who is in ${ordinal(place)} place of the line?`,
  },
  {
    setting: (names) => `${names} ran a race, and no two arrived together.`,
    before: (a, b) => `${a} arrived before ${b}.`,
    justBefore: (a, b) => `${b} was the next to arrive after ${a}.`,
    notFirst: (a) => `${a} did not win.`,
    apart: between,
    question: (place) => `Who came in ${ordinal(place)} place?`,
  },
  {
    setting: (names) => `${names} were all born in different years.`,
    before: (a, b) => `${a} is older than ${b}.`,
    justBefore: (a, b) => `Of the group, ${b} is the next younger one after ${a}.`,
    notFirst: (a) => `${a} is not the oldest.`,
    apart: (a, b, people) => `By age: ${between(a, b, people)}`,
    question: (place) => `Counting from the oldest, who is ${ordinal(place)}?`,
  },
];

interface Clue {
  text: string;
  holds(order: readonly string[]): boolean;
}

/** Orders of three to seven people, told by clues that leave a single order open. */
export const ordering: Family = {
  name: 'ordering',
  description: 'Who is in which place: clues with a single solution',
  generate(random, difficulty) {
    const theme = random.pick(THEMES);
    const people = sample(random, NAMES, 2 + difficulty);
    const order = random.shuffle(people);
    const clues = drawUntil(() => uniqueClues(random, theme, order));
    const place = random.integer(1, people.length);
    const question = [
      theme.setting(listed(people)),
      ...random.shuffle(clues).map(({ text }) => text),
      theme.question(place),
    ].join(' ');
    const answer = at(order, place - 1);
    return random.next() < 0.3
      ? choiceAnswer(random, question, answer, people)
      : wordAnswer(question, 'name', answer);
  },
};

/** Clues true of `order` and of no other order of the same people; none of them redundant. */
function uniqueClues(random: Random, theme: Theme, order: readonly string[]): Clue[] | undefined {
  const orders = permutations(order);
  const chosen: Clue[] = [];
  let open = orders;
  for (let tries = 0; tries < 60 && open.length > 1; tries++) {
    const clue = anyClue(random, theme, order);
    const left = open.filter((candidate) => clue.holds(candidate));
    if (left.length < open.length) {
      chosen.push(clue);
      open = left;
    }
  }
  if (open.length > 1) return undefined;
  for (const clue of [...chosen]) {
    const others = chosen.filter((other) => other !== clue);
    const count = orders.filter((candidate) => others.every((other) => other.holds(candidate)));
    if (count.length === 1) chosen.splice(chosen.indexOf(clue), 1);
  }
  return chosen;
}

function anyClue(random: Random, theme: Theme, order: readonly string[]): Clue {
  const first = random.integer(0, order.length - 2);
  const second = random.integer(first + 1, order.length - 1);
  const [a, b] = [at(order, first), at(order, second)];
  const gap = second - first;
  const kind = random.next();
  if (gap === 1 && kind < 0.25) {
    const holds = (o: readonly string[]) => o.indexOf(b) - o.indexOf(a) === 1;
    return { text: theme.justBefore(a, b), holds };
  }
  if (gap >= 2 && kind < 0.35) {
    const [x, y] = random.shuffle([a, b]) as [string, string];
    const holds = (o: readonly string[]) => Math.abs(o.indexOf(x) - o.indexOf(y)) === gap;
    return { text: theme.apart(x, y, gap - 1), holds };
  }
  if (kind > 0.9) return { text: theme.notFirst(b), holds: (o) => o[0] !== b };
  return { text: theme.before(a, b), holds: (o) => o.indexOf(a) < o.indexOf(b) };
}

function permutations(items: readonly string[]): string[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
