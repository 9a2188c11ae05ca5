// Draws inputs for the checks of one target until their time is up. Batches are seeded one by one, so that
// the same seed gives the same inputs on every machine, only more of them on a faster one.
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { openCorpus } from './corpus.mjs';
import { TARGETS } from './targets/index.mjs';

const TURN = 0;
const CHECK = 1;
const SEED = 2;
const RUN = 3;
const INPUT_CHARACTERS = 2000;

/** @type {{ target: string, checks: string[], seed: number, path: string | undefined, msPerCheck: number, corpus: import('./corpus.mjs').Corpus, beat: Int32Array }} */
const job = workerData;
const { beat } = job;
const target = TARGETS.find(({ name }) => name === job.target);
if (target === undefined) throw new Error(`no target ${job.target}`);
const seeds = openCorpus(job.corpus);

for (const [at, name] of job.checks.entries()) {
  beat[CHECK] = at;
  const check = target.checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  parentPort?.postMessage({ check: name, ...(await fuzz(check)) });
}

/** @param {import('./targets/index.mjs').Check} check */
async function fuzz(check) {
  const endMs = performance.now() + job.msPerCheck;
  const { input, run } = await check.prepare(seeds);
  let runs = 0;
  const property = fc.asyncProperty(input, async (value) => {
    Atomics.add(beat, TURN, 1);
    try {
      await run(value);
      runs += 1;
    } finally {
      Atomics.add(beat, RUN, 1);
      Atomics.add(beat, TURN, 1);
    }
  });
  const numRuns = job.path === undefined ? (check.batch ?? 100) : 1;
  for (let batch = 0; ; batch++) {
    const seed = (job.seed + batch) | 0;
    beat[SEED] = seed;
    beat[RUN] = 0;
    const done = await fc.check(property, {
      seed,
      numRuns,
      interruptAfterTimeLimit: 60_000,
      ...(job.path !== undefined && { path: job.path }),
    });
    if (done.failed) return { runs, finding: findingOf(check, done) };
    if (job.path !== undefined || performance.now() >= endMs) return { runs, finding: null };
  }
}

/**
 * @param {import('./targets/index.mjs').Check} check
 * @param {fc.RunDetails<[any]>} details
 * @returns {import('./run.mjs').Finding}
 */
function findingOf(check, details) {
  const error = /** @type {Error | null} */ (details.errorInstance ?? null);
  const [value] = details.counterexample ?? [];
  const shown = (check.show ?? shownPlainly)(value);
  return {
    target: `${job.target}/${check.name}`,
    seed: details.seed,
    path: details.counterexamplePath,
    what: error?.stack ?? String(error),
    input: shown.length > INPUT_CHARACTERS ? `${shown.slice(0, INPUT_CHARACTERS)}…` : shown,
  };
}

/** Bytes as text that `Buffer.from(text, 'latin1')` takes back; parts are told by the counter-example's path. @param {any} value */
function shownPlainly(value) {
  const plain =
    value !== null && typeof value === 'object' && 'bytes' in value
      ? { ...value, parts: undefined }
      : value;
  const bytesAsText = (/** @type {string} */ _key, /** @type {any} */ one) =>
    one?.type === 'Buffer' ? Buffer.from(one.data).toString('latin1') : one;
  return JSON.stringify(plain, bytesAsText) ?? String(value);
}
