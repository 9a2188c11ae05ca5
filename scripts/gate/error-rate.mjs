// Error rates: the exact McNemar test and Tango's bound, look after look.
import { shiftLimits } from '../../dist/gate/paired/change.js';
import { errorRateShift, verdictOf } from '../../dist/gate/paired/judge.js';
import { levelsOf } from '../../dist/gate/paired/metric-gate.js';
import { PairedGate } from '../../dist/gate/paired/paired-gate.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {{ name: string, rate: number, added: number, bursts: boolean, tests: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */

/** @type {import('../../src/gate/metric.ts').GatedMetric} */
const METRIC = { kind: 'error_rate', text: 'error_rate', better: 'lower' };
const LIMITS = shiftLimits(METRIC, DEFAULT_GATE);
const RATES = [0, 0.01, 0.05, 0.1];
const ADDED = [0, 0.05, 0.1, 0.2];
const CROSS_CHECK_EVERY = 100;

/** @param {{ added: number[], tests: number[] }} of */
function cellsOf({ added, tests }) {
  return tests.flatMap((count) =>
    [false, true].flatMap((bursts) =>
      RATES.flatMap((rate) =>
        added.map((points) => ({
          name: `${100 * rate} % + ${100 * points} points, K = ${count}${bursts ? ', in bursts' : ''}`,
          rate,
          added: points,
          bursts,
          tests: count,
        })),
      ),
    ),
  );
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const errorRate = {
  name: 'error-rate',
  title: 'Error rates',
  cells: cellsOf({ added: ADDED, tests: [1, 8] }),
  quickCells: cellsOf({ added: [0, 0.1], tests: [1] }),
  checks: { full: 10_000, quick: 500 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 * @param {number} check
 */
function simulate(cell, random, check) {
  const levels = levelsOf(METRIC, DEFAULT_GATE, cell.tests);
  const draw = failures(cell, random);
  /** @type {{ candidate: boolean, baseline: boolean }[]} */
  const pairs = [];
  let shift = { estimate: 0, low: -1, high: 1 };
  let verdict = 'inconclusive';
  for (const size of DEFAULT_GATE.looks) {
    while (pairs.length < size) pairs.push(draw());
    shift = errorRateShift(
      {
        pairs: size,
        candidateOnly: pairs.filter((pair) => pair.candidate && !pair.baseline).length,
        baselineOnly: pairs.filter((pair) => !pair.candidate && pair.baseline).length,
      },
      levels,
    );
    verdict = verdictOf(shift, LIMITS, undefined, size === DEFAULT_GATE.looks.at(-1));
    if (verdict !== 'inconclusive') break;
  }
  if (check % CROSS_CHECK_EVERY === 0) crossCheck(cell, pairs, verdict);
  return {
    fail: Number(verdict === 'fail'),
    pass: Number(verdict === 'pass'),
    pairs: pairs.length,
    held: Number(shift.low <= cell.added && cell.added <= shift.high),
  };
}

/**
 * In bursts: half of the pairs' common rate comes in states that ten pairs share on average.
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 */
function failures({ rate, added, bursts }, random) {
  let worse = false;
  return () => {
    if (bursts && random.next() < 0.1) worse = random.next() < 0.5;
    const common = bursts ? (worse ? 1.8 : 0.2) * rate : rate;
    const [candidate, baseline] = [random.next() < common + added, random.next() < common];
    return { candidate, baseline };
  };
}

/**
 * @param {Cell} cell
 * @param {{ candidate: boolean, baseline: boolean }[]} pairs
 * @param {string} verdict
 */
function crossCheck(cell, pairs, verdict) {
  const gate = new PairedGate([METRIC], DEFAULT_GATE, cell.tests);
  const records = pairs.map(({ candidate, baseline }) => ({
    candidate: recordOf(candidate),
    baseline: recordOf(baseline),
  }));
  let found = 'inconclusive';
  for (const size of gate.looks) {
    if (size <= records.length) {
      found = gate.look(records.slice(0, size), false)[0]?.verdict ?? 'none';
    }
  }
  if (found !== verdict) throw new Error(`counts give ${verdict}, records ${found}`);
}

/** @param {boolean} failed */
function recordOf(failed) {
  const record = { outcome: failed ? 'server_5xx' : 'ok', flags: [], censored: [], case_id: '1' };
  return /** @type {import('../../src/gate/paired/pair.ts').PairedRecord} */ (
    /** @type {unknown} */ (record)
  );
}

/** @param {Result[]} results */
function report(results) {
  const rows = results.map(({ cell, checks, tally }) => [
    `${100 * cell.rate} %${cell.bursts ? ', in bursts' : ''}`,
    `+${100 * cell.added} points`,
    String(cell.tests),
    percentWithin(tally.fail, checks),
    percentWithin(tally.pass, checks),
    percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
    ((tally.pairs ?? 0) / checks).toFixed(0),
    percent(tally.held, checks),
  ]);
  return table(
    [
      'both arms',
      'candidate',
      'K',
      'fail, %',
      'pass, %',
      'inconclusive, %',
      'pairs, mean',
      'bounds hold, %',
    ],
    rows,
  );
}

/** @param {Result[]} results */
function promises(results) {
  /**
   * @param {number} of
   * @param {'fail' | 'pass'} what
   */
  const cells = (of, what) =>
    results
      .filter(({ cell }) => cell.added === of)
      .map(({ cell, checks, tally }) => ({ name: cell.name, hits: tally[what] ?? 0, of: checks }));
  return [
    {
      promise: 'false fail of an error rate',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(0, 'fail'),
    },
    {
      promise: 'false pass at +10 points',
      wanted: '≤ 1.5 %',
      most: 0.015,
      cells: cells(0.1, 'pass'),
    },
  ];
}
