import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { at, type Family } from './family.ts';
import { sample } from './words.ts';

const THEMES = [
  { who: 'students', verb: 'play', sets: ['chess', 'tennis', 'football', 'hockey', 'golf'] },
  { who: 'members', verb: 'speak', sets: ['French', 'Hindi', 'Arabic', 'Dutch', 'Thai'] },
  { who: 'guests', verb: 'eat', sets: ['fish', 'cheese', 'eggs', 'nuts', 'olives'] },
  { who: 'readers', verb: 'like', sets: ['novels', 'poems', 'comics', 'plays', 'diaries'] },
] as const;

/** Two sets up to level 2, three above; the answer needs inclusion and exclusion. */
export const venn: Family = {
  name: 'venn',
  description: 'How many are in none, in exactly one or exactly two of overlapping sets',
  generate(random, difficulty) {
    const { who, verb, sets } = random.pick(THEMES);
    const chosen = sample(random, sets, difficulty <= 2 ? 2 : 3);
    const regions = drawRegions(random, chosen.length, difficulty);
    const inAll = (wanted: number[]) =>
      sum(regions.filter((_, bits) => wanted.every((set) => (bits >> set) & 1)));
    const total = sum(regions);
    const facts = chosen.map((set, index) => `${inAll([index])} ${verb} ${set}`);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (b < chosen.length) {
        facts.push(`${inAll([a, b])} ${verb} both ${at(chosen, a)} and ${at(chosen, b)}`);
      }
    }
    if (chosen.length === 3) facts.push(`${inAll([0, 1, 2])} ${verb} all three`);
    const opening = random.pick([`In a group of ${total} ${who},`, `Of ${total} ${who},`]);
    const asked = difficulty === 1 ? 0 : random.integer(0, difficulty >= 4 ? 2 : 1);
    const howMany = at(['none', 'exactly one', 'exactly two'], asked);
    const ending = `${verb} ${howMany} of the ${chosen.length === 2 ? 'two' : 'three'}`;
    const question = `${opening} ${facts.slice(0, -1).join(', ')}, and ${facts.at(-1)}. (Whoever is counted in a pair is counted in each of its parts too.) How many ${who} ${ending}?`;
    return integerAnswer(question, sum(regions.filter((_, bits) => ones(bits) === asked)));
  },
};

/** Members of each region; a region's bits say which sets it lies in. */
function drawRegions(random: Random, sets: number, difficulty: number): number[] {
  return Array.from({ length: 2 ** sets }, () => random.integer(1, 6 + 6 * difficulty));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const ones = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + ones(bits >> 1));
