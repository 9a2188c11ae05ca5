// `npm run suites:skill -- [--seed S] [--no-code] [--keep DIR]`: all shipped suites against the embedded
// simulator at its twelve models' known skill, by the compiled command and over real sockets, graded as any
// run is. Prints each row's accuracy with its interval beside the skill, and whether every single grade is
// what the simulator meant. Exit 1 where one is not, or where more intervals miss the skill than chance
// would let in 1 of 1000 such measurements. The seed is the simulator's default unless another is given.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { meansRight } from '../dist/simulator/answers.js';
import { DEFAULT_SEED } from '../dist/simulator/options.js';
import { PROFILES } from '../dist/simulator/profiles.js';
import { binomialAtLeast } from '../dist/stats/binomial-power.js';
import { wilsonInterval } from '../dist/stats/wilson.js';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../dist/suite/load.js';
import { listSuites } from '../dist/suite/read.js';

/** @typedef {import('../src/score/types.ts').Grade} Grade */
/** @typedef {import('../src/metrics/types.ts').SummaryRow} SummaryRow */
/** @typedef {{ model: string, suite: string, skill: number, right: number, graded: number, low: number, high: number }} Measured */

const LEVEL = 0.001;
const MISS_RATE = 0.05;
const CLI = new URL('../dist/cli.js', import.meta.url).pathname;

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: DEFAULT_SEED },
    'no-code': { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const names = listSuites(BUILT_IN_SUITES_DIR);
const folder = flags.keep ?? mkdtempSync(join(tmpdir(), 'tokentape-skill-'));

execFileSync(
  process.execPath,
  [
    ...[CLI, 'run', '-t', 'simulator', '--profile', 'fast', '--seed', flags.seed, '-q'],
    ...['-w', '0', '-j', '8', '-o', folder, ...names.flatMap((name) => ['-s', name])],
    ...(flags['no-code'] ? [] : ['--run-code']),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);

/** @type {{ rows: SummaryRow[] }} */
const { rows } = JSON.parse(readFileSync(join(folder, 'latest', 'summary.json'), 'utf8'));
/** @type {Grade[]} */
const grades = readFileSync(join(folder, 'latest', 'grades.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
if (flags.keep === undefined) rmSync(folder, { recursive: true });

const profiles = PROFILES.default;
const openings = new Map(
  names.flatMap((name) => {
    const { suite } = loadSuite(name, [BUILT_IN_SUITES_DIR], flags.seed);
    return (suite?.cases ?? []).map(({ id, system, turns: [first] }) => {
      const asked = { role: 'user', content: first?.text ?? '' };
      const messages = system === null ? [asked] : [{ role: 'system', content: system }, asked];
      return /** @type {const} */ ([`${name}/${id}`, messages]);
    });
  }),
);

const strays = grades.filter(({ model, suite, case_id, grade }) => {
  const profile = profiles.get(model);
  const messages = openings.get(`${suite}/${case_id}`);
  if (profile === undefined || messages === undefined) throw new Error(`${suite}/${case_id}?`);
  return grade !== (meansRight(profile, messages, flags.seed) ? 'right' : 'wrong');
});

/** @type {Measured[]} */
const measured = rows.flatMap(({ model, suite, grades: counts, estimates: { accuracy } }) => {
  const skill = profiles.get(model)?.skill ?? Number.NaN;
  if (!counts || counts.right + counts.wrong === 0) return [];
  const { low, high } = accuracy;
  const graded = counts.right + counts.wrong;
  return [{ model, suite, skill, right: counts.right, graded, low: low ?? 0, high: high ?? 1 }];
});
const overall = [...profiles.values()].map(({ name: model, skill }) => {
  const own = measured.filter((one) => one.model === model);
  const [right, graded] = [sum(own.map((one) => one.right)), sum(own.map((one) => one.graded))];
  return { model, suite: 'all', skill, right, graded, ...wilsonInterval(right / graded, graded) };
});

print(`Over all suites (seed ${flags.seed})`, overall);
print('By suite', measured);
console.log(`${grades.length} answers graded; ${strays.length} not as they were meant`);
for (const { model, suite, case_id, turn, grade, answer, reason } of strays.slice(0, 40)) {
  console.log(
    `  ${model} · ${suite} · ${case_id}, turn ${turn + 1}: ${grade}, ${answer} (${reason})`,
  );
}
const fates = [overall, measured].map((list) => {
  const missed = list.filter(misses).length;
  const chance = binomialAtLeast(list.length, MISS_RATE, missed);
  console.log(
    `${missed} of ${list.length} intervals miss the skill; ${(MISS_RATE * list.length).toFixed(1)} are to be expected, and as many or more by chance in ${(chance * 100).toFixed(1)} %`,
  );
  return chance;
});
process.exitCode = strays.length > 0 || fates.some((chance) => chance < LEVEL) ? 1 : 0;

/** @param {Measured} one */
function misses({ skill, low, high }) {
  return skill < low || skill > high;
}

/** @param {string} title @param {Measured[]} list */
function print(title, list) {
  console.log(`${title}: model, suite, skill, measured [95 % interval], cases`);
  for (const one of list) {
    const { model, suite, skill, right, graded, low, high } = one;
    const figures = [skill, right / graded, low, high].map((share) => share.toFixed(3));
    const [set, share, from, to] = figures;
    const mark = misses(one) ? '  missed' : '';
    console.log(
      `  ${model.padEnd(30)} ${suite.padEnd(13)} ${set}  ${share} [${from}, ${to}]  ${right}/${graded}${mark}`,
    );
  }
  console.log('');
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, n) => total + n, 0);
}
