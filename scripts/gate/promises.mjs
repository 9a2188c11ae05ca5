// Whether what was promised is kept, and the table that says so.
import { regularizedBeta } from '../../dist/stats/beta.js';
import { table } from './table.mjs';

/** @typedef {import('./sections.mjs').Promised} Promised */

/** A short pass may show what chance alone shows; this is hardly chance. */
const HARDLY_CHANCE = 1e-4;

/**
 * @param {Promised} promised
 * @param {boolean} quick
 */
export function isKept({ most, least, cells }, quick) {
  return cells.every(({ hits, of }) => {
    const kept = hits <= (most ?? 1) * of && hits >= (least ?? 0) * of;
    if (kept || !quick) return kept;
    return chanceOf(hits, of, most, least) > HARDLY_CHANCE / cells.length;
  });
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
    return [
      promised.promise,
      promised.wanted,
      found,
      isKept(promised, quick) ? 'reached' : 'MISSED',
    ];
  });
  return table(['promise', 'wanted', 'found, at worst', ''], rows);
}
