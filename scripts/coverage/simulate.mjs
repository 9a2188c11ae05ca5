// How often a printed 95 % interval holds the truth. The functions under test come in as arguments,
// so that the tests can try the sources and the long run what was compiled of them.
/** @typedef {import('../../src/random.ts').Random} Random */
/**
 * @typedef {object} Tested
 * @property {new (series: Float64Array, clusters: Uint32Array | null) => Sample} OrderedSample
 * @property {typeof import('../../src/stats/wilson.ts').wilsonInterval} wilsonInterval
 * @property {typeof import('../../src/stats/design-effect.ts').designEffect} designEffect
 * @property {typeof import('../../src/stats/block-bootstrap.ts').rateInterval} rateInterval
 * @property {typeof import('../../src/stats/concurrency.ts').fullLoad} fullLoad
 */
/** @typedef {Pick<import('../../src/stats/ordered-sample.ts').OrderedSample, 'interval'>} Sample */
/**
 * Shares of the simulations.
 * @typedef {object} Coverage
 * @property {number} printed that gave an interval
 * @property {number} held of these, whose interval held the truth; NaN without any
 */

/**
 * @param {Tested} tested
 * @param {import('./samples.mjs').Source} source
 * @param {{ n: number, quantiles: number[], simulations: number, random: Random }} settings
 * @returns {Coverage[]} one per quantile
 */
export function quantileCoverage(tested, source, { n, quantiles, simulations, random }) {
  const tallies = quantiles.map((p) => ({ p, truth: source.quantile(p), printed: 0, held: 0 }));
  const clusters = source.clusters?.(n) ?? null;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const sample = new tested.OrderedSample(source.draw(n, random), clusters);
    for (const tally of tallies) tallyUp(tally, sample.interval(tally.p), tally.truth);
  }
  return tallies.map((tally) => sharesOf(tally, simulations));
}

/**
 * Wilson's interval for a share of hits.
 * @param {Tested} tested
 * @param {{ n: number, p: number, simulations: number, random: Random, hitsOf: HitsOf }} settings
 * @typedef {(n: number, p: number, random: Random) => { hits: Uint8Array, clusters: Uint32Array | null }} HitsOf
 * @returns {Coverage}
 */
export function shareCoverage(tested, { n, p, simulations, random, hitsOf }) {
  const tally = { printed: 0, held: 0 };
  for (let simulation = 0; simulation < simulations; simulation++) {
    const { hits, clusters } = hitsOf(n, p, random);
    let count = 0;
    for (const hit of hits) count += hit;
    const effectiveN = n / tested.designEffect(hits, clusters);
    tallyUp(tally, tested.wilsonInterval(count / n, effectiveN), p);
  }
  return sharesOf(tally, simulations);
}

/**
 * The rate of a run over its window; the truth is the mean over all the runs of this plan.
 * @param {Tested} tested
 * @param {(n: number, random: Random) => import('./spells.mjs').Spells} load
 * @param {{ n: number, simulations: number, random: Random }} settings
 * @returns {Coverage}
 */
export function rateCoverage(tested, load, { n, simulations, random }) {
  /** @type {({ low: number, high: number } | undefined)[]} */
  const intervals = [];
  let sum = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const spells = load(n, random);
    const full = tested.fullLoad(spells.starts, spells.ends);
    const window = {
      startMs: spells.starts.reduce((a, b) => Math.min(a, b)),
      endMs: spells.ends.reduce((a, b) => Math.max(a, b)),
      fullFromMs: full?.from ?? 0,
      fullToMs: full?.to ?? 0,
    };
    const amount = spells.amounts.reduce((a, b) => a + b, 0);
    sum += (1000 * amount) / (window.endMs - window.startMs);
    intervals.push(tested.rateInterval(spells, window, random.next));
  }
  const tally = { printed: 0, held: 0 };
  for (const interval of intervals) tallyUp(tally, interval, sum / simulations);
  return sharesOf(tally, simulations);
}

/** @type {Record<string, HitsOf>} */
export const HITS = {
  independent: (n, p, random) => draw(n, null, () => random.next() < p),
  'in bursts: each as the one before with a chance of 0.6': (n, p, random) => {
    let hit = random.next() < p;
    return draw(n, null, () => {
      if (random.next() >= 0.6) hit = random.next() < p;
      return hit;
    });
  },
  'every case four times, two of five always alike': (n, p, random) => {
    const clusters = Uint32Array.from({ length: n }, (_, index) => index % Math.ceil(n / 4));
    const cases = Array.from({ length: Math.ceil(n / 4) }, () =>
      random.next() < 0.4 ? random.next() < p : null,
    );
    return draw(n, clusters, (index) => cases[index % cases.length] ?? random.next() < p);
  },
};

/**
 * @param {number} n
 * @param {Uint32Array | null} clusters
 * @param {(index: number) => boolean} isHit
 */
function draw(n, clusters, isHit) {
  const hits = new Uint8Array(n);
  for (let index = 0; index < n; index++) hits[index] = isHit(index) ? 1 : 0;
  return { hits, clusters };
}

/**
 * @param {{ printed: number, held: number }} tally
 * @param {{ low: number, high: number } | undefined} interval
 * @param {number} truth
 */
function tallyUp(tally, interval, truth) {
  if (interval === undefined) return;
  tally.printed++;
  if (interval.low <= truth && truth <= interval.high) tally.held++;
}

/**
 * @param {{ printed: number, held: number }} tally
 * @param {number} simulations
 * @returns {Coverage}
 */
function sharesOf({ printed, held }, simulations) {
  return { printed: printed / simulations, held: held / printed };
}
