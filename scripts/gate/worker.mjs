// Draws the checks it is told to and answers with what they come to.
import { parentPort } from 'node:worker_threads';
import { createRandom } from '../../dist/random.js';
import { SECTIONS } from './sections.mjs';

/**
 * @typedef {object} Job
 * @property {string} section
 * @property {any} cell
 * @property {number} from
 * @property {number} to
 */

parentPort?.on('message', (/** @type {Job} */ { section: name, cell, from, to }) => {
  const section = SECTIONS.find((one) => one.name === name);
  if (section === undefined) throw new Error(`no section ${name}`);
  /** @type {import('./sections.mjs').Tally} */
  const total = {};
  for (let check = from; check < to; check++) {
    const random = createRandom(`${name}/${cell.name}/${check}`);
    for (const [key, value] of Object.entries(section.simulate(cell, random, check))) {
      total[key] = (total[key] ?? 0) + value;
    }
  }
  parentPort?.postMessage(total);
});
