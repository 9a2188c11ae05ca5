// Whether `tokentape power` keeps its word: a pilot is drawn, it says how many pairs show +10 %, and the
// gate is given just so many pairs of a candidate that is 10 % worse.
import { errorRateShift, medianShift, verdictOf } from '../../dist/gate/paired/judge.js';
import { RateNoise } from '../../dist/gate/power/rate-noise.js';
import { ShiftNoise } from '../../dist/gate/power/shift-noise.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { SignedRank } from '../../dist/stats/signed-rank.js';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {import('./sections.mjs').Random} Random */
/**
 * @typedef {object} Cell
 * @property {string} name
 * @property {string} noise
 * @property {number} pilot pairs; of an error rate requests
 * @property {number} tests K
 */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */

const CHANGE = 0.1;
const CERTAINTY = 0.95;
/** A pilot that asks for more pairs than this is let go. */
const MOST_PAIRS = 20_000;
const LOOKS = 3;

/** Differences of two requests alike. @type {Record<string, (random: Random) => number>} */
const DIFFERENCES = {
  'log-normal, s = 0.10': (random) => 0.1 * Math.SQRT2 * random.normal(),
  'log-normal, s = 0.25': (random) => 0.25 * Math.SQRT2 * random.normal(),
  'log-normal, s = 0.40': (random) => 0.4 * Math.SQRT2 * random.normal(),
  't with 3 degrees, × 0.15': (random) => 0.15 * (student3(random) - student3(random)),
  's = 0.20, 5 % of requests × 3': (random) => spiked(random) - spiked(random),
};
/** @type {Record<string, number>} */
const RATES = { 'errors, 1 %': 0.01, 'errors, 5 %': 0.05 };

/** @param {string[]} noises @param {number[]} pilots @param {number[]} tests @returns {Cell[]} */
function cellsOf(noises, pilots, tests) {
  return noises.flatMap((noise) =>
    pilots.flatMap((pilot) =>
      tests.map((k) => ({ name: `${noise}, ${pilot}, K = ${k}`, noise, pilot, tests: k })),
    ),
  );
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const power = {
  name: 'power',
  document: 'docs/power.md',
  title: 'Power',
  cells: cellsOf([...Object.keys(DIFFERENCES), ...Object.keys(RATES)], [30, 100], [1, 8]),
  quickCells: cellsOf(['log-normal, s = 0.25', 'errors, 5 %'], [30], [1]),
  checks: { full: 2000, quick: 200 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {Random} random
 */
function simulate({ noise, pilot, tests }, random) {
  const levels = { fail: DEFAULT_GATE.alpha / (LOOKS * tests), pass: DEFAULT_GATE.alpha / LOOKS };
  const draw = DIFFERENCES[noise];
  return draw === undefined
    ? simulateRate(/** @type {number} */ (RATES[noise]), pilot, levels, random)
    : simulateShift(draw, pilot, levels, random);
}

/**
 * @param {(random: Random) => number} draw
 * @param {number} pilot
 * @param {import('../../src/gate/paired/judge.ts').Levels} levels
 * @param {Random} random
 */
function simulateShift(draw, pilot, levels, random) {
  const { failFrom, passBelow } = DEFAULT_GATE.median;
  const limits = { failFrom: Math.log1p(failFrom), passBelow: Math.log1p(passBelow) };
  const seen = Float64Array.from({ length: pilot }, () => draw(random));
  const centre = new SignedRank(seen).estimate() ?? 0;
  const noise = new ShiftNoise(
    seen.map((one) => one - centre),
    random,
  );
  const shift = Math.log1p(CHANGE);
  const rule = ruleOf(levels, limits);
  const needed = noise.pairsNeeded(shift, rule, CERTAINTY);
  return check(needed.value, (pairs, drawn) => {
    while (drawn.length < pairs) drawn.push(draw(random) + shift);
    return verdictOf(medianShift(Float64Array.from(drawn), levels), limits);
  });
}

/**
 * @param {number} rate
 * @param {number} pilot
 * @param {import('../../src/gate/paired/judge.ts').Levels} levels
 * @param {Random} random
 */
function simulateRate(rate, pilot, levels, random) {
  let failures = 0;
  for (let request = 0; request < pilot; request++) failures += random.next() < rate ? 1 : 0;
  const rule = ruleOf(levels, DEFAULT_GATE.errorRate);
  const needed = new RateNoise(failures, pilot).pairsNeeded(CHANGE, rule, CERTAINTY);
  const counts = { pairs: 0, both: 0, candidateOnly: 0, baselineOnly: 0 };
  return check(needed.value, (pairs) => {
    for (; counts.pairs < pairs; counts.pairs++) {
      const candidate = random.next() < rate + CHANGE;
      const baseline = random.next() < rate;
      if (candidate && baseline) counts.both++;
      else if (candidate) counts.candidateOnly++;
      else if (baseline) counts.baselineOnly++;
    }
    return verdictOf(errorRateShift(counts, levels), DEFAULT_GATE.errorRate);
  });
}

/**
 * @param {import('../../src/gate/paired/judge.ts').Levels} levels
 * @param {import('../../src/gate/settings.ts').ChangeLimits} limits
 */
function ruleOf(levels, { failFrom, passBelow }) {
  return {
    alpha: levels.fail,
    least: failFrom,
    pass: { alpha: levels.pass, below: passBelow },
    earlier: [0.25, 0.5],
  };
}

/**
 * Looks after a quarter, a half and all of the pairs, as `--pairs` has it.
 * @param {number | null} needed
 * @param {(pairs: number, drawn: number[]) => string} look
 */
function check(needed, look) {
  if (needed === null || needed > MOST_PAIRS) return { refused: 1 };
  /** @type {number[]} */
  const drawn = [];
  for (let number = 1; number <= LOOKS; number++) {
    const pairs = 2 * Math.ceil(needed / 2 ** (LOOKS - number + 1));
    const verdict =
      pairs < 20 && number < LOOKS ? 'inconclusive' : look(Math.max(20, pairs), drawn);
    if (verdict !== 'inconclusive') return { [verdict]: 1, needed };
  }
  return { inconclusive: 1, needed };
}

/** @param {Result[]} results */
function report(results) {
  return table(
    [
      'noise',
      'pilot',
      'K',
      'pairs asked for, mean',
      'caught, %',
      'false pass, %',
      'inconclusive, %',
    ],
    results.map(({ cell, checks, tally }) => {
      const asked = checks - (tally.refused ?? 0);
      return [
        cell.noise,
        String(cell.pilot),
        String(cell.tests),
        ((tally.needed ?? 0) / asked).toFixed(0),
        percentWithin(tally.fail, asked),
        percent(tally.pass, asked),
        percent(tally.inconclusive, asked),
      ];
    }),
  );
}

/** @param {Result[]} results */
function promises(results) {
  const cells = results.map(({ cell, checks, tally }) => ({
    name: cell.name,
    hits: tally.fail ?? 0,
    of: checks - (tally.refused ?? 0),
  }));
  const total = (/** @type {'hits' | 'of'} */ what) =>
    cells.reduce((sum, cell) => sum + cell[what], 0);
  const all = { name: 'all together', hits: total('hits'), of: total('of') };
  return [
    {
      promise: 'caught with the pairs asked for, of all',
      wanted: '≥ 95 %',
      least: CERTAINTY,
      cells: [all],
    },
    { promise: 'the same in each cell', wanted: '≥ 93 %', least: 0.93, cells },
  ];
}

/** @param {Random} random */
function student3(random) {
  const squares = [1, 2, 3].reduce((sum) => sum + random.normal() ** 2, 0);
  return random.normal() / Math.sqrt(squares / 3);
}

/** @param {Random} random */
function spiked(random) {
  return 0.2 * random.normal() + (random.next() < 0.05 ? Math.log(3) : 0);
}
