// Limits on scores: exact bounds of a mean of answers against a limit, cases sent once or several times.
import { readGradeLimit } from '../../dist/gate/limits/grade-limit.js';
import { LimitGate } from '../../dist/gate/limits/limit-gate.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { Summariser } from '../../dist/metrics/summary.js';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {'own' | 'alike' | 'mixed' | 'partial'} Kind */
/**
 * @typedef {object} Cell
 * @property {string} name
 * @property {Kind} kind
 * @property {number} limit
 * @property {number} gap of the true score above its limit
 * @property {number} cases
 * @property {number} tests findings of the check
 */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */
/** @typedef {import('./sections.mjs').Random} Random */

/** Of cases that are sent several times. */
const PASSES = 4;
const CROSS_CHECK_EVERY = 100;

/** @type {Record<Kind, string>} */
const KINDS = {
  own: 'right or wrong, each case once',
  alike: `each case ${PASSES} times, all alike`,
  mixed: `each case ${PASSES} times, with odds of its own`,
  partial: 'partial scores, each case once',
};
const KIND_NAMES = /** @type {Kind[]} */ (Object.keys(KINDS));
const LIMITS = [0.8, 0.95];
const GAPS = [-0.2, -0.1, 0, 0.04];

/** @param {{ kinds: Kind[], limits: number[], gaps: number[], cases: number[], tests: number }} of */
function cellsOf({ kinds, limits, gaps, cases: sizes, tests }) {
  return kinds.flatMap((kind) =>
    limits.flatMap((limit) =>
      gaps.flatMap((gap) =>
        sizes.map((cases) => ({
          name: `${KINDS[kind]}, limit ${limit}, ${gapText(gap)}, ${cases} cases, K = ${tests}`,
          kind,
          limit,
          gap,
          cases,
          tests,
        })),
      ),
    ),
  );
}

/** @param {number} gap */
function gapText(gap) {
  return gap === 0 ? 'at it' : `${gap < 0 ? '−' : '+'}${Math.round(100 * Math.abs(gap))} points`;
}

/** @type {import('./sections.mjs').Section<Cell>} */
export const scoreLimits = {
  name: 'score-limits',
  title: 'Limits on scores',
  cells: [
    ...cellsOf({ kinds: KIND_NAMES, limits: LIMITS, gaps: GAPS, cases: [100, 400], tests: 1 }),
    ...cellsOf({ kinds: KIND_NAMES, limits: LIMITS, gaps: [0], cases: [100], tests: 8 }),
    ...cellsOf({ kinds: KIND_NAMES, limits: LIMITS, gaps: [0], cases: [25], tests: 1 }),
  ],
  quickCells: cellsOf({
    kinds: KIND_NAMES,
    limits: [0.8],
    gaps: [-0.2, 0],
    cases: [100],
    tests: 1,
  }),
  checks: { full: 10_000, quick: 250 },
  simulate,
  report,
  promises,
};

/**
 * One look at a run that is over, which is where the level is α.
 * @param {Cell} cell
 * @param {Random} random
 * @param {number} check
 */
function simulate(cell, random, check) {
  const { scores, cases } = answersOf(cell, random);
  const { alpha } = DEFAULT_GATE;
  const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const threshold = thresholdOf(cell);
  const { verdict } = readGradeLimit(
    threshold,
    { kind: 'grade', name: 'score' },
    /** @type {any} */ ({
      row: {
        grades: { right: scores.length, wrong: 0, ungraded: 0, ungraded_reasons: {} },
        estimates: { score: { value: mean, low: null, high: null, n: scores.length } },
      },
      samples: {
        grades: {
          marks: { entries: () => scores },
          scores: { entries: () => scores },
          keys: { cases: () => cases },
        },
      },
    }),
    { fail: alpha / cell.tests, pass: alpha },
  );
  if (check % CROSS_CHECK_EVERY === 0) crossCheck(cell, scores, cases, verdict);
  return { fail: Number(verdict === 'fail'), pass: Number(verdict === 'pass') };
}

/**
 * The scores of all answers, a case's behind one another, and which case each is of.
 * @param {Cell} cell
 * @param {Random} random
 */
function answersOf({ kind, limit, gap, cases }, random) {
  const score = limit + gap;
  const passes = kind === 'alike' || kind === 'mixed' ? PASSES : 1;
  const scores = new Float64Array(cases * passes);
  for (let number = 0; number < cases; number++) {
    const odds = kind === 'mixed' ? oddsOf(score, random) : score;
    const first = random.next() < odds;
    for (let pass = 0; pass < passes; pass++) {
      const right = kind === 'mixed' && pass > 0 ? random.next() < odds : first;
      scores[number * passes + pass] = kind === 'partial' ? partOf(score, random) : Number(right);
    }
  }
  return { scores, cases: Uint32Array.from(scores, (_, index) => Math.floor(index / passes)) };
}

/**
 * Of a case: half of them are never in doubt, the others are as hard as gives the score.
 * @param {number} score
 * @param {Random} random
 */
function oddsOf(score, random) {
  const hard = 2 * score - 1;
  return random.next() < 0.5 ? 1 : hard;
}

/**
 * Four parts, each of them right or wrong.
 * @param {number} score
 * @param {Random} random
 */
function partOf(score, random) {
  return [1, 2, 3, 4].reduce((sum) => sum + Number(random.next() < score), 0) / 4;
}

/**
 * @param {Cell} cell
 * @returns {import('../../src/gate/thresholds.ts').Threshold}
 */
function thresholdOf({ limit }) {
  return {
    text: '',
    observed: { kind: 'grade', name: 'score' },
    operator: '>=',
    limit,
    scope: {},
  };
}

/**
 * The same by whole records and the gate itself.
 * @param {Cell} cell
 * @param {Float64Array} scores
 * @param {Uint32Array} cases
 * @param {string} verdict
 */
function crossCheck(cell, scores, cases, verdict) {
  const gate = new LimitGate([thresholdOf(cell)], { ...DEFAULT_GATE, looks: [1] }, cell.tests);
  const summariser = new Summariser({});
  scores.forEach((score, index) => {
    const place = {
      request_id: `r${index}`,
      target: 'target',
      model: 'model',
      suite: 'suite',
      case_id: `case-${cases[index]}`,
      repeat: index % PASSES,
      phase: 'measure',
    };
    summariser.add(recordOf(place, index));
    summariser.addGrade(gradeOf(place, score));
  });
  const [evidence] = summariser.evidence([]);
  const found = evidence && gate.look(evidence, true)[0]?.verdict;
  if (found !== verdict) throw new Error(`scores give ${verdict}, records ${found}`);
}

/**
 * @param {object} place
 * @param {number} at
 */
function recordOf(place, at) {
  const record = {
    ...place,
    outcome: 'ok',
    error_message: null,
    started_ms: at,
    ended_ms: at,
    flags: [],
    censored: [],
    output_tokens: null,
    prompt_tokens: null,
    reasoning_tokens: null,
    token_difference: null,
    cost_usd: null,
  };
  return /** @type {import('../../src/metrics/types.ts').RequestRecord} */ (
    /** @type {unknown} */ (record)
  );
}

/**
 * @param {object} place
 * @param {number} score
 */
function gradeOf(place, score) {
  const grade = {
    ...place,
    turn: 0,
    graded_turns: 1,
    grade: score === 1 ? 'right' : 'wrong',
    score,
    reason: null,
    answer: null,
    expected: null,
    graders: [],
  };
  return /** @type {import('../../src/score/types.ts').Grade} */ (/** @type {unknown} */ (grade));
}

/** @param {Result[]} results */
function report(results) {
  const rows = results.map(({ cell, checks, tally }) => [
    KINDS[cell.kind],
    `≥ ${100 * cell.limit} %`,
    gapText(cell.gap),
    String(cell.cases),
    String(cell.tests),
    percentWithin(tally.fail, checks),
    percentWithin(tally.pass, checks),
    percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
  ]);
  return table(
    ['answers', 'limit', 'true score', 'cases', 'K', 'fail, %', 'pass, %', 'inconclusive, %'],
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
      .map(({ cell, checks, tally }) => ({ name: cell.name, hits: tally[what] ?? 0, of: checks }));
  return [
    {
      promise: 'false fail, the score at its limit or above',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(({ gap }) => gap >= 0, 'fail'),
    },
    {
      promise: 'false pass, the score at its limit or below',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(({ gap }) => gap <= 0, 'pass'),
    },
    {
      promise: 'a score 20 points below its limit fails, 100 cases or more',
      wanted: '≥ 95 %',
      least: 0.95,
      cells: cells(({ gap, cases }) => gap === -0.2 && cases >= 100, 'fail'),
    },
  ].filter((one) => one.cells.length > 0);
}
