// Runs of requests over time, as spells of a rate: closed loops and open ones, steady and in bursts.
import { fill } from './samples.mjs';

/** @typedef {import('../../src/random.ts').Random} Random */
/** @typedef {{ starts: Float64Array, ends: Float64Array, amounts: Float64Array }} Spells */

/** @type {Record<string, (n: number, random: Random) => Spells>} */
export const LOADS = {
  'closed loop, 1 slot': (n, random) => closedLoop(n, 1, 0, random),
  'closed loop, 8 slots': (n, random) => closedLoop(n, 8, 0, random),
  'closed loop, 8 slots, speed AR(1) ρ = 0.9': (n, random) => closedLoop(n, 8, 0.9, random),
  'Poisson arrivals': (n, random) => openLoop(n, 0, random),
  'Poisson arrivals with pauses': (n, random) => openLoop(n, 0.02, random),
};

/**
 * @param {number} n
 * @param {number} slots
 * @param {number} rho of the server's speed from one request to the next; 0 for a steady server
 * @param {Random} random
 * @returns {Spells}
 */
function closedLoop(n, slots, rho, random) {
  const freeAtMs = new Float64Array(slots);
  const amounts = fill(n, () => tokens(random));
  const ends = new Float64Array(n);
  let slowness = random.normal();
  const starts = fill(n, (index) => {
    const startMs = freeAtMs.reduce((a, b) => Math.min(a, b));
    slowness = rho * slowness + Math.sqrt(1 - rho * rho) * random.normal();
    const factor = rho === 0 ? 1 : Math.exp(0.4 * slowness);
    const tpotMs = 20 * Math.exp(0.2 * random.normal());
    const tookMs = factor * (300 + tpotMs * /** @type {number} */ (amounts[index]));
    freeAtMs[freeAtMs.indexOf(startMs)] = startMs + tookMs;
    ends[index] = startMs + tookMs;
    return startMs;
  });
  return { starts, ends, amounts };
}

/**
 * @param {number} n
 * @param {number} pauseChance of 20 s without arrivals
 * @param {Random} random
 * @returns {Spells}
 */
function openLoop(n, pauseChance, random) {
  let clockMs = 0;
  const amounts = fill(n, () => tokens(random));
  const starts = fill(n, () => {
    clockMs += -500 * Math.log(1 - random.next());
    if (random.next() < pauseChance) clockMs += 20_000;
    return clockMs;
  });
  const ends = starts.map((startMs, i) => startMs + 300 + 20 * /** @type {number} */ (amounts[i]));
  return { starts, ends, amounts };
}

/** @param {Random} random */
function tokens(random) {
  return Math.max(1, Math.round(100 * Math.exp(0.5 * random.normal())));
}
