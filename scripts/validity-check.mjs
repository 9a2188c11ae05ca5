// Whether the verdict on a run agrees with the ground truth: runs the compiled command against the
// ground truth as a real endpoint, in situations whose verdict is known, and compares.
//   node scripts/validity-check.mjs [--times 20] [--seconds 10] [--only quiet,blocked,neighbours]
//     [--streams N] (a tenth of the trusted load) [--rate 50] [--csv FILE]
// Ends with 1 where a verdict is wrong: p99 of the true error over 5 ms and not invalid, or under 1 ms
// and not valid.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startGroundTruth } from '../dist/calibration/ground-truth.js';
import { chunkErrors, summariseErrors } from '../dist/calibration/stamping-error.js';
import { openRun, readTapes } from '../dist/store/read.js';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const HOLD_UP = new URL('./hold-up.mjs', import.meta.url).href;

const { values: flags } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: 'quiet,blocked,neighbours' },
    streams: { type: 'string' },
    rate: { type: 'string', default: '50' },
    csv: { type: 'string' },
  },
});
const times = Number(flags.times);
const rate = Number(flags.rate);
const streams = Number(flags.streams ?? (await tenthOfTrusted()));

/** @type {Record<string, { expected: 'valid' | 'invalid', neighbours: number, blocked: boolean }>} */
const SITUATIONS = {
  quiet: { expected: 'valid', neighbours: 0, blocked: false },
  blocked: { expected: 'invalid', neighbours: 0, blocked: true },
  neighbours: { expected: 'invalid', neighbours: 2 * os.cpus().length, blocked: false },
};

const lines = [
  'situation,verdict,exit_code,true_error_ms_p50,true_error_ms_p99,true_error_ms_max,true_late_share,late_share,late_read_share,lateness_ms_p99,cpu_share,run_queue_share,',
];
console.log(
  `${streams} streams of ${rate} chunks/s, ${flags.seconds} s each, ${times} times each\n` +
    'situation   true p50    p99    max  late %   probes: late %  reads: late %  CPU %  verdict',
);
let wrong = 0;
const tally = new Map(flags.only.split(',').map((name) => [name, 0]));
// Interleaved, so that what else this machine does falls on all of them.
for (let round = 0; round < times; round++) {
  for (const name of tally.keys()) {
    const situation = SITUATIONS[name];
    if (situation === undefined) throw new Error(`no situation ${name}`);
    const seen = await runOnce(situation);
    const p99 = seen.truth.p99Ms ?? Number.NaN;
    const mistaken =
      (p99 > 5 && seen.verdict !== 'invalid') || (p99 < 1 && seen.verdict !== 'valid');
    if (mistaken) wrong += 1;
    if (seen.verdict === situation.expected) tally.set(name, (tally.get(name) ?? 0) + 1);
    print(name, seen, mistaken);
  }
}
for (const [name, count] of tally) {
  console.log(`${name}: ${SITUATIONS[name]?.expected} ${count} of ${times}`);
}
console.log(`verdicts against the ground truth: ${wrong} wrong`);
if (flags.csv !== undefined) await writeFile(flags.csv, `${lines.join('\n')}\n`);
process.exitCode = wrong > 0 ? 1 : 0;

/** @param {typeof SITUATIONS[string]} situation */
async function runOnce({ neighbours, blocked }) {
  const chunks = /** @type {const} */ ([rate * 2, rate * 4]);
  const truth = await startGroundTruth({ schedule: { ratePerSecond: rate, chunks } });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tokentape-validity-'));
  const busy = Array.from({ length: neighbours }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    await writeFile(
      path.join(folder, 'bench.config.yaml'),
      `targets: {truth: {base_url: '${truth.url}', models: [m]}}\ndefaults: {chunk_rate: ${rate}}\n`,
    );
    await writeFile(
      path.join(folder, 'one.yaml'),
      'description: One prompt\ncases: [{id: one, prompt: Stream.}]\n',
    );
    const args = ['-s', './one.yaml', '-j', String(streams), '-d', `${flags.seconds}s`, '-q'];
    const code = await command(folder, ['run', ...args], blocked);
    return await lookAt(folder, code);
  } finally {
    for (const neighbour of busy) neighbour.kill('SIGKILL');
    await truth.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} cwd
 * @param {string[]} args
 * @param {boolean} blocked
 * @returns {Promise<number | null>}
 */
function command(cwd, args, blocked) {
  const env = { ...process.env, ...(blocked && { NODE_OPTIONS: `--import=${HOLD_UP}` }) };
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.once('exit', resolve));
}

/**
 * @param {string} folder
 * @param {number | null} code
 */
async function lookAt(folder, code) {
  const run = await openRun('latest', path.join(folder, 'results'));
  const errors = [];
  for await (const tape of readTapes(run)) errors.push(chunkErrors(tape).errorMs);
  const truth = summariseErrors(errors);
  const late = errors.reduce((sum, all) => sum + all.filter((ms) => ms > 2).length, 0);
  const { verdict, measured } = run.manifest.validity;
  if (measured === undefined) throw new Error('nothing was measured');
  return { code, verdict, truth, trueLateShare: late / truth.chunks, measured };
}

/**
 * @param {string} name
 * @param {Awaited<ReturnType<typeof lookAt>>} seen
 * @param {boolean} mistaken
 */
function print(name, { code, verdict, truth, trueLateShare, measured }, mistaken) {
  const { late_share, late_reads, reads, cpu_share } = measured;
  /** @param {number | null | undefined} value @param {number} width */
  const cell = (value, width) => (value ?? Number.NaN).toFixed(2).padStart(width);
  console.log(
    name.padEnd(11) +
      cell(truth.p50Ms, 9) +
      cell(truth.p99Ms, 7) +
      cell(truth.maxMs, 7) +
      cell(100 * trueLateShare, 8) +
      cell(100 * late_share, 17) +
      cell((100 * late_reads) / reads, 15) +
      cell(100 * (cpu_share ?? Number.NaN), 7) +
      `  ${verdict}${mistaken ? ' WRONG' : ''}`,
  );
  lines.push(
    [
      name,
      verdict,
      code,
      truth.p50Ms,
      truth.p99Ms,
      truth.maxMs,
      trueLateShare,
      late_share,
      late_reads / reads,
      measured.lateness_ms_p99,
      cpu_share,
      measured.run_queue_share,
    ].join(','),
  );
}

/** As `tokentape calibrate` finds it. */
async function tenthOfTrusted() {
  const child = spawn(process.execPath, [CLI, 'calibrate', '--json', '--rate', flags.rate], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const piece of child.stdout) text += piece;
  return Math.max(1, Math.floor(JSON.parse(text).trusted_streams / 10));
}
