// Whether what was promised is kept, and the table that says so.
import { regularizedBeta } from '../../dist/stats/beta.js';
import { table } from './table.mjs';

/** @typedef {import('./sections.mjs').Promised} Promised */

/** Where a rate is just what was promised, every other simulation shows more: this is how much more. */
const CHANCE = 0.025;
/** A short pass has far more noise, and must not stop a build for it: this is hardly chance. */
const HARDLY_CHANCE = 1e-4;

/**
 * @param {Promised} promised
 * @param {boolean} quick
 * @returns {'reached' | 'reached, but for chance' | 'MISSED'}
 */
export function outcomeOf({ most, least, cells }, quick) {
  const beyond = cells.filter(
    ({ hits, of }) => hits > (most ?? 1) * of || hits < (least ?? 0) * of,
  );
  if (beyond.length === 0) return 'reached';
  const limit = quick ? HARDLY_CHANCE : CHANCE;
  const byChance = beyond.every(
    ({ hits, of }) => chanceOf(hits, of, most, least) > limit / cells.length,
  );
  return byChance ? 'reached, but for chance' : 'MISSED';
}

/**
 * Of so many hits or more (or, of `least`, so few or fewer) if the promise were just kept.
 * @param {number} hits
 * @param {number} of
 * @param {number | undefined} most
 * @param {number | undefined} least
 */
function chanceOf(hits, of, most, least) {
  return most !== undefined
    ? regularizedBeta(most, hits, of - hits + 1)
    : regularizedBeta(1 - (least ?? 0), of - hits, hits + 1);
}

/**
 * @param {Promised[]} promises
 * @param {boolean} quick
 */
export function promisesTable(promises, quick) {
  const rows = promises.map((promised) => {
    const shares = promised.cells.map(({ hits, of }) => hits / of);
    const worst = promised.most === undefined ? Math.min(...shares) : Math.max(...shares);
    const where = promised.cells[shares.indexOf(worst)]?.name ?? '';
    const found = `${(100 * worst).toFixed(2)} % (${where})`;
    return [promised.promise, promised.wanted, found, outcomeOf(promised, quick)];
  });
  return table(['promise', 'wanted', 'found, at worst', ''], rows);
}
