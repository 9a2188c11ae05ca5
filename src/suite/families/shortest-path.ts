import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { listed, sample, TOWNS } from './words.ts';

interface Road {
  from: string;
  to: string;
  minutes: number;
}

const SENTENCES = [
  ({ from, to, minutes }: Road) => `The road between ${from} and ${to} takes ${minutes} minutes.`,
  ({ from, to, minutes }: Road) => `Between ${from} and ${to} one drives ${minutes} minutes.`,
  ({ from, to, minutes }: Road) => `From ${from} to ${to}, or back, it is ${minutes} minutes.`,
] as const;

/** Five to nine towns; the fastest way takes at least two roads, more as it gets harder. */
export const shortestPath: Family = {
  name: 'shortest-path',
  description: 'The fastest way through a network of roads told in words',
  generate(random, difficulty) {
    const towns = sample(random, TOWNS, 4 + difficulty);
    const [start, goal] = [at(towns, 0), at(towns, 1)];
    const { roads, best } = drawUntil(() => {
      const roads = drawRoads(random, towns);
      const best = fastest(roads, start, goal);
      return best && best.roads >= Math.min(2 + Math.floor(difficulty / 3), 3)
        ? { roads, best }
        : undefined;
    });
    const sentences = roads.map((road) => random.pick(SENTENCES)(road));
    const question = [
      `The towns ${listed(random.shuffle(towns))} are joined by roads that can be used both ways.`,
      ...sentences,
      random.pick([
        `How many minutes does the fastest route from ${start} to ${goal} take?`,
        `What is the shortest time in minutes to get from ${start} to ${goal}?`,
      ]),
    ].join(' ');
    return integerAnswer(question, best.minutes);
  },
};

/** A road for about half of the pairs, at most. */
function drawRoads(random: Random, towns: readonly string[]): Road[] {
  const pairs = towns.flatMap((from, index) => towns.slice(index + 1).map((to) => ({ from, to })));
  return sample(random, pairs, Math.round(towns.length * 1.7)).map(({ from, to }) => {
    const [a, b] = random.shuffle([from, to]) as [string, string];
    return { from: a, to: b, minutes: random.integer(5, 90) };
  });
}

/** Bellman and Ford: relax every road until nothing changes. `undefined` where no way leads there. */
function fastest(roads: readonly Road[], start: string, goal: string) {
  const reached = new Map([[start, { minutes: 0, roads: 0 }]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, minutes } of roads) {
      for (const [a, b] of [[from, to] as const, [to, from] as const]) {
        const here = reached.get(a);
        if (!here || here.minutes + minutes >= (reached.get(b)?.minutes ?? Infinity)) continue;
        reached.set(b, { minutes: here.minutes + minutes, roads: here.roads + 1 });
        changed = true;
      }
    }
  }
  return reached.get(goal);
}
