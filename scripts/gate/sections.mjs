// What `npm run gate:simulate` measures. A section is one module; to add one, give it this shape and
// a place in the list. The runner draws its checks in worker threads, adds up what they tally, and
// writes `report` between `<!-- gate:NAME -->` and `<!-- /gate:NAME -->` in docs/gate.md.
import { changePoints } from './change-points.mjs';
import { errorRate } from './error-rate.mjs';
import { history } from './history.mjs';
import { limits } from './limits.mjs';
import { order } from './order.mjs';
import { paired } from './paired.mjs';
import { power } from './power.mjs';
import { score } from './score.mjs';
import { scoreLimits } from './score-limits.mjs';
import { tails } from './tails.mjs';

/** @typedef {import('../../src/random.ts').Random} Random */
/** @typedef {Record<string, number>} Tally what one check came to, or the sum over many */
/**
 * @template Cell
 * @typedef {{ cell: Cell, checks: number, tally: Tally }} Result
 */
/**
 * Something that was promised of one or more cells: missed where a cell shows more than chance would
 * if the promise were just kept, by a far wider measure of chance in a short pass.
 * @typedef {object} Promised
 * @property {string} promise
 * @property {string} wanted as it is printed
 * @property {number} [most] of `hits / of`, or
 * @property {number} [least]
 * @property {{ name: string, hits: number, of: number }[]} cells
 */
/**
 * @template {{ name: string }} Cell
 * @typedef {object} Section
 * @property {string} name of the block in its document
 * @property {string} [document] docs/gate.md where nothing is said
 * @property {string} title for the progress on stderr
 * @property {Cell[]} cells plain data; the name seeds the cell, so it has to be unique
 * @property {Cell[]} quickCells of a short pass
 * @property {{ full: number, quick: number }} checks for each cell
 * @property {(cell: Cell, random: Random, check: number) => Tally} simulate one check, from its own
 *   generator: no state between checks, for they run in any order on several threads
 * @property {(results: Result<Cell>[]) => string} report Markdown
 * @property {(results: Result<Cell>[]) => Promised[]} promises
 */

/** @type {Section<any>[]} */
export const SECTIONS = [
  paired,
  errorRate,
  score,
  tails,
  order,
  limits,
  scoreLimits,
  history,
  changePoints,
  power,
];
