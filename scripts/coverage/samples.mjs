// Samples whose true quantiles are known, drawn from a seeded generator.

/** @typedef {import('../../src/random.ts').Random} Random */
/**
 * @typedef {object} Source
 * @property {(n: number, random: Random) => Float64Array} draw in the order of time
 * @property {(p: number) => number} quantile the true one
 * @property {((n: number) => Uint32Array)} [clusters] the case of each; all different without it
 */

const SPREAD = 0.8;
const MODES = { share: 0.7, low: 100, high: 400, spread: 0.1 };
const TAIL_INDEX = 1.5;

/** @type {Record<string, Source>} */
export const INDEPENDENT = {
  'log-normal, skewed': {
    draw: (n, random) => fill(n, () => Math.exp(SPREAD * random.normal())),
    quantile: logNormalQuantile,
  },
  'two modes': {
    draw: (n, random) =>
      fill(n, () => {
        const mode = random.next() < MODES.share ? MODES.low : MODES.high;
        return mode * Math.exp(MODES.spread * random.normal());
      }),
    // The modes lie fourteen standard deviations apart.
    quantile: (p) =>
      p < MODES.share
        ? MODES.low * Math.exp(MODES.spread * normalQuantile(p / MODES.share))
        : MODES.high *
          Math.exp(MODES.spread * normalQuantile((p - MODES.share) / (1 - MODES.share))),
  },
  'Pareto, heavy-tailed': {
    draw: (n, random) => fill(n, () => (1 - random.next()) ** (-1 / TAIL_INDEX)),
    quantile: (p) => (1 - p) ** (-1 / TAIL_INDEX),
  },
};

/** @type {Record<string, Source>} */
export const DEPENDENT = {
  'AR(1), ρ = 0.6': {
    draw: (n, random) => autoregressive(n, 0.6, random).map((x) => Math.exp(SPREAD * x)),
    quantile: logNormalQuantile,
  },
  'slow load: ρ = 0.95 in a fifth of the variance': {
    draw: (n, random) =>
      autoregressive(n, 0.95, random).map((slow) =>
        Math.exp(SPREAD * (Math.sqrt(0.2) * slow + Math.sqrt(0.8) * random.normal())),
      ),
    quantile: logNormalQuantile,
  },
  'every case four times, half of the variance its own': {
    draw: (n, random) => {
      const cases = fill(Math.ceil(n / 4), () => random.normal());
      return fill(n, (index) => {
        const own = /** @type {number} */ (cases[index % cases.length]);
        return Math.exp(SPREAD * Math.SQRT1_2 * (own + random.normal()));
      });
    },
    quantile: logNormalQuantile,
    clusters: (n) => Uint32Array.from({ length: n }, (_, index) => index % Math.ceil(n / 4)),
  },
};

/**
 * A stationary first-order process of variance 1.
 * @param {number} n
 * @param {number} rho
 * @param {Random} random
 */
export function autoregressive(n, rho, random) {
  let value = random.normal();
  return fill(n, () => {
    const now = value;
    value = rho * value + Math.sqrt(1 - rho * rho) * random.normal();
    return now;
  });
}

/**
 * @param {number} n
 * @param {(index: number) => number} one
 */
export function fill(n, one) {
  const values = new Float64Array(n);
  for (let index = 0; index < n; index++) values[index] = one(index);
  return values;
}

/** @param {number} p */
function logNormalQuantile(p) {
  return Math.exp(SPREAD * normalQuantile(p));
}

/**
 * Φ⁻¹ by bisection of the series of Φ: slow and exact enough for a handful of truths.
 * @param {number} p
 */
export function normalQuantile(p) {
  let [low, high] = [-9, 9];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** @param {number} x */
function normalCdf(x) {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
