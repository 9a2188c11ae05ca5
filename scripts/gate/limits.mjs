// Limits: bounds of a figure against a limit, look after look, and at the one look of a stored run.
import { LimitGate } from '../../dist/gate/limits/limit-gate.js';
import { readQuantileLimit } from '../../dist/gate/limits/quantile-limit.js';
import { readShareLimit } from '../../dist/gate/limits/share-limit.js';
import { DEFAULT_GATE } from '../../dist/gate/settings.js';
import { Column } from '../../dist/metrics/column.js';
import { Summariser } from '../../dist/metrics/summary.js';
import { normalQuantile } from '../../dist/stats/normal.js';
import { percent, percentWithin, table } from './table.mjs';

/**
 * @typedef {object} Cell
 * @property {string} name
 * @property {string} source of the samples
 * @property {number | null} p the quantile that is limited; null for the error rate
 * @property {number} ratio the true figure over the limit
 * @property {number[]} looks requests
 * @property {number} tests findings of the check
 */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */
/** @typedef {import('./sections.mjs').Random} Random */

const SPREAD = 0.3;
const RHO = 0.6;
const TAIL_INDEX = 4;
/** Of the error rate. */
const LIMIT = 0.01;
const CROSS_CHECK_EVERY = 200;

/**
 * Latencies one after another, and their true quantiles.
 * @type {Record<string, { next: (random: Random) => () => number, quantile: (p: number) => number }>}
 */
const LATENCIES = {
  'log-normal': {
    next: (random) => () => Math.exp(SPREAD * random.normal()),
    quantile: (p) => Math.exp(SPREAD * normalQuantile(p)),
  },
  'heavy tails': {
    next: (random) => () => (1 - random.next()) ** (-1 / TAIL_INDEX),
    quantile: (p) => (1 - p) ** (-1 / TAIL_INDEX),
  },
  'AR(1), ρ = 0.6': {
    next: (random) => {
      let value = random.normal();
      return () => {
        const now = value;
        value = RHO * value + Math.sqrt(1 - RHO * RHO) * random.normal();
        return Math.exp(SPREAD * now);
      };
    },
    quantile: (p) => Math.exp(SPREAD * normalQuantile(p)),
  },
};

/** @type {Record<string, (rate: number, random: Random) => () => boolean>} */
const FAILURES = {
  independent: (rate, random) => () => random.next() < rate,
  'in bursts': (rate, random) => {
    let failed = random.next() < rate;
    return () => {
      if (random.next() >= RHO) failed = random.next() < rate;
      return failed;
    };
  },
};

/**
 * After how many requests each is looked at: as many as a run of that purpose would send, then twice
 * as many, and four times.
 */
const LOOKS = { 0.5: [100, 200, 400], 0.95: [250, 500, 1000], 0.99: [600, 1200, 2400] };
const ERROR_LOOKS = [250, 500, 1000];
const RATIOS = [0.8, 0.9, 1, 1.1, 1.2];
const ERROR_RATIOS = [0.2, 0.5, 0.8, 1, 1.2, 2, 4];

/**
 * @param {{ source: string, p: number, looks?: number[], ratios: number[], tests?: number }} of
 * @returns {Cell[]}
 */
function quantileCells({ source, p, looks, ratios, tests = 1 }) {
  const own = looks ?? LOOKS[/** @type {keyof typeof LOOKS} */ (p)];
  return ratios.map((ratio) => cellOf({ source, p, ratio, looks: own, tests }));
}

/**
 * @param {{ source: string, looks?: number[], ratios: number[], tests?: number }} of
 * @returns {Cell[]}
 */
function errorCells({ source, looks = ERROR_LOOKS, ratios, tests = 1 }) {
  return ratios.map((ratio) => cellOf({ source, p: null, ratio, looks, tests }));
}

/** @param {Omit<Cell, 'name'>} cell */
function cellOf(cell) {
  const { source, ratio, looks, tests } = cell;
  const name = `${metricOf(cell)}, ${source}, ${ratio} × limit, ${looks.join('/')}, K = ${tests}`;
  return { name, ...cell };
}

const [LOG_NORMAL, HEAVY, DEPENDENT] = /** @type {[string, string, string]} */ (
  Object.keys(LATENCIES)
);
const [INDEPENDENT, BURSTS] = /** @type {[string, string]} */ (Object.keys(FAILURES));
const AT_LIMIT = [1];

/** @type {import('./sections.mjs').Section<Cell>} */
export const limits = {
  name: 'limits',
  title: 'Limits',
  cells: [
    ...[LOG_NORMAL, HEAVY, DEPENDENT].flatMap((source) =>
      [0.5, 0.95].flatMap((p) => quantileCells({ source, p, ratios: RATIOS })),
    ),
    ...quantileCells({ source: LOG_NORMAL, p: 0.99, ratios: RATIOS }),
    ...quantileCells({ source: DEPENDENT, p: 0.99, ratios: [0.8, 1, 1.2] }),
    ...[INDEPENDENT, BURSTS].flatMap((source) => errorCells({ source, ratios: ERROR_RATIOS })),
    // Of eight findings.
    ...[0.5, 0.95, 0.99].flatMap((p) =>
      quantileCells({ source: LOG_NORMAL, p, ratios: AT_LIMIT, tests: 8 }),
    ),
    ...[0.5, 0.95].flatMap((p) =>
      quantileCells({ source: DEPENDENT, p, ratios: AT_LIMIT, tests: 8 }),
    ),
    ...errorCells({ source: INDEPENDENT, ratios: AT_LIMIT, tests: 8 }),
    // Stored runs.
    ...[LOG_NORMAL, DEPENDENT].flatMap((source) =>
      [0.5, 0.95].flatMap((p) =>
        [50, 200, 1000].flatMap((size) =>
          quantileCells({ source, p, looks: [size], ratios: AT_LIMIT }),
        ),
      ),
    ),
    ...quantileCells({ source: LOG_NORMAL, p: 0.99, looks: [1000], ratios: AT_LIMIT }),
    ...[INDEPENDENT, BURSTS].flatMap((source) =>
      [50, 1000].flatMap((size) => errorCells({ source, looks: [size], ratios: AT_LIMIT })),
    ),
  ],
  quickCells: [
    ...[LOG_NORMAL, DEPENDENT].flatMap((source) =>
      [0.5, 0.95].flatMap((p) => quantileCells({ source, p, ratios: [1, 1.2] })),
    ),
    ...quantileCells({ source: HEAVY, p: 0.99, ratios: [1] }),
    ...[INDEPENDENT, BURSTS].flatMap((source) => errorCells({ source, ratios: [1, 4] })),
  ],
  checks: { full: 10_000, quick: 500 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {Random} random
 * @param {number} check
 */
function simulate(cell, random, check) {
  const draw = cell.p === null ? failuresOf(cell, random) : latenciesOf(cell, random);
  const samples = new Column();
  let verdict = 'inconclusive';
  for (const size of cell.looks) {
    while (samples.count < size) samples.push(draw());
    verdict = verdictOf(cell, samples);
    if (verdict !== 'inconclusive') break;
  }
  if (check % CROSS_CHECK_EVERY === 0) crossCheck(cell, samples, verdict);
  return {
    fail: Number(verdict === 'fail'),
    pass: Number(verdict === 'pass'),
    requests: samples.count,
  };
}

/**
 * As multiples of the limit, times 1000.
 * @param {Cell} cell
 * @param {Random} random
 */
function latenciesOf({ source, p, ratio }, random) {
  const { next, quantile } = /** @type {(typeof LATENCIES)[string]} */ (LATENCIES[source]);
  const draw = next(random);
  const scale = (1000 * ratio) / quantile(/** @type {number} */ (p));
  return () => scale * draw();
}

/**
 * @param {Cell} cell
 * @param {Random} random
 */
function failuresOf({ source, ratio }, random) {
  const of = /** @type {(typeof FAILURES)[string]} */ (FAILURES[source]);
  const draw = of(ratio * LIMIT, random);
  return () => Number(draw());
}

/** @param {Cell} cell */
function levelsOf({ looks, tests }) {
  const { alpha } = DEFAULT_GATE;
  return { fail: alpha / (looks.length * tests), pass: alpha / looks.length };
}

/**
 * @param {Pick<Cell, 'p'>} cell
 * @returns {import('../../src/gate/thresholds.ts').Threshold}
 */
function thresholdOf({ p }) {
  return {
    text: '',
    observed:
      p === null
        ? { kind: 'share', name: 'error_rate' }
        : { kind: 'quantile', metric: 'ttft_ms', p },
    operator: '<',
    limit: p === null ? LIMIT : 1000,
    scope: {},
  };
}

/**
 * By the parts of a verdict, on the samples alone.
 * @param {Cell} cell
 * @param {Column} samples
 */
function verdictOf(cell, samples) {
  const threshold = thresholdOf(cell);
  const { observed } = threshold;
  const failed = samples.entries().reduce((sum, one) => sum + one, 0);
  const value = { value: failed / samples.count, low: null, high: null, n: samples.count };
  const evidence = /** @type {any} */ ({
    row: { requests: { ok: samples.count }, estimates: { error_rate: value } },
    samples: { columns: { ttft_ms: samples }, failures: samples },
  });
  // They come in the order of time as it is.
  const timeline = /** @type {any} */ ({
    samplesOf: (/** @type {Column} */ column) => ({ series: column.entries(), clusters: null }),
  });
  const levels = levelsOf(cell);
  if (observed.kind === 'quantile') {
    return readQuantileLimit(threshold, observed, evidence, timeline, levels).verdict;
  }
  if (observed.kind !== 'share') throw new Error('no such limit here');
  return readShareLimit(threshold, observed, evidence, timeline, levels).verdict;
}

/**
 * The same by whole records and the gate itself.
 * @param {Cell} cell
 * @param {Column} samples
 * @param {string} verdict
 */
function crossCheck(cell, samples, verdict) {
  const gate = new LimitGate(
    [thresholdOf(cell)],
    { ...DEFAULT_GATE, looks: cell.looks },
    cell.tests,
  );
  const summariser = new Summariser({});
  const entries = samples.entries();
  let found = 'none';
  cell.looks.forEach((size, look) => {
    if (size > entries.length || gate.decided) return;
    for (let at = look === 0 ? 0 : (cell.looks[look - 1] ?? 0); at < size; at++) {
      summariser.add(recordOf(cell, at, entries[at] ?? 0));
    }
    const [evidence] = summariser.evidence([]);
    if (evidence !== undefined) found = gate.look(evidence, false)[0]?.verdict ?? 'none';
  });
  if (found !== verdict) throw new Error(`samples give ${verdict}, records ${found}`);
}

/**
 * @param {Cell} cell
 * @param {number} at
 * @param {number} sample
 */
function recordOf({ p }, at, sample) {
  const failed = p === null && sample === 1;
  const record = {
    target: 'target',
    model: 'model',
    suite: 'suite',
    case_id: `case-${at}`,
    phase: 'measure',
    outcome: failed ? 'server_5xx' : 'ok',
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
    ttft_ms: p === null ? 500 : sample,
  };
  return /** @type {import('../../src/metrics/types.ts').RequestRecord} */ (
    /** @type {unknown} */ (record)
  );
}

/** @param {Pick<Cell, 'p'>} cell */
function metricOf({ p }) {
  return p === null ? 'error rate' : `p${100 * p}`;
}

/** @param {Result[]} results */
function report(results) {
  const rows = results.map(({ cell, checks, tally }) => [
    metricOf(cell),
    cell.source,
    `${cell.ratio}`,
    cell.looks.join(', '),
    String(cell.tests),
    percentWithin(tally.fail, checks),
    percentWithin(tally.pass, checks),
    percent(checks - (tally.fail ?? 0) - (tally.pass ?? 0), checks),
    ((tally.requests ?? 0) / checks).toFixed(0),
  ]);
  return table(
    [
      'figure',
      'samples',
      'true figure / limit',
      'looks after',
      'K',
      'fail, %',
      'pass, %',
      'inconclusive, %',
      'requests, mean',
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
        name: cell.name,
        // Of K findings any may fail.
        hits: (what === 'fail' ? cell.tests : 1) * (tally[what] ?? 0),
        of: checks,
      }));
  const keeps = (/** @type {Cell} */ { ratio }) => ratio <= 1;
  // Failures so few that they do not show to come in bursts pass for independent ones.
  const misses = (/** @type {Cell} */ { ratio, source }) => ratio >= 1 && source !== BURSTS;
  const misled = (/** @type {Cell} */ { ratio, source }) => ratio >= 2 && source === BURSTS;
  return [
    {
      promise: 'false fail, the figure at its limit or below, K findings together',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(keeps, 'fail'),
    },
    {
      promise: 'false pass, the figure at its limit or past it',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(misses, 'pass'),
    },
    {
      promise: 'false pass, failures in bursts at twice their limit or more',
      wanted: '≤ 2 %',
      most: 0.02,
      cells: cells(misled, 'pass'),
    },
    {
      promise: 'p50 and p95 20 % past their limit fail, independent samples',
      wanted: '≥ 90 %',
      least: 0.9,
      cells: cells(
        ({ ratio, p, source }) => ratio === 1.2 && p !== null && p < 0.99 && source !== DEPENDENT,
        'fail',
      ),
    },
  ];
}
