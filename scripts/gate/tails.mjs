// Tails: p95 of 1,000 pairs against limits of +12.5 and +25 %.

import { shiftLimits } from '../../dist/gate/paired/change.js';
import { quantileShift, verdictOf } from '../../dist/gate/paired/judge.js';
import { levelsOf } from '../../dist/gate/paired/metric-gate.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { createRandom } from '../../dist/random.js';
import { SwapPermutation } from '../../dist/stats/swap-permutation.js';
import { NOISES, SimulatedPairs } from './pairs.mjs';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {{ name: string, noise: string, effect: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */

const METRIC = /** @type {const} */ ({
  kind: 'quantile',
  text: 'ttft_ms:p(95)',
  metric: 'ttft_ms',
  p: 0.95,
  better: 'lower',
});
const PAIRS = /** @type {number} */ (DEFAULT_GATE.tailLooks.at(-1));
const LIMITS = shiftLimits(METRIC, DEFAULT_GATE);
const LEVELS = levelsOf(METRIC, DEFAULT_GATE, 1);
/** The bounds themselves take ten times as long as the tests that decide. */
const CROSS_CHECK_EVERY = 50;
const TESTED = [
  'log-normal, s = 0.20',
  'log-normal, s = 0.30',
  't with 3 degrees, × 0.15',
  's = 0.20, 5 % of requests × 3',
  's = 0.20, AR(1) ρ = 0.6',
];

/** @param {number[]} effects */
function cellsOf(effects) {
  return TESTED.flatMap((noise) =>
    effects.map((effect) => ({ name: `${noise}, +${100 * effect} %`, noise, effect })),
  );
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const tails = {
  name: 'tails',
  title: 'Tails',
  cells: cellsOf([0, 0.1, 0.25]),
  quickCells: cellsOf([0, 0.25]),
  checks: { full: 10_000, quick: 100 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 * @param {number} check
 */
function simulate({ noise, effect }, random, check) {
  const pairs = new SimulatedPairs(
    /** @type {import('./pairs.mjs').Noise} */ (NOISES[noise]),
    { metrics: 1, most: PAIRS, effect },
    random,
  );
  pairs.growTo(PAIRS);
  const arms = {
    candidate: /** @type {Float64Array} */ (pairs.candidate[0]),
    baseline: /** @type {Float64Array} */ (pairs.baseline[0]),
    lots: Uint32Array.from({ length: PAIRS }, (_, pair) => pair),
  };
  const seed = String(check);
  const swaps = new SwapPermutation(
    arms.candidate,
    arms.baseline,
    METRIC.p,
    createRandom(seed).next,
  );
  const estimate = swaps.estimate() ?? Number.NaN;
  const fail = estimate >= LIMITS.failFrom && swaps.rejects(0, 1, LEVELS.fail);
  const pass = !fail && swaps.rejects(LIMITS.passBelow, -1, LEVELS.pass);
  if (check % CROSS_CHECK_EVERY === 0) {
    const shift = quantileShift(arms, METRIC.p, LEVELS, LIMITS.passBelow, createRandom(seed).next);
    const verdict = fail ? 'fail' : pass ? 'pass' : 'inconclusive';
    // A bound that is found to lie just on the limit decides nothing.
    const onLimit = shift.low === 0 || shift.high === LIMITS.passBelow;
    if (!onLimit && verdictOf(shift, LIMITS) !== verdict) {
      throw new Error(`tests give ${verdict}, bounds ${verdictOf(shift, LIMITS)}`);
    }
  }
  const truth = Math.log1p(effect);
  const missed = swaps.rejects(truth, 1, LEVELS.fail) || swaps.rejects(truth, -1, LEVELS.pass);
  return { fail: Number(fail), pass: Number(pass), held: Number(!missed) };
}

/** @param {Result[]} results */
function report(results) {
  const rows = results.map(({ cell, checks, tally }) => [
    cell.noise,
    `+${100 * cell.effect} %`,
    percentWithin(tally.fail, checks),
    percentWithin(tally.pass, checks),
    percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
    percent(tally.held, checks),
  ]);
  return table(
    ['noise', 'effect', 'fail, %', 'pass, %', 'inconclusive, %', 'bounds hold, %'],
    rows,
  );
}

/** @param {Result[]} results */
function promises(results) {
  /**
   * @param {number} of
   * @param {'fail' | 'pass' | 'held'} what
   */
  const cells = (of, what) =>
    results
      .filter(({ cell }) => cell.effect === of)
      .map(({ cell, checks, tally }) => ({ name: cell.name, hits: tally[what] ?? 0, of: checks }));
  return [
    { promise: 'false fail of p95', wanted: '≤ 1 %', most: 0.01, cells: cells(0, 'fail') },
    {
      promise: 'power of p95 at +25 %',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells(0.25, 'fail').filter(({ name }) => name.startsWith('log-normal')),
    },
    {
      promise: 'false pass of p95 at +25 %',
      wanted: '≤ 1.5 %',
      most: 0.015,
      cells: cells(0.25, 'pass'),
    },
  ];
}
