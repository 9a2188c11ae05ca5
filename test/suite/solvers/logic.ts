import { nth, only, read, worlds } from './reading.ts';

/** Orders are built place by place; the clues are read off the prompt. */
export function ordering(prompt: string): string {
  const [listed = ''] = read(prompt, /^(.+?) (?:line up|ran|were all)/);
  const people = listed.split(/, | and /);
  const clues = prompt.split(/(?<=[.?:]) /).flatMap((text) => clueOf(text) ?? []);
  const orders = arrangements(people).filter((order) => clues.every((clue) => clue(order)));
  const [place = '1'] = read(prompt, /(\d+)(?:st|nd|rd|th)/);
  const answers = new Set(orders.map((order) => nth(order, Number(place) - 1)));
  if (orders.length !== 1 || answers.size !== 1) throw new Error(`${orders.length} orders fit`);
  return nth([...answers], 0);
}

type Clue = (order: readonly string[]) => boolean;

function clueOf(text: string): Clue | undefined {
  const place = (order: readonly string[], name = '') => order.indexOf(name);
  const before = text.match(/^(\w+) (?:is taller than|arrived before|is older than) (\w+)\.$/);
  if (before) return (order) => place(order, before[1]) < place(order, before[2]);
  const next =
    text.match(/^(\w+) comes directly after (\w+)/) ??
    text.match(/^(\w+) was the next to arrive after (\w+)/) ??
    text.match(/(\w+) is the next younger one after (\w+)/);
  if (next) return (order) => place(order, next[1]) - place(order, next[2]) === 1;
  const apart = text.match(
    /^Exactly (one|\d+) (?:person is|people are) between (\w+) and (\w+)\.$/,
  );
  if (apart) {
    const gap = apart[1] === 'one' ? 2 : Number(apart[1]) + 1;
    return (order) => Math.abs(place(order, apart[2]) - place(order, apart[3])) === gap;
  }
  const notFirst = text.match(/^(\w+) (?:is not the (?:tallest|oldest)|did not win)\.$/);
  return notFirst ? (order) => order[0] !== notFirst[1] : undefined;
}

function arrangements(people: readonly string[]): string[][] {
  let partial: string[][] = [[]];
  for (let length = 0; length < people.length; length++) {
    partial = partial.flatMap((order) =>
      people.filter((name) => !order.includes(name)).map((name) => [...order, name]),
    );
  }
  return partial;
}

export function knightsAndKnaves(prompt: string): string {
  const said = [...prompt.matchAll(/^(\w+) says: "(.+)"$/gm)];
  const people = said.map(([, name = '']) => name);
  const fits = (world: boolean[]) =>
    said.every(([, name = '', claim = '']) => {
      return isTrue(claim, name, people, world) === world[people.indexOf(name)];
    });
  return only(worlds(people.length), fits)
    .map((knight) => (knight ? 'K' : 'N'))
    .join('');
}

function isTrue(claim: string, speaker: string, people: string[], world: boolean[]): boolean {
  const knight = (name = '') => nth(world, people.indexOf(name));
  const of = (pattern: RegExp) => claim.match(pattern);
  let match = of(/^(\w+) is a (knight|knave)\.$/);
  if (match) return knight(match[1]) === (match[2] === 'knight');
  match = of(/^(\w+) and I are of the same kind\.$/);
  if (match) return knight(match[1]) === knight(speaker);
  match = of(/^(\w+) and (\w+) are of different kinds\.$/);
  if (match) return knight(match[1]) !== knight(match[2]);
  match = of(/^Exactly (\d+) knights? (?:is|are) among us\.$/);
  if (match) return world.filter((each) => each).length === Number(match[1]);
  match = of(/^(\w+) is a knight or (\w+) is a knave, or both\.$/);
  if (match) return knight(match[1]) || !knight(match[2]);
  match = of(/^If (\w+) is a knight, then (\w+) is a knave\.$/);
  if (match) return !(knight(match[1]) && knight(match[2]));
  throw new Error(`what is meant by: ${claim}`);
}

/** Truth tables over the sentences as written: a fact is known by its words without "not". */
export function entailment(prompt: string): string {
  const premises = [...prompt.matchAll(/^- (.+)\.$/gm)].map(([, text = '']) => lower(text));
  const [claim = ''] = read(prompt, /of this statement: "(.+)\."/);
  const facts = [...new Set(literals([...premises, lower(claim)].join('; ')))];
  const open = worlds(facts.length).filter((world) => {
    return premises.every((premise) => holds(premise, facts, world));
  });
  const truths = new Set(open.map((world) => holds(lower(claim), facts, world)));
  if (truths.size === 0) throw new Error('the premises contradict each other');
  if (truths.size === 2) return 'It cannot be determined';
  return truths.has(true) ? 'It must be true' : 'It must be false';
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const literals = (text: string) =>
  [...text.matchAll(/the \w+ is (?:not )?\w+/g)].map(([words]) => words.replace(' not ', ' '));

function holds(text: string, facts: string[], world: boolean[]): boolean {
  const literal = (words = '') => {
    const affirmed = !words.includes(' not ');
    return nth(world, facts.indexOf(words.replace(' not ', ' '))) === affirmed;
  };
  let match = text.match(/^if (.+), then (.+)$/) ?? text.match(/^(.+) only if (.+)$/);
  if (match) return literal(match[1]) ? literal(match[2]) : true;
  match = text.match(/^of these two, at most one is true: (.+); (.+)$/);
  if (match) return !literal(match[1]) || !literal(match[2]);
  match = text.match(/^(.+), or (.+), or both$/);
  if (match) return literal(match[1]) || literal(match[2]);
  match = text.match(/^(.+) exactly when (.+)$/);
  if (match) return literal(match[1]) === literal(match[2]);
  return literal(text);
}

/** Floyd and Warshall over the roads of the prompt. */
export function shortestPath(prompt: string): string {
  const roads = [
    ...prompt.matchAll(/road between (\w+) and (\w+) takes (\d+) minutes/g),
    ...prompt.matchAll(/Between (\w+) and (\w+) one drives (\d+) minutes/g),
    ...prompt.matchAll(/From (\w+) to (\w+), or back, it is (\d+) minutes/g),
  ];
  const towns = [...new Set(roads.flatMap(([, a = '', b = '']) => [a, b]))];
  const time = new Map<string, number>();
  const between = (a: string, b: string) => (a === b ? 0 : (time.get(`${a}>${b}`) ?? Infinity));
  for (const [, a, b, minutes] of roads) {
    time.set(`${a}>${b}`, Number(minutes));
    time.set(`${b}>${a}`, Number(minutes));
  }
  for (const via of towns) {
    for (const a of towns) {
      for (const b of towns) {
        time.set(`${a}>${b}`, Math.min(between(a, b), between(a, via) + between(via, b)));
      }
    }
  }
  const [start = '', goal = ''] = read(prompt, /from (\w+) to (\w+)(?: take)?\?/);
  return String(between(start, goal));
}
