// `npm run gate:sockets -- [--checks N] [--slower M] [--print]`: the gate's error rates over real sockets.
// N checks (200) by the compiled command of a simulator against itself, in a process of its own, and M (20)
// of one that is 10 % slower, at the check's own looks. Written between the markers of docs/gate.md;
// `--print` writes nothing. Exit 1 where checks of it against itself failed more often than the promise of
// 1 % would let 1 in 20 such measurements.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { DEFAULT_GATE } from '../dist/gate/settings.js';
import { binomialAtLeast } from '../dist/stats/binomial-power.js';
import { percentWithin, table } from './gate/table.mjs';
import { checkOnce, MODELS, makeWorkplace, startSimulator } from './sockets/arms.mjs';

/** @typedef {import('../src/gate/types.ts').CheckResult} CheckResult */
/** @typedef {{ name: string, checks: number, candidate: import('./sockets/arms.mjs').Simulator, results: CheckResult[] }} Series */

const SLOWER = '1.1';
const CONCURRENCY = 8;
/** How often chance alone may end this script with 1. */
const LEVEL = 0.05;
const VERDICTS = /** @type {const} */ (['pass', 'fail', 'inconclusive', 'invalid']);

const { values: flags } = parseArgs({
  options: {
    checks: { type: 'string', default: '200' },
    slower: { type: 'string', default: '20' },
    print: { type: 'boolean', default: false },
  },
});
const startedMs = performance.now();
const workplace = await makeWorkplace();
const simulators = await Promise.all([
  startSimulator('one'),
  startSimulator('slower', ['--scale', SLOWER]),
]);
const [one, slower] = simulators;
if (one === undefined || slower === undefined) throw new Error('two were started');

/** @type {Series[]} */
const series = [
  { name: 'itself', checks: Number(flags.checks), candidate: one, results: [] },
  { name: '10 % slower', checks: Number(flags.slower), candidate: slower, results: [] },
];
try {
  for (const { name, checks, candidate, results } of series) {
    for (let check = 0; check < checks; check++) {
      const { code, result } = await checkOnce(
        workplace.folder,
        { candidate: candidate.url, baseline: one.url },
        { seed: `${name} ${check}`, concurrency: CONCURRENCY },
      );
      results.push(result);
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      console.error(
        `${name} ${check + 1}/${checks}: ${result.verdict} (exit ${code}) after ${pairsOf(result).toFixed(0)} pairs, ${seconds} s`,
      );
    }
  }
} finally {
  await Promise.all(simulators.map((simulator) => simulator.end()));
  await workplace.remove();
}

const text = report();
console.log(text);
if (!flags.print) write(text);
const itself = /** @type {Series} */ (series[0]);
const fails = itself.results.filter(({ verdict }) => verdict === 'fail').length;
if (fails > 0 && binomialAtLeast(itself.results.length, DEFAULT_GATE.alpha, fails) < LEVEL) {
  console.error(
    `error: ${fails} of ${itself.results.length} checks of a simulator against itself failed`,
  );
  process.exitCode = 1;
}

function report() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const minutes = (performance.now() - startedMs) / 60_000;
  const looks = DEFAULT_GATE.looks.join(', ');
  return [
    `Checks by \`tokentape check --against\` over sockets, each of ${MODELS.length} models and ` +
      `${DEFAULT_GATE.metrics.length} metrics (K = ${MODELS.length * DEFAULT_GATE.metrics.length}), looked ` +
      `at after ${looks} pairs, ${CONCURRENCY} requests in flight per model, simulators in processes of ` +
      `their own. Made by \`npm run gate:sockets\` on ` +
      `${new Date().toISOString().slice(0, 10)} with tokentape ${version} and Node ` +
      `${process.versions.node} on ${os.cpus().length} cores in ${minutes.toFixed(0)} minutes.`,
    table(
      ['candidate', 'checks', ...VERDICTS.map((verdict) => `${verdict}, %`), 'pairs, mean'],
      series.filter(({ results }) => results.length > 0).map(verdictCells),
    ),
    invalidWords(),
    table(
      ['candidate', 'metric', 'change found, mean', 'least', 'most', 'bounds hold the truth'],
      series.filter(({ results }) => results.length > 0).flatMap(changeRows),
    ),
  ].join('\n\n');
}

/** @param {Series} of */
function verdictCells({ name, results }) {
  const count = (/** @type {string} */ verdict) =>
    results.filter((result) => result.verdict === verdict).length;
  return [
    name,
    String(results.length),
    ...VERDICTS.map((verdict) => percentWithin(count(verdict), results.length)),
    mean(results.map(pairsOf)).toFixed(0),
  ];
}

/** What the figures of checks would have said, had the client been fast enough to be believed. */
function invalidWords() {
  const counts = series.flatMap(({ name, results }) => {
    const invalid = results.filter(({ verdict }) => verdict === 'invalid');
    if (invalid.length === 0) return [];
    const of = (/** @type {string} */ verdict) =>
      invalid.filter((one) => figuresOf(one) === verdict);
    const said = VERDICTS.slice(0, 3).map((verdict) => `${of(verdict).length} ${verdict}`);
    return [`${name}: ${said.join(', ')}`];
  });
  return counts.length === 0
    ? 'No check was invalid.'
    : `Invalid: the client, which shares these cores with the simulators, was late. By their figures alone: ${counts.join('; ')}.`;
}

/** @param {CheckResult} result */
function figuresOf({ findings }) {
  const verdicts = findings.map(({ verdict }) => verdict);
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
}

/** @param {Series} of */
function changeRows({ name, results }) {
  const truth = name === 'itself' ? 0 : Number(SLOWER) - 1;
  return DEFAULT_GATE.metrics
    .filter(({ kind }) => kind === 'quantile')
    .map(({ text: metric }) => {
      const changes = results
        .flatMap(({ findings }) => findings)
        .filter((finding) => finding.metric === metric)
        .flatMap(({ change }) => change ?? []);
      const sizes = changes.flatMap(({ estimate }) => estimate ?? []);
      const held = changes.filter(
        ({ low, high }) => (low ?? -Infinity) <= truth && truth <= (high ?? Infinity),
      );
      return [
        name,
        `\`${metric}\``,
        ...[mean(sizes), Math.min(...sizes), Math.max(...sizes)].map(signed),
        `${held.length} of ${changes.length}`,
      ];
    });
}

/** @param {CheckResult} result */
function pairsOf({ requests }) {
  return requests.sent / 2 / MODELS.length;
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number} change */
function signed(change) {
  return `${change < 0 ? '' : '+'}${(100 * change).toFixed(1)} %`;
}

/** @param {string} block */
function write(block) {
  const document = new URL('../docs/gate.md', import.meta.url);
  const before = readFileSync(document, 'utf8');
  const [start, end] = ['<!-- gate:sockets -->', '<!-- /gate:sockets -->'];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/gate.md has no place for it: ${start} … ${end}`);
  writeFileSync(
    document,
    `${before.slice(0, from + start.length)}\n\n${block}\n\n${before.slice(to)}`,
  );
}
