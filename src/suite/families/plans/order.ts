import type { Random } from '../../../random.ts';
import { at, type Family, forLevel } from '../family.ts';
import { listed, sample } from '../words.ts';
import { type PlanStep, planCase } from './format.ts';

const THINGS = [
  ...['axle', 'barrel', 'basket', 'bellows', 'bracket', 'cable', 'crate', 'dial', 'frame', 'gear'],
  ...['handle', 'hinge', 'hook', 'kite', 'ladder', 'lamp', 'lens', 'lever', 'mirror', 'pump'],
  ...['rope', 'saddle', 'sail', 'spring', 'tripod', 'valve', 'wagon', 'wheel', 'whistle', 'winch'],
] as const;

/** Steps of the plan, and things beside it that nobody needs. */
const NEEDED = [4, 6, 8, 10, 12];
const NOT_NEEDED = [1, 1, 2, 3, 4];

/** Things made of other things: what has to be made before what, and what need not be made at all. */
export const planOrder: Family = {
  name: 'plan-order',
  description: 'A plan with dependencies: 4 to 12 steps, some actions not needed',
  answer: 'plan',
  generate(random, difficulty) {
    const count = forLevel(NEEDED, difficulty);
    const things = sample(random, THINGS, count + forLevel(NOT_NEEDED, difficulty));
    const needed = things.slice(0, count);
    const others = things.slice(count);
    const goal = at(needed, count - 1);
    const parts = partsOf(random, needed);
    for (const other of others) parts.set(other, sample(random, needed, random.integer(1, 2)));

    const place = random.pick(['In a workshop', 'In a toy factory', 'For a school play']);
    const question = [
      `${place}, things are made of other things; a thing is made once, and then serves for all that need it.`,
      ...random.shuffle(things).map((thing) => sentence(random, thing, parts.get(thing) ?? [])),
      `Plan how to make the ${goal}, without making anything that it does not need.`,
      `The actions are make_ and the name of a thing, as make_${goal}. "depends_on" names the steps whose things go straight into this one; list a step after those.`,
    ].join('\n');
    const pairs = needed.flatMap((thing) => (parts.get(thing) ?? []).map((part) => [part, thing]));
    const value = {
      steps_min: count,
      steps_max: count,
      required_actions: needed.map(actionOf),
      must_precede: pairs.map((pair) => pair.map(actionOf)),
      independent: random
        .shuffle(independentPairs(needed, parts))
        .slice(0, 6)
        .map((pair) => pair.map(actionOf)),
      forbidden_actions: others.map(actionOf),
    };
    const steps = needed.map((thing, index) => stepOf(thing, index, needed, parts));
    const unconnected = steps.map((step) =>
      step.id === `s${count}` ? { ...step, depends_on: [] } : step,
    );
    const example = { id: 's1', action: 'make_…', depends_on: [] };
    return planCase(question, example, value, steps, unconnected);
  },
};

/** What each thing is made of: of earlier ones, and each but the last goes into a later one. */
function partsOf(random: Random, things: readonly string[]): Map<string, string[]> {
  const last = things.length - 1;
  const uses = things.map(() => new Set<number>());
  for (let part = 0; part < last; part++) {
    uses[random.integer(part + 1, Math.min(last, part + 4))]?.add(part);
    if (random.next() < 0.3) uses[random.integer(part + 1, last)]?.add(part);
  }
  return new Map(
    things.map((thing, index) => [
      thing,
      random.shuffle([...(uses[index] ?? [])]).map((part) => at(things, part)),
    ]),
  );
}

function sentence(random: Random, thing: string, parts: readonly string[]): string {
  if (parts.length === 0) {
    return random.pick([
      `The ${thing} is made of nothing else.`,
      `Nothing else goes into the ${thing}.`,
    ]);
  }
  const made = listed(parts.map((part) => `the ${part}`));
  return random.pick([
    `The ${thing} is made of ${made}.`,
    `Into the ${thing} ${parts.length === 1 ? 'goes' : 'go'} ${made}.`,
  ]);
}

function stepOf(
  thing: string,
  index: number,
  things: readonly string[],
  parts: ReadonlyMap<string, string[]>,
): PlanStep {
  const before = (parts.get(thing) ?? []).map((part) => `s${things.indexOf(part) + 1}`);
  return { id: `s${index + 1}`, action: actionOf(thing), depends_on: before };
}

function actionOf(thing: string): string {
  return `make_${thing}`;
}

/** Pairs of which neither goes into the other, over any number of things between. */
function independentPairs(
  things: readonly string[],
  parts: ReadonlyMap<string, string[]>,
): [string, string][] {
  const within = new Map<string, Set<string>>();
  for (const thing of things) {
    const direct = parts.get(thing) ?? [];
    within.set(thing, new Set(direct.flatMap((part) => [part, ...(within.get(part) ?? [])])));
  }
  return things.flatMap((a, index) =>
    things
      .slice(index + 1)
      .filter((b) => !within.get(b)?.has(a))
      .map((b): [string, string] => [a, b]),
  );
}
