// Change points: how often a level changes where nothing did, and how soon a step is found.
import { levelChanges } from '../../dist/gate/history/level.js';
import { RATIO_SCALE } from '../../dist/gate/history/ratio-change.js';
import { percent, table } from './table.mjs';

/** @typedef {{ name: string, kind: 'whole' | 'nightly' | 'step', sd: number, step: number }} Cell */
/** @typedef {import('./sections.mjs').Result<Cell>} Result */

const SDS = [0.01, 0.02, 0.03, 0.05];
const STEPS = [0.05, 0.1];
/** Runs of a history that is looked at as a whole. */
const POINTS = 1000;
/** Runs before a step, and before those that are looked at night after night. */
const BEFORE = 40;
const NIGHTS = 25;
const DELAYS = [3, 4, 5, 6, 8, 12];
/** A change so many runs from one that was told already is the same, placed better. */
const SAME_WITHIN = 6;
/** A step may be placed so many runs too early. */
const PLACED_WITHIN = 3;

/** @type {Cell[]} */
const cells = SDS.flatMap((sd) => [
  { name: `whole, sd ${100 * sd} %`, kind: 'whole', sd, step: 0 },
  { name: `nightly, sd ${100 * sd} %`, kind: 'nightly', sd, step: 0 },
  ...STEPS.map(
    (step) =>
      /** @type {Cell} */ ({
        name: `step +${100 * step} %, sd ${100 * sd} %`,
        kind: 'step',
        sd,
        step,
      }),
  ),
]);

/** @type {import('./sections.mjs').Section<Cell>} */
export const changePoints = {
  name: 'change-points',
  document: 'docs/baselines.md',
  title: 'Change points',
  cells,
  quickCells: cells.filter(({ sd, step }) => sd === 0.02 && step < 0.1),
  checks: { full: 10_000, quick: 200 },
  simulate,
  report,
  promises,
};

/**
 * @param {Cell} cell
 * @param {import('./sections.mjs').Random} random
 */
function simulate({ kind, sd, step }, random) {
  const draw = (/** @type {number} */ count, level = 0) =>
    Array.from({ length: count }, () => level + sd * random.normal());
  if (kind === 'whole') {
    return { changes: levelChanges(draw(POINTS), RATIO_SCALE).length, points: POINTS };
  }
  if (kind === 'nightly') return nightly(draw);
  /** @type {import('./sections.mjs').Tally} */
  const found = {};
  const series = draw(BEFORE);
  for (let after = 1; after <= Math.max(...DELAYS); after++) {
    series.push(...draw(1, Math.log1p(step)));
    const told = levelChanges(series, RATIO_SCALE);
    if (!told.some(({ index }) => index >= BEFORE - PLACED_WITHIN)) continue;
    for (const delay of DELAYS) if (after <= delay) found[delay] = 1;
    return { ...found, runs: after, found: 1 };
  }
  return found;
}

/**
 * Changes told for the first time, night after night.
 * @param {(count: number) => number[]} draw
 */
function nightly(draw) {
  const series = draw(BEFORE);
  const told = new Set(levelChanges(series, RATIO_SCALE).map(({ index }) => index));
  let changes = 0;
  for (let night = 0; night < NIGHTS; night++) {
    series.push(...draw(1));
    for (const { index } of levelChanges(series, RATIO_SCALE)) {
      if (![...told].some((known) => Math.abs(known - index) <= SAME_WITHIN)) changes++;
      told.add(index);
    }
  }
  return { changes, points: NIGHTS };
}

/** @param {Result | undefined} result */
function per1000({ tally } = /** @type {Result} */ ({ tally: {} })) {
  return ((1000 * (tally.changes ?? 0)) / (tally.points ?? 1)).toFixed(2);
}

/** @param {Result[]} results */
function report(results) {
  const find = (/** @type {string} */ name) => results.find(({ cell }) => cell.name === name);
  const steps = results.filter(({ cell }) => cell.kind === 'step');
  return [
    `False changes for each 1,000 runs: of a history of ${POINTS.toLocaleString('en-US')} looked at as a whole, and told anew when it is looked at after every run.`,
    table(
      ['sd', 'as a whole', 'night after night'],
      SDS.map((sd) => [
        `${100 * sd} %`,
        per1000(find(`whole, sd ${100 * sd} %`)),
        per1000(find(`nightly, sd ${100 * sd} %`)),
      ]),
    ),
    `A step after ${BEFORE} runs: found after so many runs at the new level, in percent.`,
    table(
      ['step', 'sd', ...DELAYS.map((delay) => `within ${delay}`), 'runs on average'],
      steps.map(({ cell: { step, sd }, tally, checks }) => [
        `+${100 * step} %`,
        `${100 * sd} %`,
        ...DELAYS.map((delay) => percent(tally[delay], checks)),
        ((tally.runs ?? 0) / (tally.found ?? 1)).toFixed(1),
      ]),
    ),
  ].join('\n\n');
}

/** @param {Result[]} results */
function promises(results) {
  const quiet = results.filter(({ cell: { sd } }) => sd <= 0.02);
  const changes = (/** @type {string} */ kind) =>
    quiet
      .filter(({ cell }) => cell.kind === kind)
      .map(({ cell: { name }, tally }) => ({
        name,
        hits: tally.changes ?? 0,
        of: tally.points ?? 1,
      }));
  return [
    {
      promise: 'false changes, sd ≤ 2 %, a history as a whole',
      wanted: '≤ 0.1 % of runs',
      most: 0.001,
      cells: changes('whole'),
    },
    {
      promise: 'false changes, sd ≤ 2 %, night after night',
      wanted: '≤ 0.1 % of runs',
      most: 0.001,
      cells: changes('nightly'),
    },
    {
      promise: 'a step of 5 % found within 6 runs, sd ≤ 2 %',
      wanted: '≥ 90 %',
      least: 0.9,
      cells: quiet
        .filter(({ cell }) => cell.step === 0.05)
        .map(({ cell: { name }, tally, checks }) => ({ name, hits: tally[6] ?? 0, of: checks })),
    },
  ].filter(({ cells: of }) => of.length > 0);
}
