// Medians: false fails, power and false passes of a whole check of one to eight metrics.
import { betterOf } from '../../dist/gate/metric.js';
import { shiftLimits } from '../../dist/gate/paired/change.js';
import { medianShift, verdictOf } from '../../dist/gate/paired/judge.js';
import { Looks } from '../../dist/gate/paired/looks.js';
import { levelsOf } from '../../dist/gate/paired/metric-gate.js';
import { PairedGate } from '../../dist/gate/paired/paired-gate.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { NOISES, SimulatedPairs } from './pairs.mjs';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {{ name: string, noise: string, metrics: number, effect: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */
/** @typedef {import('../../src/gate/metric.ts').GatedMetric} GatedMetric */

const COUNTS = [1, 2, 4, 8];
/** What changed by less, or by more, than the limits: fewer cells tell the story. */
const OTHER_EFFECTS = [0.03, 0.05, 0.2];
const OTHERS = {
  noises: Object.keys(NOISES).filter((_, index) => [0, 2, 4, 5, 8, 10].includes(index)),
  counts: [1, 8],
};
/** Every so many checks the records' own way is gone too, and has to end in the same verdicts. */
const CROSS_CHECK_EVERY = 100;

/** @type {GatedMetric[]} */
const METRICS = /** @type {const} */ ([
  'ttft_ms',
  'tpot_ms',
  'decode_tokens_per_second',
  'e2e_ms',
  'ttfat_ms',
  'itl_ms_p50',
  'chunk_gap_ms_p50',
  'e2e_tokens_per_second',
]).map((metric) => ({
  kind: 'quantile',
  text: `${metric}:p(50)`,
  metric,
  p: 0.5,
  better: betterOf(metric),
}));

/** @param {{ effects: number[], noises?: string[], counts?: number[] }} of */
function cellsOf({ effects, noises = Object.keys(NOISES), counts = COUNTS }) {
  return effects.flatMap((effect) =>
    noises.flatMap((noise) =>
      counts.map((metrics) => ({
        name: `${noise}, K = ${metrics}, +${100 * effect} %`,
        noise,
        metrics,
        effect,
      })),
    ),
  );
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const paired = {
  name: 'paired',
  title: 'Medians',
  cells: [...cellsOf({ effects: [0, 0.1] }), ...cellsOf({ ...OTHERS, effects: OTHER_EFFECTS })],
  quickCells: cellsOf({ counts: [1, 8], effects: [0, 0.1] }),
  checks: { full: 10_000, quick: 250 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 * @param {number} check
 */
function simulate({ noise, metrics: count, effect }, random, check) {
  const metrics = METRICS.slice(0, count);
  const most = /** @type {number} */ (DEFAULT_GATE.looks.at(-1));
  const pairs = new SimulatedPairs(
    /** @type {import('./pairs.mjs').Noise} */ (NOISES[noise]),
    { metrics: count, most, effect },
    random,
  );
  const gates = metrics.map((metric, index) => new ArrayGate(metric, index, count));
  for (const size of DEFAULT_GATE.looks) {
    if (gates.every((gate) => gate.decided)) break;
    pairs.growTo(size);
    for (const gate of gates) gate.look(pairs);
  }
  if (check % CROSS_CHECK_EVERY === 0) crossCheck(gates, pairs, metrics);
  return tallyOf(gates, pairs.size, effect);
}

/** One metric's gate over arrays, with the parts that the gate over records is made of. */
class ArrayGate {
  decided = false;
  verdict = 'inconclusive';
  /** @type {import('../../src/gate/paired/judge.ts').Shift} */
  shift = { estimate: Number.NaN, low: -Infinity, high: Infinity };
  #looks = new Looks(DEFAULT_GATE.looks);
  #limits;
  #levels;
  #index;

  /**
   * @param {GatedMetric} metric
   * @param {number} index
   * @param {number} tests
   */
  constructor(metric, index, tests) {
    this.#limits = shiftLimits(metric, DEFAULT_GATE);
    this.#levels = levelsOf(metric, DEFAULT_GATE, tests);
    this.#index = index;
  }

  /** @param {SimulatedPairs} pairs */
  look(pairs) {
    if (this.decided || !this.#looks.take(pairs.size, false)) return;
    const differences = pairs.differences(this.#index);
    this.shift = medianShift(differences, this.#levels);
    const counted = { pairs: differences.length, sent: pairs.size };
    this.verdict = verdictOf(this.shift, this.#limits, counted, this.#looks.over);
    this.decided = this.verdict !== 'inconclusive' || this.#looks.over;
  }
}

/**
 * @param {ArrayGate[]} gates
 * @param {SimulatedPairs} pairs
 * @param {GatedMetric[]} metrics
 */
function crossCheck(gates, pairs, metrics) {
  const gate = new PairedGate(metrics, DEFAULT_GATE, metrics.length);
  const records = pairs.records(metrics);
  /** @type {import('../../src/gate/paired/paired-gate.ts').PairedFinding[]} */
  let findings = [];
  for (const size of gate.looks) {
    if (size <= pairs.size) findings = gate.look(records.slice(0, size), false);
  }
  const [byArrays, byRecords] = [gates, findings].map((of) => of.map(({ verdict }) => verdict));
  if (String(byArrays) !== String(byRecords)) {
    throw new Error(`arrays give ${byArrays}, records ${byRecords}`);
  }
}

/**
 * @param {ArrayGate[]} gates
 * @param {number} pairs
 * @param {number} effect
 */
function tallyOf(gates, pairs, effect) {
  const verdicts = gates.map(({ verdict }) => verdict);
  const fail = verdicts.includes('fail');
  const pass = verdicts.every((verdict) => verdict === 'pass');
  const held = gates.filter(({ shift: { low, high } }, index) => {
    const truth = index === 0 ? Math.log1p(effect) : 0;
    return low <= truth && truth <= high;
  });
  return {
    fail: Number(fail),
    pass: Number(pass),
    pairs,
    held: held.length,
    bounds: gates.length,
  };
}

/** @param {Result[]} results */
function report(results) {
  return [
    '### Nothing changed (A/A)',
    effectTable(results, 0, 'false fail'),
    '### One of the metrics is 10 % worse',
    'Both limits meet here: a fail is right, a pass is wrong.',
    effectTable(results, 0.1, 'fail (power)'),
    '### One of the metrics is 3, 5 or 20 % worse',
    'Fail / pass / inconclusive, in per cent of the checks; then the mean number of pairs.',
    otherEffects(results),
  ].join('\n\n');
}

/**
 * @param {Result[]} results
 * @param {number} effect
 * @param {string} fail
 */
function effectTable(results, effect, fail) {
  const rows = results
    .filter(({ cell }) => cell.effect === effect)
    .map(({ cell, checks, tally }) => [
      cell.noise,
      String(cell.metrics),
      percentWithin(tally.fail, checks),
      effect > 0 ? percentWithin(tally.pass, checks) : percent(tally.pass, checks),
      percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
      ((tally.pairs ?? 0) / checks).toFixed(0),
      percent(tally.held, tally.bounds ?? 0),
    ]);
  const pass = effect > 0 ? 'false pass' : 'pass';
  return table(
    ['noise', 'K', `${fail}, %`, `${pass}, %`, 'inconclusive, %', 'pairs, mean', 'bounds hold, %'],
    rows,
  );
}

/** @param {Result[]} results */
function otherEffects(results) {
  const rows = cellsOf({ ...OTHERS, effects: [0] }).map(({ noise, metrics }) => [
    noise,
    String(metrics),
    ...OTHER_EFFECTS.flatMap((effect) => {
      const found = results.find(
        ({ cell }) => cell.noise === noise && cell.metrics === metrics && cell.effect === effect,
      );
      if (found === undefined) return ['', ''];
      const { checks, tally } = found;
      const [fail, pass] = [tally.fail ?? 0, tally.pass ?? 0];
      return [
        [fail, pass, checks - fail - pass].map((hits) => percent(hits, checks)).join(' / '),
        ((tally.pairs ?? 0) / checks).toFixed(0),
      ];
    }),
  ]);
  const head = OTHER_EFFECTS.flatMap((effect) => [`+${100 * effect} %`, 'pairs']);
  return table(['noise', 'K', ...head], rows);
}

/** @param {Result[]} results */
function promises(results) {
  /**
   * @param {(cell: Cell) => boolean} isMeant
   * @param {'fail' | 'pass'} what
   */
  const cells = (isMeant, what) =>
    results
      .filter(({ cell }) => isMeant(cell))
      .map(({ cell, checks, tally }) => ({
        name: cell.name,
        hits: tally[what] ?? 0,
        of: checks,
      }));
  /** @param {Cell} cell */
  const spreadOf = ({ noise }) => Number(/^log-normal, s = ([\d.]+)$/.exec(noise)?.[1] ?? Infinity);
  return [
    {
      promise: 'false fail, all gated metrics of a check together, every noise',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(({ effect }) => effect === 0, 'fail'),
    },
    {
      promise: 'A/A checks that end in pass, s ≤ 0.25, K ≤ 8',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells((cell) => cell.effect === 0 && spreadOf(cell) <= 0.25, 'pass'),
    },
    {
      promise: 'power at +10 %, s ≤ 0.25, K = 1',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells(
        (cell) => cell.effect === 0.1 && cell.metrics === 1 && spreadOf(cell) <= 0.25,
        'fail',
      ),
    },
    {
      promise: 'power at +10 %, s ≤ 0.20, K ≤ 8',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells((cell) => cell.effect === 0.1 && spreadOf(cell) <= 0.2, 'fail'),
    },
    {
      promise: 'false pass at +10 %, every noise',
      wanted: '≤ 1.5 %',
      most: 0.015,
      cells: cells(({ effect }) => effect === 0.1, 'pass'),
    },
    {
      promise: 'both bounds of a finding hold',
      wanted: '≥ 98 %',
      least: 0.98,
      cells: results.map(({ cell, tally }) => ({
        name: cell.name,
        hits: tally.held ?? 0,
        of: tally.bounds ?? 0,
      })),
    },
  ];
}
