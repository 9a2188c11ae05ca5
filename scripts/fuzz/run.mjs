// One target in a thread of its own, watched from this one: an input that takes too long is a finding.
import { Worker } from 'node:worker_threads';

/**
 * @typedef {object} Finding
 * @property {string} target with its check: `sse/chunking`
 * @property {number} seed
 * @property {string | null} path
 * @property {string} what
 * @property {string} input
 */

/**
 * @typedef {object} Tally
 * @property {string} name
 * @property {Record<string, number>} runs by check
 * @property {Finding[]} findings
 */

/** What no input may take, however busy the machine is. */
const DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 250;
/** In the memory that both threads see: even while nothing is run, odd while an input is. */
const TURN = 0;
const CHECK = 1;
const SEED = 2;
const RUN = 3;

/**
 * @param {import('./targets/index.mjs').Target} target
 * @param {{ seed: number, path: string | undefined, msPerCheck: number, corpus: import('./corpus.mjs').Corpus }} options
 * @returns {Promise<Tally>}
 */
export async function fuzzTarget(target, options) {
  /** @type {Tally} */
  const tally = { name: target.name, runs: {}, findings: [] };
  let from = 0;
  // A thread that hung or died takes the checks behind the one it was at with it: another goes on there.
  while (from < target.checks.length) from = await runThread(target, from, options, tally);
  return tally;
}

/**
 * @param {import('./targets/index.mjs').Target} target
 * @param {number} from
 * @param {Parameters<typeof fuzzTarget>[1]} options
 * @param {Tally} tally
 * @returns {Promise<number>} the check to go on with
 */
function runThread(target, from, options, tally) {
  const { seed, path, msPerCheck, corpus } = options;
  const beat = new Int32Array(new SharedArrayBuffer(16));
  const checks = target.checks.slice(from).map(({ name }) => name);
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: {
      target: target.name,
      checks,
      seed,
      path,
      msPerCheck,
      corpus,
      beat,
    },
    stdout: true,
    stderr: true,
  });
  // What the commands print goes nowhere; unread it would pile up.
  worker.stdout.resume();
  worker.stderr.resume();
  return new Promise((resolve) => {
    let seen = -1;
    let seenMs = performance.now();
    const stopWith = (/** @type {string} */ what) => {
      clearInterval(timer);
      const at = beat[CHECK] ?? 0;
      const name = `${target.name}/${checks[at]}`;
      tally.findings.push({
        target: name,
        seed: beat[SEED] ?? seed,
        path: path ?? String(beat[RUN]),
        what,
        input: 'as the command makes it again',
      });
      worker.removeAllListeners();
      worker.on('error', () => {});
      void worker.terminate().then(() => resolve(from + at + 1));
    };
    const timer = setInterval(() => {
      const turn = Atomics.load(beat, TURN);
      const nowMs = performance.now();
      if (turn !== seen) [seen, seenMs] = [turn, nowMs];
      else if (turn % 2 === 1 && nowMs - seenMs > DEADLINE_MS) {
        stopWith(`took over ${DEADLINE_MS / 1000} s`);
      }
    }, LOOK_EVERY_MS);
    worker.on(
      'message',
      (/** @type {{ check: string, runs: number, finding: Finding | null }} */ said) => {
        tally.runs[said.check] = said.runs;
        if (said.finding !== null) tally.findings.push(said.finding);
      },
    );
    // What is thrown where nobody waits for it is as much a fault as any other.
    worker.on('error', (error) => stopWith(`outside of any promise: ${error.stack ?? error}`));
    worker.on('exit', () => {
      clearInterval(timer);
      resolve(target.checks.length);
    });
  });
}
