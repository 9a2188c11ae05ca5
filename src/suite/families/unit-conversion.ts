import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { at, drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';
import { sample } from './words.ts';

const INVENTED = [
  'blen',
  'cark',
  'dorv',
  'fipp',
  'gurl',
  'hask',
  'jomb',
  'krel',
  'luft',
  'morb',
] as const;

/** Time, speed, rates, and chains of invented units that nobody can know by heart. */
export const unitConversion: Family = {
  name: 'unit-conversion',
  description: 'Units of time and speed, and chains of invented units',
  generate(random, difficulty) {
    return forLevel([seconds, speed, pump, inventedUnits, inventedPrices], difficulty)(random);
  },
};

function seconds(random: Random): GeneratedCase {
  const [days, hours, minutes] = [
    random.integer(2, 6),
    random.integer(2, 23),
    random.integer(2, 59),
  ];
  const question = random.pick([
    `How many seconds are ${days} days, ${hours} hours and ${minutes} minutes?`,
    `A device ran for ${days} days, ${hours} hours and ${minutes} minutes. How many seconds is that?`,
  ]);
  return integerAnswer(question, ((days * 24 + hours) * 60 + minutes) * 60);
}

function speed(random: Random): GeneratedCase {
  const { kmh, time, metres } = drawUntil(() => {
    const [kmh, time] = [random.integer(10, 160), random.integer(5, 120)];
    const metres = (kmh * 1000 * time) / 3600;
    return Number.isInteger(metres) ? { kmh, time, metres } : undefined;
  });
  const question = random.pick([
    `At ${kmh} km/h, how many metres are covered in ${time} seconds?`,
    `A car keeps to ${kmh} km/h. How many metres does it drive in ${time} seconds?`,
  ]);
  return integerAnswer(question, metres);
}

function pump(random: Random): GeneratedCase {
  const { millilitres, cubicMetres, minutes } = drawUntil(() => {
    const [millilitres, cubicMetres] = [random.integer(2, 200) * 5, random.integer(2, 30)];
    const minutes = (cubicMetres * 1_000_000) / millilitres / 60;
    return Number.isInteger(minutes) ? { millilitres, cubicMetres, minutes } : undefined;
  });
  const question = random.pick([
    `A pump moves ${millilitres} millilitres a second. How many minutes does it need for a basin of ${cubicMetres} cubic metres?`,
    `Water flows at ${millilitres} millilitres per second into a tank of ${cubicMetres} cubic metres. After how many minutes is the empty tank full?`,
  ]);
  return integerAnswer(question, minutes);
}

/** A chain of units, each so many of the next, told in any order. */
function drawChain(random: Random, count: number) {
  const units = sample(random, INVENTED, count);
  const factors = Array.from({ length: count - 1 }, () => random.integer(2, 12));
  const rules = factors.map(
    (factor, index) => `1 ${at(units, index)} is ${factor} ${at(units, index + 1)}s.`,
  );
  const product = factors.reduce((a, b) => a * b, 1);
  return { units, factors, product, told: random.shuffle(rules).join(' ') };
}

function inventedUnits(random: Random): GeneratedCase {
  const { units, product, told } = drawChain(random, 5);
  const amount = random.integer(2, 30);
  const [first, last] = [at(units, 0), at(units, 4)];
  if (random.next() < 0.5) {
    return integerAnswer(`${told} How many ${last}s are ${amount} ${first}s?`, amount * product);
  }
  const total = amount * product;
  return integerAnswer(`${told} How many ${first}s do ${total} ${last}s make?`, amount);
}

function inventedPrices(random: Random): GeneratedCase {
  const { units, factors, product, told } = drawChain(random, 5);
  const [price, whole, part] = [random.integer(2, 9), random.integer(2, 12), random.integer(2, 12)];
  const [first, second, last] = [at(units, 0), at(units, 1), at(units, 4)];
  const total = whole * product + part * (product / at(factors, 0));
  const question = `${told} One ${last} costs ${price} coins. How many coins do ${whole} ${first}s and ${part} ${second}s cost together?`;
  return integerAnswer(question, total * price);
}
