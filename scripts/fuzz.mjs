// `npm run fuzz -- [--seconds N] [--seed N] [--target NAME] [--path P] [--jobs N] [--list]`: random and
// nearly valid input for what reads bytes from outside, held against independent oracles. Without --seed
// a random one is drawn and printed. A finding names the command that repeats it. Exit 1 where there is one.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeCorpus } from './fuzz/corpus.mjs';
import { findingText, tallyTable } from './fuzz/report.mjs';
import { fuzzTarget } from './fuzz/run.mjs';
import { TARGETS } from './fuzz/targets/index.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    target: { type: 'string' },
    path: { type: 'string' },
    jobs: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const chosen = targetsNamed(values.target);
if (values.list) {
  for (const { name, checks } of chosen) {
    for (const check of checks) console.log(`${`${name}/${check.name}`.padEnd(36)} ${check.about}`);
  }
  process.exit(0);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const jobs = Math.min(chosen.length, Number(values.jobs ?? Math.min(2, availableParallelism())));
const seconds = Number(values.seconds);
if (![seed, jobs, seconds].every((value) => Number.isFinite(value))) {
  throw new Error('--seconds, --seed and --jobs take numbers');
}
console.error(`seed ${seed}, ${seconds} s, ${jobs} at a time`);

const home = process.cwd();
const folder = mkdtempSync(path.join(tmpdir(), 'tokentape-fuzz-'));
let failed = false;
try {
  const corpus = await makeCorpus(folder);
  // No config of the place it is started in may steer what is fuzzed.
  process.chdir(folder);
  const parts = chosen.reduce((sum, { checks }) => sum + checks.length, 0);
  const msPerCheck = (seconds * 1000 * jobs) / parts;
  const waiting = [...chosen];
  /** @type {import('./fuzz/run.mjs').Tally[]} */
  const tallies = [];
  const next = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const tally = await fuzzTarget(target, {
        seed,
        path: values.path,
        msPerCheck,
        corpus,
      });
      tallies.push(tally);
      for (const finding of tally.findings) {
        failed = true;
        console.log(findingText(finding));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, next));
  console.log(tallyTable(tallies));
} finally {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;

/**
 * @param {string | undefined} wanted `sse`, `sse/chunking`, or several by commas
 * @returns {import('./fuzz/targets/index.mjs').Target[]}
 */
function targetsNamed(wanted) {
  if (wanted === undefined) return TARGETS;
  const words = wanted.split(',');
  const found = TARGETS.flatMap((target) => {
    if (words.includes(target.name)) return [target];
    const checks = target.checks.filter((check) => words.includes(`${target.name}/${check.name}`));
    return checks.length === 0 ? [] : [{ ...target, checks }];
  });
  if (found.length === 0) {
    throw new Error(`no target ${wanted}: there are ${TARGETS.map(({ name }) => name).join(', ')}`);
  }
  return found;
}
