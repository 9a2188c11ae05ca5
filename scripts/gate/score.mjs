// Scores: McNemar's exact test and Tango's bounds over the differences of cases, look after look.
import { shiftLimits } from '../../dist/gate/paired/change.js';
import { scoreShift, verdictOf } from '../../dist/gate/paired/judge.js';
import { levelsOf } from '../../dist/gate/paired/metric-gate.js';
import { PairedGate } from '../../dist/gate/paired/paired-gate.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {'own' | 'repeated' | 'partial'} Kind */
/** @typedef {{ name: string, kind: Kind, differing: number, loss: number, tests: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */
/** @typedef {{ caseId: string, repeat: number, candidate: number, baseline: number }} Drawn */

/** @type {import('../../src/gate/metric.ts').GatedMetric} */
const METRIC = { kind: 'grade', text: 'score', better: 'higher' };
const LIMITS = shiftLimits(METRIC, DEFAULT_GATE);
const DIFFERING = [0.05, 0.1, 0.2, 0.3];
const LOSSES = [0, 0.05, 0.1, 0.2];
/** A check of one model by its three metrics watches its score and its ungraded answers besides. */
const USUAL_TESTS = 5;
/** A case that is sent so often differs in all passes alike, but for one in ten. */
const PASSES = 4;
const OWN_MIND = 0.1;
const SIZES = [0.25, 0.5, 0.75, 1];
const MEAN_SIZE = 0.625;
const CROSS_CHECK_EVERY = 100;

/** @type {Record<Kind, string>} */
const KINDS = {
  own: 'right or wrong, each pair a case of its own',
  repeated: `right or wrong, each case ${PASSES} times`,
  partial: 'partial scores',
};

/** @param {{ kinds: Kind[], losses: number[], tests: number[] }} of */
function cellsOf({ kinds, losses, tests }) {
  return kinds.flatMap((kind) =>
    DIFFERING.flatMap((differing) =>
      losses.flatMap((loss) =>
        tests.map((count) => ({
          name: `${KINDS[kind]}, ${100 * differing} % differ, −${100 * loss} points, K = ${count}`,
          kind,
          differing,
          loss,
          tests: count,
        })),
      ),
    ),
  );
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const score = {
  name: 'score',
  title: 'Scores',
  cells: [
    ...cellsOf({ kinds: ['own'], losses: LOSSES, tests: [1, USUAL_TESTS] }),
    ...cellsOf({ kinds: ['repeated', 'partial'], losses: [0, 0.1], tests: [1] }),
  ],
  quickCells: cellsOf({ kinds: ['own', 'repeated'], losses: [0, 0.1], tests: [1] }),
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
function simulate(cell, random, check) {
  const levels = levelsOf(METRIC, DEFAULT_GATE, cell.tests);
  const most = /** @type {number} */ (DEFAULT_GATE.looks.at(-1));
  const draw = drawing(cell, most, random);
  /** @type {Drawn[]} */
  const pairs = [];
  let shift = { estimate: 0, low: -1, high: 1 };
  let verdict = 'inconclusive';
  for (const size of DEFAULT_GATE.looks) {
    while (pairs.length < size) pairs.push(draw(pairs.length));
    shift = scoreShift(differencesOf(pairs), levels);
    verdict = verdictOf(shift, LIMITS, undefined, size === most);
    if (verdict !== 'inconclusive') break;
  }
  if (check % CROSS_CHECK_EVERY === 0) crossCheck(cell, pairs, verdict);
  return {
    fail: Number(verdict === 'fail'),
    pass: Number(verdict === 'pass'),
    pairs: pairs.length,
    held: Number(shift.low <= cell.loss && cell.loss <= shift.high),
  };
}

/**
 * Of answers that differ as often one way as the other in `differing` of the pairs, and are worse in so
 * many more as make the loss.
 * @param {Cell} cell
 * @param {number} most
 * @param {import('./sections.mjs').Random} random
 * @returns {(index: number) => Drawn}
 */
function drawing({ kind, differing, loss }, most, random) {
  const size = kind === 'partial' ? MEAN_SIZE : 1;
  const [worse, better] = [(differing / 2 + loss) / size, differing / 2 / size];
  const signOf = () => {
    const drawn = random.next();
    return drawn < worse ? 1 : drawn < worse + better ? -1 : 0;
  };
  const cases = kind === 'repeated' ? most / PASSES : most;
  const signs = Array.from({ length: cases }, signOf);
  return (index) => {
    const number = index % cases;
    const own = kind === 'repeated' && random.next() < OWN_MIND;
    const sign = own ? signOf() : /** @type {number} */ (signs[number]);
    const by = kind === 'partial' ? random.pick(SIZES) : 1;
    return {
      caseId: `c${number}`,
      repeat: Math.floor(index / cases),
      candidate: sign === 1 ? 1 - by : 1,
      baseline: sign === -1 ? 1 - by : 1,
    };
  };
}

/** @param {Drawn[]} pairs */
function differencesOf(pairs) {
  /** @type {Map<string, number[]>} */
  const byCase = new Map();
  for (const { caseId, candidate, baseline } of pairs) {
    const known = byCase.get(caseId);
    if (known === undefined) byCase.set(caseId, [baseline - candidate]);
    else known.push(baseline - candidate);
  }
  return Float64Array.from(
    byCase.values(),
    (passes) => passes.reduce((sum, one) => sum + one, 0) / passes.length,
  );
}

/**
 * @param {Cell} cell
 * @param {Drawn[]} pairs
 * @param {string} verdict
 */
function crossCheck(cell, pairs, verdict) {
  const gate = new PairedGate([METRIC], DEFAULT_GATE, cell.tests);
  const records = pairs.map(({ candidate, baseline, ...of }) => ({
    candidate: recordOf(candidate, of),
    baseline: recordOf(baseline, of),
  }));
  let found = 'inconclusive';
  for (const size of gate.looks) {
    if (size <= records.length) {
      found = gate.look(records.slice(0, size), false)[0]?.verdict ?? 'none';
    }
  }
  if (found !== verdict) throw new Error(`differences give ${verdict}, records ${found}`);
}

/**
 * @param {number} of
 * @param {{ caseId: string, repeat: number }} place
 */
function recordOf(of, { caseId, repeat }) {
  const grade = {
    case_id: caseId,
    repeat,
    turn: 0,
    graded_turns: 1,
    grade: of === 1 ? 'right' : 'wrong',
    score: of,
    reason: null,
  };
  const record = { outcome: 'ok', flags: [], censored: [], case_id: caseId, repeat, grade };
  return /** @type {import('../../src/gate/paired/pair.ts').PairedRecord} */ (
    /** @type {unknown} */ (record)
  );
}

/** @param {Result[]} results */
function report(results) {
  const rows = results.map(({ cell, checks, tally }) => [
    KINDS[cell.kind],
    `${100 * cell.differing} %`,
    cell.loss === 0 ? 'equal' : `−${100 * cell.loss} points`,
    String(cell.tests),
    percentWithin(tally.fail, checks),
    percentWithin(tally.pass, checks),
    percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
    ((tally.pairs ?? 0) / checks).toFixed(0),
    percent(tally.held, checks),
  ]);
  return table(
    [
      'answers',
      'differ by chance',
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
   * @param {(cell: Cell) => boolean} isMeant
   * @param {'fail' | 'pass'} what
   */
  const cells = (isMeant, what) =>
    results
      .filter(({ cell }) => isMeant(cell))
      .map(({ cell, checks, tally }) => ({
        name: cell.name.replace('−0 points', 'equal'),
        hits: tally[what] ?? 0,
        of: checks,
      }));
  return [
    {
      promise: 'false fail of a score',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(({ loss }) => loss === 0, 'fail'),
    },
    {
      promise: 'false pass of a score at −10 points or worse',
      wanted: '≤ 1.5 %',
      most: 0.015,
      cells: cells(({ loss }) => loss >= 0.1, 'pass'),
    },
    {
      promise: 'power at −10 points, where up to 10 % of pairs differ by chance, K = 1',
      wanted: '≥ 90 %',
      least: 0.9,
      cells: cells(
        ({ kind, differing, loss, tests }) =>
          kind === 'own' && differing <= 0.1 && loss === 0.1 && tests === 1,
        'fail',
      ),
    },
    {
      promise: 'power at −20 points, K = 5',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells(
        ({ kind, loss, tests }) => kind === 'own' && loss === 0.2 && tests === USUAL_TESTS,
        'fail',
      ),
    },
  ].filter((one) => one.cells.length > 0);
}
