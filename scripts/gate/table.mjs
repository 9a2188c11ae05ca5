// Figures as they stand in the tables of docs/gate.md.
import { wilsonInterval } from '../../dist/stats/wilson.js';

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * @param {number | undefined} hits
 * @param {number} of
 */
export function percent(hits, of) {
  return ((100 * (hits ?? 0)) / of).toFixed(1);
}

/**
 * With its 95 % interval.
 * @param {number | undefined} hits
 * @param {number} of
 */
export function percentWithin(hits, of) {
  const { low, high } = wilsonInterval((hits ?? 0) / of, of);
  return `${((100 * (hits ?? 0)) / of).toFixed(2)} (${(100 * low).toFixed(2)}–${(100 * high).toFixed(2)})`;
}
