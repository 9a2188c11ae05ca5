// Stored runs: false fails, power and false passes of a check against a history of runs.
import { levelsOf } from '../../dist/gate/history/change.js';
import { ratioChange } from '../../dist/gate/history/ratio-change.js';
import { shareChange } from '../../dist/gate/history/share-change.js';
import { shiftLimits } from '../../dist/gate/paired/change.js';
import { verdictOf } from '../../dist/gate/paired/judge.js';
import { DEFAULT_GATE, DEFAULT_METRICS } from '../../dist/gate/settings.js';
import { HISTORIES, tallies } from './histories.mjs';
import { percent, percentWithin, table } from './table.mjs';

/** @typedef {{ name: string, kind: string, runs: number, sd: number, tests: number, effect: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */

const RUNS = [10, 12, 20, 50];
const SDS = [0.01, 0.02, 0.03, 0.05];
const TESTS = [1, 8, 24];
const EFFECTS = [0.05, 0.1, 0.15, 0.2];
const SHARES = [0, 0.01, 0.05];
const [LATENCY] = DEFAULT_METRICS;
const ERROR_RATE = DEFAULT_METRICS.find(({ kind }) => kind === 'error_rate');
if (LATENCY === undefined || ERROR_RATE === undefined) throw new Error('no metrics to gate');
const LIMITS = {
  latency: shiftLimits(LATENCY, DEFAULT_GATE),
  share: shiftLimits(ERROR_RATE, DEFAULT_GATE),
};
const SHARE_REQUESTS = 100;

/** @param {Omit<Cell, 'name'>} of */
function cellOf({ kind, runs, sd, tests, effect }) {
  const noise = kind === 'error rate' ? `rate ${100 * sd} %` : `sd ${100 * sd} %`;
  const name = `${kind}, ${runs} runs, ${noise}, K = ${tests}, +${100 * effect} %`;
  return { name, kind, runs, sd, tests, effect };
}

/** @param {{ kinds: string[], runs: number[], sds: number[], tests: number[], effects: number[] }} of */
function cellsOf({ kinds, runs, sds, tests, effects }) {
  return kinds.flatMap((kind) =>
    runs.flatMap((count) =>
      sds.flatMap((sd) =>
        tests.flatMap((k) =>
          effects.map((effect) => cellOf({ kind, runs: count, sd, tests: k, effect })),
        ),
      ),
    ),
  );
}

const OTHERS = Object.keys(HISTORIES).filter((kind) => kind !== 'steady');

/** @type {import('./sections.mjs').Section<Cell>} */
export const history = {
  name: 'history',
  document: 'docs/baselines.md',
  title: 'Stored runs',
  cells: [
    ...cellsOf({ kinds: ['steady'], runs: RUNS, sds: SDS, tests: TESTS, effects: [0, ...EFFECTS] }),
    ...cellsOf({ kinds: OTHERS, runs: [12, 50], sds: [0.02], tests: [1, 8], effects: [0, 0.1] }),
    ...cellsOf({
      kinds: ['error rate'],
      runs: [12],
      sds: SHARES,
      tests: [1, 8],
      effects: [0, 0.1],
    }),
  ],
  quickCells: [
    ...cellsOf({ kinds: ['steady'], runs: [12], sds: [0.02], tests: [1, 8], effects: [0, 0.15] }),
    ...cellsOf({ kinds: ['outlier'], runs: [12], sds: [0.02], tests: [1], effects: [0, 0.15] }),
  ],
  checks: { full: 10_000, quick: 500 },
  simulate,
  report,
  promises,
};

/**
 * Where nothing changed, all findings of a check are drawn, and any may fail it; else one of them, as
 * sharply as the others let it be judged.
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 */
function simulate(cell, random) {
  const findings = cell.effect === 0 ? cell.tests : 1;
  const verdicts = Array.from({ length: findings }, () => verdictIn(cell, random));
  return {
    fail: Number(verdicts.includes('fail')),
    pass: Number(verdicts.every((verdict) => verdict === 'pass')),
    one: Number(verdicts[0] === 'pass'),
  };
}

/**
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 */
function verdictIn({ kind, runs, sd, tests, effect }, random) {
  const levels = levelsOf(DEFAULT_GATE, tests);
  if (kind === 'error rate') {
    const [judged, ...earlier] = tallies(random, runs, {
      rate: sd,
      added: effect,
      of: SHARE_REQUESTS,
    });
    const change = judged && shareChange(earlier, judged, levels);
    return change ? verdictOf(change.shift, LIMITS.share) : 'inconclusive';
  }
  const logs = HISTORIES[kind]?.(random, runs, sd) ?? [];
  const judged = Math.exp((logs.pop() ?? 0) + Math.log1p(effect));
  const change = ratioChange(logs.map(Math.exp), judged, { better: 'lower' }, levels);
  return change === null ? 'inconclusive' : verdictOf(change.shift, LIMITS.latency);
}

/** @param {Result[]} results */
function report(results) {
  const find = (/** @type {Omit<Cell, 'name'>} */ of) =>
    results.find(({ cell }) => cell.name === cellOf(of).name);
  const cell = (/** @type {string} */ key, /** @type {Omit<Cell, 'name'>} */ of) => {
    const result = find(of);
    return result === undefined ? '' : percent(result.tally[key], result.checks);
  };
  const grid = TESTS.flatMap((tests) =>
    RUNS.flatMap((runs) =>
      SDS.map((sd) => {
        const of = { kind: 'steady', runs, sd, tests };
        return [
          ...[String(tests), String(runs), `${100 * sd} %`],
          cell('fail', { ...of, effect: 0 }),
          cell('one', { ...of, effect: 0 }),
          cell('pass', { ...of, effect: 0 }),
          ...EFFECTS.map((effect) => cell('fail', { ...of, effect })),
          cell('pass', { ...of, effect: 0.1 }),
        ];
      }),
    ),
  );
  const others = results
    .filter(({ cell: { kind, effect } }) => kind !== 'steady' && effect === 0)
    .map(({ cell: of, tally, checks }) => [
      of.kind === 'error rate'
        ? `error rate ${100 * of.sd} %, ${SHARE_REQUESTS} requests`
        : of.kind,
      String(of.runs),
      String(of.tests),
      percentWithin(tally.fail, checks),
      percent(tally.one, checks),
      cell('fail', { ...of, effect: 0.1 }),
      cell('pass', { ...of, effect: 0.1 }),
    ]);
  const effects = EFFECTS.map((effect) => `+${100 * effect} % fails`);
  return [
    'Steady histories, in percent. The first two are of whole checks of K findings; the others of the one finding that changed. «passes» of +10 % is a false pass.',
    table(
      [
        'K',
        'runs',
        'sd',
        'false fail',
        'a finding passes',
        'all K pass',
        ...effects,
        '+10 % passes',
      ],
      grid,
    ),
    'Histories that are not steady, spread of 2 %, and error rates (+10 points instead of +10 %).',
    table(
      ['history', 'runs', 'K', 'false fail', 'a finding passes', '+10 % fails', '+10 % passes'],
      others,
    ),
  ].join('\n\n');
}

/** @param {Result[]} results */
function promises(results) {
  const cells = (/** @type {(cell: Cell) => boolean} */ wanted, /** @type {string} */ key) =>
    results
      .filter(({ cell }) => wanted(cell))
      .map(({ cell: { name }, tally, checks }) => ({ name, hits: tally[key] ?? 0, of: checks }));
  return [
    {
      promise: 'false fail, all findings of a check together, steady histories',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(({ kind, effect }) => kind === 'steady' && effect === 0, 'fail'),
    },
    {
      promise: 'false fail with one outlier in the history, a step, error rates',
      wanted: '≤ 1 %',
      most: 0.01,
      cells: cells(
        ({ kind, effect }) => ['outlier', 'step', 'error rate'].includes(kind) && effect === 0,
        'fail',
      ),
    },
    {
      promise: 'false pass at +10 %, steady histories, one outlier, error rates',
      wanted: '≤ 1.5 %',
      most: 0.015,
      cells: cells(
        ({ kind, effect }) => ['steady', 'outlier', 'error rate'].includes(kind) && effect === 0.1,
        'pass',
      ),
    },
  ].filter(({ cells: of }) => of.length > 0);
}
