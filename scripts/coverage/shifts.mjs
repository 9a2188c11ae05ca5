// Two samples whose shift is known, and how often its printed 95 % interval holds it.

import { createRandom } from '../../dist/random.js';
import { designEffect } from '../../dist/stats/design-effect.js';
import { OrderedSample } from '../../dist/stats/ordered-sample.js';
import { pairedShareInterval, pairedShift } from '../../dist/stats/paired-shift.js';
import { LEAST_FOR_INTERVAL } from '../../dist/stats/quantile-interval.js';
import { shiftBetween } from '../../dist/stats/shift.js';
import { differenceInterval } from '../../dist/stats/square-and-add.js';
import { wilsonInterval } from '../../dist/stats/wilson.js';
import { autoregressive, fill } from './samples.mjs';
import { HITS } from './simulate.mjs';

/** @typedef {import('../../src/random.ts').Random} Random */
/** @typedef {import('../../src/stats/quantile-interval.ts').Interval} Interval */
/**
 * One simulation: its interval, and the truth.
 * @typedef {(n: number, random: Random) => { interval: Interval | undefined, truth: number }} Trial
 */

const TRUE_SHIFT = Math.log(1.1);
const SPREAD = 0.4;
/** Values on which the shift of two samples of different shape is found, once. */
const FOR_TRUTH = 30_000;

/** Of logarithms, in the order of time. @type {Record<string, (n: number, random: Random) => Float64Array>} */
const SERIES = {
  normal: (n, random) => fill(n, () => SPREAD * random.normal()),
  wide: (n, random) => fill(n, () => 4 * SPREAD * random.normal()),
  heavy: (n, random) => fill(n, () => -Math.log(1 - random.next()) / 1.5),
  cauchy: (n, random) => fill(n, () => 0.2 * Math.tan(Math.PI * (random.next() - 0.5))),
  modes: (n, random) =>
    fill(n, () => (random.next() < 0.7 ? 0 : Math.log(4)) + 0.1 * random.normal()),
  ar: (n, random) => autoregressive(n, 0.6, random).map((x) => SPREAD * x),
  weakAr: (n, random) => autoregressive(n, 0.3, random).map((x) => SPREAD * x),
  slow: (n, random) =>
    autoregressive(n, 0.95, random).map(
      (x) => SPREAD * (Math.sqrt(0.2) * x + Math.sqrt(0.8) * random.normal()),
    ),
  cases: (n, random) => {
    const own = fill(caseCount(n), () => random.normal());
    return fill(n, (i) => {
      const ofCase = /** @type {number} */ (own[i % own.length]);
      return SPREAD * Math.SQRT1_2 * (ofCase + random.normal());
    });
  },
};

/** @param {number} n */
function caseCount(n) {
  return Math.ceil(n / 4);
}

/**
 * @param {string} name
 * @param {number} n
 */
function clustersOf(name, n) {
  return name === 'cases' ? Uint32Array.from({ length: n }, (_, i) => i % caseCount(n)) : null;
}

/** @type {Record<string, Trial>} */
export const UNPAIRED = {
  'log-normal': twoSamples('normal', 'normal'),
  'Pareto, heavy-tailed': twoSamples('heavy', 'heavy'),
  'two modes': twoSamples('modes', 'modes'),
  'four times the spread': twoSamples('normal', 'wide'),
  'four times the spread, a fifth of the samples': twoSamples('normal', 'wide', 5),
  'log-normal and two modes': twoSamples('normal', 'modes'),
  'AR(1), ρ = 0.3': twoSamples('weakAr', 'weakAr'),
  'AR(1), ρ = 0.6': twoSamples('ar', 'ar'),
  'slow load': twoSamples('slow', 'slow'),
  'every case four times': twoSamples('cases', 'cases'),
};

/** The centre of the differences: of all pairs of them half have a smaller mean. @type {Record<string, Trial>} */
export const PAIRED = {
  normal: pairs('normal', 0),
  'Cauchy, heavy-tailed': pairs('cauchy', 0),
  // The median of the mean of two exponential values, over their rate.
  'exponential, skewed': pairs('heavy', 1.6783469900166605 / 2 / 1.5),
  'AR(1), ρ = 0.3': pairs('weakAr', 0),
  'AR(1), ρ = 0.6': pairs('ar', 0),
  'slow load': pairs('slow', 0),
  'every case four times': pairs('cases', 0),
};

/** @type {Record<string, Trial>} */
export const TAILS = {
  'log-normal': ratioOfTails('normal'),
  'Pareto, heavy-tailed': ratioOfTails('heavy'),
  'AR(1), ρ = 0.6': ratioOfTails('ar'),
};

/** @type {Record<string, Trial>} */
export const SHARES = {
  '1 % and 1 %': shares(0.01, 0.01, 'independent'),
  '2 % and 7 %': shares(0.02, 0.07, 'independent'),
  '30 % and 40 %': shares(0.3, 0.4, 'independent'),
  '30 % and 40 %, in bursts': shares(
    0.3,
    0.4,
    'in bursts: each as the one before with a chance of 0.6',
  ),
  '1 % and 1 %, paired': pairedShares(0.01, 0.01),
  '2 % and 7 %, paired': pairedShares(0.02, 0.07),
  '30 % and 40 %, paired': pairedShares(0.3, 0.4),
};

/**
 * @param {string} base
 * @param {string} other
 * @param {number} [fewer] how many times fewer the other's samples are
 * @returns {Trial}
 */
function twoSamples(base, other, fewer = 1) {
  const truth = TRUE_SHIFT + (base === other ? 0 : centreBetween(base, other));
  return (n, random) => {
    const m = Math.ceil(n / fewer);
    const shift =
      m < LEAST_FOR_INTERVAL
        ? undefined
        : shiftBetween(
            { series: drawn(base, n, random), clusters: clustersOf(base, n) },
            {
              series: drawn(other, m, random).map((x) => x + TRUE_SHIFT),
              clusters: clustersOf(other, m),
            },
          );
    return { interval: shift?.interval, truth };
  };
}

/**
 * @param {string} name
 * @param {number} n
 * @param {Random} random
 */
function drawn(name, n, random) {
  const draw = /** @type {(n: number, random: Random) => Float64Array} */ (SERIES[name]);
  return draw(n, random);
}

/**
 * @param {string} base
 * @param {string} other
 */
function centreBetween(base, other) {
  const random = createRandom(`truth/${base}/${other}`);
  const means = Array.from({ length: 8 }, () => {
    const [a, b] = [base, other].map((name) => ({
      series: drawn(name, FOR_TRUTH, random),
      clusters: null,
    }));
    const shift = a && b && shiftBetween(a, b);
    return /** @type {number} */ (shift?.value);
  });
  return means.reduce((sum, each) => sum + each, 0) / means.length;
}

/**
 * @param {string} name
 * @param {number} centre
 * @returns {Trial}
 */
function pairs(name, centre) {
  return (n, random) => {
    const series = drawn(name, n, random);
    const shift = pairedShift({
      lowest: series,
      highest: series,
      clusters: clustersOf(name, n),
    });
    return { interval: shift?.interval, truth: centre };
  };
}

/**
 * The ratio of two p95, by the intervals of both.
 * @param {string} name
 * @returns {Trial}
 */
function ratioOfTails(name) {
  return (n, random) => {
    const [base, other] = [0, TRUE_SHIFT].map((by) => {
      const sample = new OrderedSample(
        drawn(name, n, random).map((x) => x + by),
        null,
      );
      const interval = sample.interval(0.95);
      return interval && { value: sample.quantile(0.95)?.value ?? Number.NaN, ...interval };
    });
    return { interval: base && other && differenceInterval(base, other), truth: TRUE_SHIFT };
  };
}

/**
 * @param {number} p
 * @param {number} q
 * @param {string} how
 * @returns {Trial}
 */
function shares(p, q, how) {
  const hitsOf = /** @type {import('./simulate.mjs').HitsOf} */ (HITS[how]);
  return (n, random) => {
    const [base, other] = [p, q].map((chance) => {
      const { hits, clusters } = hitsOf(n, chance, random);
      const value = hits.reduce((sum, hit) => sum + hit, 0) / n;
      return { value, ...wilsonInterval(value, n / designEffect(hits, clusters)) };
    });
    return { interval: base && other && differenceInterval(base, other), truth: q - p };
  };
}

/**
 * Half of the smaller share are prompts on which both fail.
 * @param {number} p
 * @param {number} q
 * @returns {Trial}
 */
function pairedShares(p, q) {
  const both = Math.min(p, q) / 2;
  return (n, random) => {
    const [base, other] = [new Uint8Array(n), new Uint8Array(n)];
    for (let i = 0; i < n; i++) {
      const common = random.next() < both;
      base[i] = common || random.next() < (p - both) / (1 - both) ? 1 : 0;
      other[i] = common || random.next() < (q - both) / (1 - both) ? 1 : 0;
    }
    return { interval: pairedShareInterval({ base, other, clusters: null }), truth: q - p };
  };
}

/**
 * @param {Trial} trial
 * @param {number} n
 * @param {number} simulations
 * @param {Random} random
 * @returns {import('./simulate.mjs').Coverage}
 */
export function coverageOf(trial, n, simulations, random) {
  let printed = 0;
  let held = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const { interval, truth } = trial(n, random);
    if (interval === undefined) continue;
    printed++;
    if (interval.low <= truth && truth <= interval.high) held++;
  }
  return { printed: printed / simulations, held: held / printed };
}
