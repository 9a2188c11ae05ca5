// `npm run stats:coverage -- [SIMULATIONS]`: how often a printed interval holds the truth, by simulation,
// written to docs/coverage.md. Seeded: the same sources and Node give the same figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../dist/random.js';
import { rateInterval } from '../dist/stats/block-bootstrap.js';
import { fullLoad } from '../dist/stats/concurrency.js';
import { designEffect } from '../dist/stats/design-effect.js';
import { OrderedSample } from '../dist/stats/ordered-sample.js';
import { minimumSamples } from '../dist/stats/quantile.js';
import { wilsonInterval } from '../dist/stats/wilson.js';
import { DEPENDENT, INDEPENDENT } from './coverage/samples.mjs';
import { HITS, quantileCoverage, rateCoverage, shareCoverage } from './coverage/simulate.mjs';
import { LOADS } from './coverage/spells.mjs';

/** @typedef {import('./coverage/simulate.mjs').Coverage} Coverage */

const SIZES = [20, 50, 100, 200, 500, 1000, 5000];
const QUANTILES = [0.5, 0.9, 0.95, 0.99];
const SHARES = Array.from({ length: 13 }, (_, index) => 0.02 + 0.08 * index);
const RARE = [0.01, 0.02, 0.05, 0.1];
const TESTED = { OrderedSample, wilsonInterval, designEffect, rateInterval, fullLoad };

const simulations = Number(process.argv[2] ?? 10_000);
const startedMs = performance.now();

const independent = quantileTables(INDEPENDENT);
const dependent = quantileTables(DEPENDENT);
const shares = shareTable();
const rates = rateTable();
const minutes = (performance.now() - startedMs) / 60_000;
writeFileSync(new URL('../docs/coverage.md', import.meta.url), report());
console.error(`docs/coverage.md written after ${minutes.toFixed(1)} minutes`);

function report() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const date = new Date().toISOString().slice(0, 10);
  return `${[
    '# Coverage of the intervals',
    'How often a printed 95 % interval holds the truth, by simulation with samples whose truth is known. ' +
      'Where fewer than all simulations gave an interval, the share that did stands in brackets: ' +
      'the others said n/a. What the intervals are stands in [metrics.md](metrics.md#intervals).',
    `${simulations.toLocaleString('en-US')} simulations each; the standard error of a cell is ` +
      `${(100 * Math.sqrt((0.95 * 0.05) / simulations)).toFixed(1)} points. Made by ` +
      `\`npm run stats:coverage\` on ${date} with tokentape ${version} and Node ` +
      `${process.versions.node} in ${minutes.toFixed(0)} minutes; seeded, so that it can be had again.`,
    '## What had to be reached',
    verdicts(),
    '## Quantiles of independent samples',
    ...sections(independent),
    '## Quantiles of samples that depend on one another',
    'Few samples often do not show that they depend on one another. The intervals of such a size are ' +
      'those of simulations that looked independent, and too narrow; most say n/a. Dependence that is ' +
      'slow and weak takes thousands of samples to see.',
    ...sections(dependent),
    '## Shares: error rate, goodput',
    `Mean and lowest over p = ${SHARES[0]}, 0.10, …, ${SHARES.at(-1)?.toFixed(2)}; then rare hits, ` +
      'where one more or less moves the interval most.',
    shares.text,
    '## Throughput',
    'The truth is the mean of what all runs of the plan showed.',
    rates,
  ].join('\n\n')}\n`;
}

/** @param {{ name: string, text: string }[]} tables */
function sections(tables) {
  return tables.flatMap(({ name, text }) => [`### ${name}`, text]);
}

/** @param {Record<string, import('./coverage/samples.mjs').Source>} sources */
function quantileTables(sources) {
  return Object.entries(sources).map(([name, source]) => {
    const rows = SIZES.map((n) => {
      const quantiles = QUANTILES.filter((p) => n >= minimumSamples(p));
      const random = createRandom(`coverage/${name}/${n}`);
      return quantileCoverage(TESTED, source, { n, quantiles, simulations, random });
    });
    const text = table(
      ['n', ...QUANTILES.map((p) => `p${100 * p}`)],
      rows.map((row, i) => [label(SIZES[i]), ...QUANTILES.map((_, q) => cell(row[q]))]),
    );
    return { name, rows, text };
  });
}

function shareTable() {
  const results = Object.entries(HITS).map(([name, hitsOf]) =>
    SIZES.map((n) => {
      const held = (/** @type {number} */ p) => {
        const random = createRandom(`coverage/${name}/${n}/${p.toFixed(2)}`);
        return shareCoverage(TESTED, { n, p, simulations, random, hitsOf }).held;
      };
      const grid = name === 'independent' ? SHARES.map(held) : null;
      return { mean: grid && mean(grid), lowest: grid && Math.min(...grid), rare: RARE.map(held) };
    }),
  );
  const text = Object.keys(HITS)
    .map((name, i) => {
      const lines = (results[i] ?? []).map((row, size) => [
        label(SIZES[size]),
        ...[row.mean, row.lowest, ...row.rare].flatMap((one) => (one === null ? [] : percent(one))),
      ]);
      const overGrid = name === 'independent' ? ['mean', 'lowest'] : [];
      const head = ['n', ...overGrid, ...RARE.map((p) => `p = ${p}`)];
      return [`### ${name[0]?.toUpperCase()}${name.slice(1)}`, table(head, lines)].join('\n\n');
    })
    .join('\n\n');
  return { text, means: (results[0] ?? []).flatMap((row) => row.mean ?? []) };
}

function rateTable() {
  const columns = Object.entries(LOADS).map(([name, load]) =>
    SIZES.map((n) => {
      const random = createRandom(`coverage/${name}/${n}`);
      return rateCoverage(TESTED, load, { n, simulations, random });
    }),
  );
  return table(
    ['requests', ...Object.keys(LOADS)],
    SIZES.map((n, i) => [label(n), ...columns.map((column) => cell(column[i]))]),
  );
}

/** The promises, each with the figures that it stands or falls by. */
function verdicts() {
  const all = independent.flatMap(({ rows }) => rows.flat());
  const held = all.map((one) => one.held);
  const autocorrelated = (dependent[0]?.rows ?? [])
    .filter((_, i) => /** @type {number} */ (SIZES[i]) >= 1000)
    .flat()
    .map((one) => one.held);
  return table(
    ['promise', 'wanted', 'found', ''],
    [
      verdict('independent samples, every n printed', '94–97 %', held, 0.94, 0.97),
      verdict('AR(1), ρ = 0.6, n ≥ 1,000', '≥ 93 %', autocorrelated, 0.93, 1),
      verdict('independent rates, mean over the grid of p', '≥ 94 %', shares.means, 0.94, 1),
    ],
  );
}

/**
 * @param {string} promise
 * @param {string} wanted
 * @param {number[]} held
 * @param {number} least
 * @param {number} most
 */
function verdict(promise, wanted, held, least, most) {
  const [low, high] = [Math.min(...held), Math.max(...held)];
  const reached = low >= least && high <= most;
  return [promise, wanted, `${percent(low)}–${percent(high)} %`, reached ? 'reached' : 'MISSED'];
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {Coverage | undefined} coverage */
function cell(coverage) {
  if (coverage === undefined) return '';
  if (coverage.printed < 0.01) return 'n/a';
  const all = coverage.printed > 0.9995;
  return `${percent(coverage.held)}${all ? '' : ` (${(100 * coverage.printed).toFixed(0)} %)`}`;
}

/** @param {number} share */
function percent(share) {
  return (100 * share).toFixed(1);
}

/** @param {number | undefined} n */
function label(n) {
  return (n ?? 0).toLocaleString('en-US');
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
