// Simulated histories: logs of the figures of runs, one night after another, the last one to be judged.

/** @typedef {import('../../src/random.ts').Random} Random */
/** @typedef {(random: Random, runs: number, sd: number) => number[]} History one more than `runs` */

const OUTLIER = 0.3;
const STEP = 0.15;
const STEP_RUNS = 6;
const DRIFT = 0.002;
const RHO = 0.5;

/** @type {History} */
const steady = (random, runs, sd) => Array.from({ length: runs + 1 }, () => sd * random.normal());

/** @type {Record<string, History>} */
export const HISTORIES = {
  steady,
  /** One of the earlier nights, whichever, was a third slower. */
  outlier: (random, runs, sd) => {
    const logs = steady(random, runs, sd);
    const night = random.integer(0, runs - 1);
    return logs.map((log, index) => (index === night ? log + OUTLIER : log));
  },
  /** Six runs ago the level rose by 16 %. */
  step: (random, runs, sd) =>
    steady(random, runs, sd).map((log, index) => (index >= runs - STEP_RUNS ? log + STEP : log)),
  /** Every night is 0.2 % slower than the one before. */
  drift: (random, runs, sd) => steady(random, runs, sd).map((log, index) => log + DRIFT * index),
  /** Each night takes half of its deviation from the one before. */
  'AR(1), ρ = 0.5': (random, runs, sd) => {
    let log = sd * random.normal();
    return Array.from({ length: runs + 1 }, () => {
      log = RHO * log + Math.sqrt(1 - RHO ** 2) * sd * random.normal();
      return log;
    });
  },
  /** Student's t with 4 degrees of freedom, of the same sd. */
  't with 4 degrees': (random, runs, sd) =>
    Array.from({ length: runs + 1 }, () => {
      const squares = [0, 0, 0, 0].reduce((sum) => sum + random.normal() ** 2, 0);
      return (sd * random.normal()) / Math.sqrt(squares / 4) / Math.SQRT2;
    }),
};

/**
 * Failed requests of the run that is judged, and of the earlier ones behind it.
 * @param {Random} random
 * @param {number} runs
 * @param {{ rate: number, added: number, of: number }} draw
 */
export function tallies(random, runs, { rate, added, of }) {
  return Array.from({ length: runs + 1 }, (_, index) => {
    const chance = index === 0 ? rate + added : rate;
    let failed = 0;
    for (let request = 0; request < of; request++) failed += Number(random.next() < chance);
    return { failed, of };
  });
}
