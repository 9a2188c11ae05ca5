// `npm run stats:coverage:grades -- [SIMULATIONS]`: how often the printed interval of a score, an accuracy
// or a pass@k holds the truth, by simulation, written between the markers of docs/metrics.md. Seeded: the
// same sources and Node give the same figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../dist/random.js';
import { clusteredMeanInterval } from '../dist/stats/clustered-mean.js';
import { passAtK } from '../dist/stats/pass-at-k.js';
import { gradeCoverage, SOURCES } from './coverage/grades.mjs';

const CASES = [5, 10, 20, 50, 100, 300];
const START = '<!-- coverage -->';
const END = '<!-- /coverage -->';

const simulations = Number(process.argv[2] ?? 10_000);
const document = new URL('../docs/metrics.md', import.meta.url);
const startedMs = performance.now();
const lines = Object.entries(SOURCES).map(([name, source]) => {
  const cells = CASES.map((cases) => {
    const random = createRandom(`coverage/grades/${name}/${cases}`);
    const tested = { clusteredMeanInterval, passAtK };
    const held = gradeCoverage(tested, source, { cases, simulations, random });
    return (100 * held).toFixed(1);
  });
  return [name, ...cells];
});
const minutes = (performance.now() - startedMs) / 60_000;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const row = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
const head = ['cases', ...CASES.map(String)];
const text = [
  'How often the interval holds the truth, in percent, by simulation; ρ is the correlation of two ' +
    `passes over one case. ${simulations.toLocaleString('en-US')} simulations each; the standard error ` +
    `of a cell is ${(100 * Math.sqrt((0.95 * 0.05) / simulations)).toFixed(1)} points. Made by ` +
    `\`npm run stats:coverage:grades\` on ${new Date().toISOString().slice(0, 10)} with tokentape ` +
    `${version} and Node ${process.versions.node}; seeded, so that it can be had again.`,
  [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n'),
].join('\n\n');

const before = readFileSync(document, 'utf8');
const [from, to] = [before.indexOf(START), before.indexOf(END)];
if (from < 0 || to < from) {
  throw new Error(`docs/metrics.md has no place for it: ${START} … ${END}`);
}
writeFileSync(
  document,
  `${before.slice(0, from + START.length)}\n\n${text}\n\n${before.slice(to)}`,
);
console.error(`docs/metrics.md written after ${minutes.toFixed(1)} minutes`);
