import type { Random } from '../../random.ts';
import { wordAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { counted, listed, NAMES, sample } from './words.ts';

/** What someone says, and whether it is true when `knights[i]` tells who is a knight. */
interface Claim {
  text: string;
  holds(knights: readonly boolean[]): boolean;
}

/** Two to five people who always or never tell the truth; their claims leave a single reading. */
export const knightsAndKnaves: Family = {
  name: 'knights-and-knaves',
  description: 'Who tells the truth: claims with a single consistent reading',
  generate(random, difficulty) {
    const count = [2, 2, 3, 4, 5][difficulty - 1] ?? 5;
    const people = sample(random, NAMES, count);
    const { claims, solution } = drawUntil(() => {
      const claims = people.map((_, speaker) => anyClaim(random, people, speaker, difficulty));
      const readings = assignments(count).filter((knights) =>
        claims.every((claim, speaker) => claim.holds(knights) === knights[speaker]),
      );
      const [solution, ...more] = readings;
      return solution && more.length === 0 ? { claims, solution } : undefined;
    });
    const island = random.pick([
      'On an island, knights always tell the truth and knaves always lie.',
      'Every inhabitant is either a knight, who only says true things, or a knave, who only says false ones.',
    ]);
    const said = claims.map(({ text }, speaker) => `${at(people, speaker)} says: "${text}"`);
    const question = [
      `${island} You meet ${listed(people)}.`,
      ...said,
      `For ${listed(people)}, in this order, write K for a knight and N for a knave, without spaces.`,
    ].join('\n');
    const letters = solution.map((knight) => (knight ? 'K' : 'N')).join('');
    return wordAnswer(question, `${count} letters`, letters);
  },
};

function anyClaim(
  random: Random,
  people: readonly string[],
  speaker: number,
  difficulty: number,
): Claim {
  const others = random.shuffle(people.map((_, index) => index).filter((i) => i !== speaker));
  const [first = 0, second] = others;
  const a = at(people, first);
  const kinds: (() => Claim)[] = [
    () => ({ text: `${a} is a knave.`, holds: (k) => !k[first] }),
    () => ({ text: `${a} is a knight.`, holds: (k) => k[first] === true }),
    () => ({
      text: `${a} and I are of the same kind.`,
      holds: (k) => k[first] === k[speaker],
    }),
  ];
  if (difficulty >= 2) {
    const wanted = random.integer(0, people.length);
    kinds.push(() => ({
      text: `Exactly ${counted(wanted, 'knight')} ${wanted === 1 ? 'is' : 'are'} among us.`,
      holds: (k) => k.filter(Boolean).length === wanted,
    }));
  }
  if (second !== undefined) {
    const b = at(people, second);
    kinds.push(
      () => ({
        text: `${a} and ${b} are of different kinds.`,
        holds: (k) => k[first] !== k[second],
      }),
      () => ({
        text: `${a} is a knight or ${b} is a knave, or both.`,
        holds: (k) => k[first] === true || !k[second],
      }),
      () => ({
        text: `If ${a} is a knight, then ${b} is a knave.`,
        holds: (k) => !k[first] || !k[second],
      }),
    );
  }
  return random.pick(kinds)();
}

function assignments(count: number): boolean[][] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, index) => ((bits >> index) & 1) === 1),
  );
}
