// How often the 95 % interval of a row's grades holds the truth. The functions under test come in as
// arguments, so that the tests can try the sources and the long run what was compiled of them.
/** @typedef {import('../../src/random.ts').Random} Random */
/**
 * @typedef {object} Tested
 * @property {typeof import('../../src/stats/clustered-mean.ts').clusteredMeanInterval} clusteredMeanInterval
 * @property {typeof import('../../src/stats/pass-at-k.ts').passAtK} passAtK
 */
/** @typedef {{ scores: Float64Array, clusters: Uint32Array | null }} Sample */
/**
 * Samples of so many cases, of which the mean is known.
 * @typedef {object} Source
 * @property {number} truth
 * @property {(cases: number, random: Random, tested: Tested) => Sample} draw
 */

/**
 * @param {Tested} tested
 * @param {Source} source
 * @param {{ cases: number, simulations: number, random: Random }} settings
 * @returns {number} the share of the simulations whose interval held the truth
 */
export function gradeCoverage(tested, source, { cases, simulations, random }) {
  let held = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const { scores, clusters } = source.draw(cases, random, tested);
    const interval = tested.clusteredMeanInterval(scores, clusters);
    if (interval === undefined) continue;
    if (interval.low <= source.truth + 1e-12 && interval.high >= source.truth - 1e-12) held++;
  }
  return held / simulations;
}

/**
 * Right or wrong answers; a case has a chance of its own, so that its passes go together.
 * @param {number} p mean chance of a right answer
 * @param {number} passes
 * @param {number} correlation of two passes over one case: 0 to under 1
 * @returns {Source}
 */
export function answers(p, passes, correlation = 0) {
  return {
    truth: p,
    draw: (cases, random) => {
      const chanceOf = chances(p, correlation, random);
      return repeated(cases, passes, () => {
        const chance = chanceOf();
        return () => (random.next() < chance ? 1 : 0);
      });
    },
  };
}

/**
 * Partial scores, one to a case: of a Beta distribution.
 * @param {number} a
 * @param {number} b
 * @returns {Source}
 */
export function partialScores(a, b) {
  return {
    truth: a / (a + b),
    draw: (cases, random) => repeated(cases, 1, () => () => beta(a, b, random)),
  };
}

/**
 * 0, a half or 1, three passes; three of five cases are always right.
 * @returns {Source}
 */
export function steps() {
  return {
    truth: 0.6 + 0.4 * (0.5 * 0.5 + 0.25),
    draw: (cases, random) =>
      repeated(cases, 3, () => {
        const easy = random.next() < 0.6;
        return () => {
          const u = random.next();
          if (easy || u >= 0.75) return 1;
          return u < 0.5 ? 0.5 : 0;
        };
      }),
  };
}

/**
 * pass@k of so many passes; chances of the cases are uniform, of which the mean is k / (k + 1).
 * @param {number} k
 * @param {number} passes
 * @returns {Source}
 */
export function passAt(k, passes) {
  return {
    truth: k / (k + 1),
    draw: (cases, random, { passAtK }) =>
      repeated(cases, 1, () => () => {
        const chance = random.next();
        let right = 0;
        for (let pass = 0; pass < passes; pass++) right += Number(random.next() < chance);
        return passAtK(passes, right, k);
      }),
  };
}

/** @type {Record<string, Source>} */
export const SOURCES = {
  'p = 0.5, one pass': answers(0.5, 1),
  'p = 0.8, one pass': answers(0.8, 1),
  'p = 0.95, one pass': answers(0.95, 1),
  'p = 0.8, 4 passes, independent': answers(0.8, 4),
  'p = 0.5, 4 passes, ρ = 0.5': answers(0.5, 4, 0.5),
  'p = 0.8, 4 passes, ρ = 0.5': answers(0.8, 4, 0.5),
  'p = 0.95, 4 passes, ρ = 0.5': answers(0.95, 4, 0.5),
  'p = 0.8, 10 passes, ρ = 0.1': answers(0.8, 10, 0.1),
  'partial scores, Beta(2, 1)': partialScores(2, 1),
  'partial scores, Beta(9, 0.5)': partialScores(9, 0.5),
  '0, ½ or 1, 3 passes': steps(),
  'pass@1 of 4': passAt(1, 4),
  'pass@2 of 4': passAt(2, 4),
  'pass@4 of 4': passAt(4, 4),
  'pass@5 of 10': passAt(5, 10),
};

/**
 * @param {number} cases
 * @param {number} passes
 * @param {() => () => number} caseOf a case, which gives the score of each of its passes
 * @returns {Sample}
 */
function repeated(cases, passes, caseOf) {
  const scores = new Float64Array(cases * passes);
  const clusters = passes === 1 ? null : new Uint32Array(cases * passes);
  for (let one = 0, at = 0; one < cases; one++) {
    const scoreOf = caseOf();
    for (let pass = 0; pass < passes; pass++, at++) {
      scores[at] = scoreOf();
      if (clusters !== null) clusters[at] = one;
    }
  }
  return { scores, clusters };
}

/**
 * @param {number} p
 * @param {number} correlation
 * @param {Random} random
 * @returns {() => number}
 */
function chances(p, correlation, random) {
  if (correlation === 0) return () => p;
  const size = 1 / correlation - 1;
  return () => beta(p * size, (1 - p) * size, random);
}

/**
 * @param {number} a
 * @param {number} b
 * @param {Random} random
 */
function beta(a, b, random) {
  const x = gamma(a, random);
  return x / (x + gamma(b, random));
}

/**
 * Marsaglia and Tsang's method.
 * @param {number} shape
 * @param {Random} random
 * @returns {number}
 */
function gamma(shape, random) {
  if (shape < 1) return gamma(shape + 1, random) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(random.next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
