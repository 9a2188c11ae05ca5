// `npm run stats:coverage:shifts -- [SIMULATIONS]`: how often the printed interval of a shift holds it,
// by simulation, written between the markers of docs/compare.md. Seeded: the same sources and Node give
// the same figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../dist/random.js';
import { coverageOf, PAIRED, SHARES, TAILS, UNPAIRED } from './coverage/shifts.mjs';

/** @typedef {import('./coverage/shifts.mjs').Trial} Trial */

const SIZES = [20, 50, 100, 200, 500, 1000];
const START = '<!-- coverage -->';
const END = '<!-- /coverage -->';

const simulations = Number(process.argv[2] ?? 10_000);
const document = new URL('../docs/compare.md', import.meta.url);
const startedMs = performance.now();
const tables = [
  ['Medians, unpaired', tableOf(UNPAIRED)],
  ['Medians, paired', tableOf(PAIRED)],
  ['p95, by the ratio of the figures', tableOf(TAILS)],
  ['Shares', tableOf(SHARES)],
];
const minutes = (performance.now() - startedMs) / 60_000;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const text = [
  `${simulations.toLocaleString('en-US')} simulations each; the standard error of a cell is ` +
    `${(100 * Math.sqrt((0.95 * 0.05) / simulations)).toFixed(1)} points. Made by ` +
    `\`npm run stats:coverage:shifts\` on ${new Date().toISOString().slice(0, 10)} with tokentape ` +
    `${version} and Node ${process.versions.node} in ${minutes.toFixed(0)} minutes; seeded, so that ` +
    'it can be had again.',
  ...tables.flatMap(([title, table]) => [`### ${title}`, table]),
].join('\n\n');

const before = readFileSync(document, 'utf8');
const [from, to] = [before.indexOf(START), before.indexOf(END)];
if (from < 0 || to < from)
  throw new Error(`docs/compare.md has no place for it: ${START} … ${END}`);
writeFileSync(
  document,
  `${before.slice(0, from + START.length)}\n\n${text}\n\n${before.slice(to)}`,
);

/** @param {Record<string, Trial>} trials */
function tableOf(trials) {
  const rows = Object.entries(trials).map(([name, trial]) => {
    const cells = SIZES.map((n) => {
      const random = createRandom(`shift-coverage/${name}/${n}`);
      return cellOf(coverageOf(trial, n, simulations, random));
    });
    console.error(`${name}: ${cells.join(', ')}`);
    return [name, ...cells];
  });
  const head = ['n', ...SIZES.map((n) => n.toLocaleString('en-US'))];
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/**
 * The share of the intervals that held the truth; how many of the simulations gave one, where not all.
 * @param {{ printed: number, held: number }} coverage
 */
function cellOf({ printed, held }) {
  if (printed < 0.01) return 'n/a';
  const share = printed > 0.9995 ? '' : ` (${(100 * printed).toFixed(0)} %)`;
  return `${(100 * held).toFixed(1)}${share}`;
}
