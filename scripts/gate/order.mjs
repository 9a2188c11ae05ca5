// Why a coin decides the order of each pair: what a test at 1 % does where requests resemble the one
// before, by how the order is drawn and what is taken for one difference.
import { SignedRank } from '../../dist/stats/signed-rank.js';
import { percentWithin, table } from './table.mjs';

/** @typedef {{ name: string, rho: number, design: string }} Cell */
/** @typedef {import('./sections.mjs').Random} Random */

const LEVEL = 0.01;
const PAIRS = 120;
const TURNS = 3;

/** @type {Record<string, (next: () => number, random: Random) => number[]>} */
const DESIGNS = {
  'a coin for each pair': (next, random) =>
    times(PAIRS, () => signed(differenceOf(next), random.next() < 0.5)),
  'blocks of two, one pair each way': (next, random) =>
    times(PAIRS / 2, () => {
      const first = random.next() < 0.5;
      return [signed(differenceOf(next), first), signed(differenceOf(next), !first)];
    }).flat(),
  'a coin for each conversation of three turns, its turns one by one': (next, random) =>
    times(PAIRS / TURNS, () => {
      const first = random.next() < 0.5;
      return turnsOf(next).map((difference) => signed(difference, first));
    }).flat(),
  'the same, its turns as one': (next, random) =>
    times(PAIRS / TURNS, () => {
      const sum = turnsOf(next).reduce((total, difference) => total + difference, 0);
      return signed(sum / TURNS, random.next() < 0.5);
    }),
};

const cells = Object.keys(DESIGNS).flatMap((design) =>
  [0, 0.3, 0.6, 0.9].map((rho) => ({ name: `${design}, ρ = ${rho}`, rho, design })),
);

/** @type {import('./sections.mjs').Section<Cell>} */
export const order = {
  name: 'order',
  title: 'Order of the arms',
  cells,
  quickCells: [],
  checks: { full: 20_000, quick: 0 },
  simulate,
  report,
  promises: () => [],
};

/**
 * @param {Cell} cell
 * @param {Random} random
 */
function simulate({ rho, design }, random) {
  let value = random.normal();
  const next = () => {
    const now = value;
    value = rho * value + Math.sqrt(1 - rho * rho) * random.normal();
    return now;
  };
  const differences = DESIGNS[design]?.(next, random) ?? [];
  return { fail: Number(new SignedRank(differences).lowerBound(LEVEL) > 0) };
}

/** @param {import('./sections.mjs').Result<Cell>[]} results */
function report(results) {
  const rhos = [...new Set(cells.map(({ rho }) => rho))];
  const rows = Object.keys(DESIGNS).map((design) => [
    design,
    ...results
      .filter(({ cell }) => cell.design === design)
      .map(({ tally, checks }) => percentWithin(tally.fail, checks)),
  ]);
  return table(['order', ...rhos.map((rho) => `ρ = ${rho}, fails in %`)], rows);
}

/** @param {() => number} next */
function differenceOf(next) {
  return next() - next();
}

/**
 * One arm's turns, then the other's.
 * @param {() => number} next
 */
function turnsOf(next) {
  const firsts = times(TURNS, next);
  return firsts.map((first) => first - next());
}

/**
 * @param {number} difference
 * @param {boolean} isTurned
 */
function signed(difference, isTurned) {
  return isTurned ? -difference : difference;
}

/**
 * @template T
 * @param {number} count
 * @param {() => T} one
 */
function times(count, one) {
  return Array.from({ length: count }, one);
}
