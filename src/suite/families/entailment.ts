import type { Random } from '../../random.ts';
import { choiceAnswer } from './answers.ts';
import { at, drawUntil, type Family } from './family.ts';
import { sample } from './words.ts';

/** What can be on or off; `not` after the verb denies it. */
const FACTS = [
  ...['the lamp is lit', 'the gate is open', 'the bell is ringing', 'the dog is asleep'],
  ...['the kettle is hot', 'the road is wet', 'the shop is closed', 'the train is late'],
  ...['the radio is loud', 'the window is broken', 'the garden is green', 'the baker is awake'],
] as const;

const VERDICTS = ['It must be true', 'It must be false', 'It cannot be determined'] as const;

/** A literal: a fact's index, affirmed or denied. */
interface Literal {
  fact: number;
  affirmed: boolean;
}

interface Premise {
  text: string;
  holds(world: readonly boolean[]): boolean;
}

/** Premises over two to six facts; what they say of one more, by truth table. */
export const entailment: Family = {
  name: 'entailment',
  description: 'What follows from premises, judged by truth table',
  generate(random, difficulty) {
    const count = 1 + difficulty;
    const facts = sample(random, FACTS, count);
    const wanted = random.pick(VERDICTS);
    const { premises, claim } = drawUntil(() => {
      const premises = drawPremises(random, facts, count);
      const claim = literal(random, count);
      return verdictOn(claim, premises, count) === wanted ? { premises, claim } : undefined;
    });
    const opening = random.pick(['Take these statements as true:', 'All of the following holds:']);
    const question = [
      opening,
      ...random.shuffle(premises).map(({ text }) => `- ${text}`),
      `What can be said of this statement: "${sentence(state(facts, claim))}"?`,
    ].join('\n');
    return choiceAnswer(random, question, wanted, VERDICTS);
  },
};

function drawPremises(random: Random, facts: readonly string[], count: number): Premise[] {
  const compound = Array.from({ length: count }, () => {
    const [a, b] = sample(random, [...facts.keys()], 2).map((fact) => {
      return { fact, affirmed: random.next() < 0.6 };
    }) as [Literal, Literal];
    return compoundPremise(random, facts, a, b);
  });
  const fact = literal(random, count);
  return [
    ...compound,
    { text: sentence(state(facts, fact)), holds: (world) => truth(world, fact) },
  ];
}

function compoundPremise(
  random: Random,
  facts: readonly string[],
  a: Literal,
  b: Literal,
): Premise {
  const [x, y] = [state(facts, a), state(facts, b)];
  return random.pick<Premise>([
    { text: sentence(`if ${x}, then ${y}`), holds: (w) => !truth(w, a) || truth(w, b) },
    { text: sentence(`${x} only if ${y}`), holds: (w) => !truth(w, a) || truth(w, b) },
    { text: sentence(`${x}, or ${y}, or both`), holds: (w) => truth(w, a) || truth(w, b) },
    { text: sentence(`${x} exactly when ${y}`), holds: (w) => truth(w, a) === truth(w, b) },
    {
      text: sentence(`of these two, at most one is true: ${x}; ${y}`),
      holds: (w) => !(truth(w, a) && truth(w, b)),
    },
  ]);
}

/** `undefined` where the premises contradict each other or one of them alone says it. */
function verdictOn(claim: Literal, premises: readonly Premise[], count: number) {
  const worlds = Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, index) => ((bits >> index) & 1) === 1),
  );
  const open = worlds.filter((world) => premises.every((premise) => premise.holds(world)));
  const given = premises.some((premise) => {
    const alone = worlds.filter((world) => premise.holds(world)).map((w) => truth(w, claim));
    return new Set(alone).size === 1;
  });
  if (open.length === 0 || given) return undefined;
  const truths = new Set(open.map((world) => truth(world, claim)));
  if (truths.size === 2) return VERDICTS[2];
  return truths.has(true) ? VERDICTS[0] : VERDICTS[1];
}

function literal(random: Random, count: number): Literal {
  return { fact: random.integer(0, count - 1), affirmed: random.next() < 0.5 };
}

function truth(world: readonly boolean[], { fact, affirmed }: Literal): boolean {
  return world[fact] === affirmed;
}

function state(facts: readonly string[], { fact, affirmed }: Literal): string {
  const text = at(facts, fact);
  return affirmed ? text : text.replace(' is ', ' is not ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
