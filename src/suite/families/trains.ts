import type { Random } from '../../random.ts';
import { integerAnswer } from './answers.ts';
import { drawUntil, type Family, forLevel, type GeneratedCase } from './family.ts';
import { sample, TOWNS } from './words.ts';

const speed = (random: Random) => random.integer(8, 32) * 5;

/** Distance, round trip, meeting, catching up, meeting place after a head start. */
export const trains: Family = {
  name: 'trains',
  description: 'Distance, speed and time of trains',
  generate(random, difficulty) {
    const [from = '', to = ''] = sample(random, TOWNS, 2);
    const levels = [twoLegs, roundTrip, meeting, catchingUp, meetingPlace];
    return forLevel(levels, difficulty)(random, from, to);
  },
};

function twoLegs(random: Random, from: string, to: string): GeneratedCase {
  const [first, second] = [speed(random), speed(random)];
  const [hours, moreHours] = [random.integer(2, 6), random.integer(2, 6)];
  const question = random.pick([
    `A train from ${from} to ${to} runs at ${first} km/h for ${hours} hours and at ${second} km/h for the remaining ${moreHours} hours. How many kilometres does it cover?`,
    `Between ${from} and ${to} a train keeps ${first} km/h during ${hours} hours, then ${second} km/h during ${moreHours} hours. How long is the line in kilometres?`,
  ]);
  return integerAnswer(question, first * hours + second * moreHours);
}

function roundTrip(random: Random, from: string, to: string): GeneratedCase {
  const { distance, out, back } = drawUntil(() => {
    const drawn = { distance: random.integer(4, 40) * 10, out: speed(random), back: speed(random) };
    const minutes = [drawn.out, drawn.back].map((kmh) => (drawn.distance * 60) / kmh);
    return minutes.every(Number.isInteger) ? drawn : undefined;
  });
  const stop = random.integer(2, 18) * 5;
  const question = random.pick([
    `${from} and ${to} are ${distance} km apart. A train goes there at ${out} km/h, waits ${stop} minutes and comes back at ${back} km/h. How many minutes pass in all?`,
    `The line from ${from} to ${to} is ${distance} km long. An express travels it at ${out} km/h, is cleaned for ${stop} minutes and returns at ${back} km/h. After how many minutes is it back?`,
  ]);
  return integerAnswer(question, (distance * 60) / out + stop + (distance * 60) / back);
}

function meeting(random: Random, from: string, to: string): GeneratedCase {
  const { a, b, minutes, distance } = drawUntil(() => {
    const [a, b, minutes] = [speed(random), speed(random), random.integer(4, 60) * 5];
    const distance = ((a + b) * minutes) / 60;
    return Number.isInteger(distance) ? { a, b, minutes, distance } : undefined;
  });
  const question = random.pick([
    `${from} and ${to} lie ${distance} km apart. At the same moment a train leaves each towards the other, one at ${a} km/h, one at ${b} km/h. After how many minutes do they meet?`,
    `On a line of ${distance} km between ${from} and ${to} two trains start towards each other at once, at ${a} km/h and ${b} km/h. How many minutes go by until they pass each other?`,
  ]);
  return integerAnswer(question, minutes);
}

function catchingUp(random: Random, from: string, to: string): GeneratedCase {
  const { slow, fast, lead, minutes } = drawUntil(() => {
    const [slow, fast, lead] = [speed(random), speed(random), random.integer(2, 18) * 5];
    const minutes = (slow * lead) / (fast - slow);
    return fast > slow && Number.isInteger(minutes) ? { slow, fast, lead, minutes } : undefined;
  });
  const question = random.pick([
    `A goods train leaves ${from} for ${to} at ${slow} km/h. An express follows ${lead} minutes later on the next track at ${fast} km/h. How many minutes after its own departure does the express draw level?`,
    `From ${from} a slow train sets out towards ${to} at ${slow} km/h, and ${lead} minutes after it a fast one at ${fast} km/h. How many minutes does the fast one travel until it has caught up?`,
  ]);
  return integerAnswer(question, minutes);
}

function meetingPlace(random: Random, from: string, to: string): GeneratedCase {
  const drawn = drawUntil(() => {
    const [a, b, lead] = [speed(random), speed(random), random.integer(2, 18) * 5];
    const distance = random.integer(20, 90) * 10;
    const ahead = (a * lead) / 60;
    const place = ahead + (a * (distance - ahead)) / (a + b);
    return ahead < distance && Number.isInteger(ahead) && Number.isInteger(place)
      ? { a, b, lead, distance, place }
      : undefined;
  });
  const { a, b, lead, distance, place } = drawn;
  const question = random.pick([
    `${from} and ${to} are ${distance} km apart. A train leaves ${from} for ${to} at ${a} km/h. A second one leaves ${to} for ${from} ${lead} minutes later at ${b} km/h. How many kilometres from ${from} do they meet?`,
    `The railway between ${from} and ${to} measures ${distance} km. One train departs from ${from} at ${a} km/h, another from ${to}, ${lead} minutes after it, at ${b} km/h in the opposite direction. At what distance from ${from}, in kilometres, do they pass each other?`,
  ]);
  return integerAnswer(question, place);
}
