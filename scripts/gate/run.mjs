// Runs the checks of sections over worker threads.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** @typedef {import('./sections.mjs').Section<any>} Section */
/** @typedef {import('./sections.mjs').Result<any>} Result */

const CHECKS_PER_JOB = 250;

/**
 * @param {Section[]} sections
 * @param {{ quick: boolean, checks: number | undefined }} options
 * @param {(text: string) => void} progress
 * @returns {Promise<Map<Section, Result[]>>} parallel to the cells of each
 */
export async function runSections(sections, { quick, checks: wanted }, progress) {
  const results = new Map(
    sections.map((section) => [
      section,
      (quick ? section.quickCells : section.cells).map((cell) => ({
        cell,
        checks: wanted ?? section.checks[quick ? 'quick' : 'full'],
        tally: /** @type {import('./sections.mjs').Tally} */ ({}),
      })),
    ]),
  );
  const jobs = [...results].flatMap(([section, cells]) =>
    cells.flatMap((result) => jobsOf(section, result)),
  );
  let next = 0;
  let done = 0;
  const work = async () => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url));
    try {
      for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
        const { message, result } = job;
        for (const [key, value] of Object.entries(await answerOf(worker, message))) {
          result.tally[key] = (result.tally[key] ?? 0) + value;
        }
        done++;
        progress(`${job.title}: ${message.cell.name}, ${Math.floor((100 * done) / jobs.length)} %`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

/**
 * @param {Section} section
 * @param {Result} result
 */
function jobsOf(section, result) {
  const jobs = [];
  for (let from = 0; from < result.checks; from += CHECKS_PER_JOB) {
    const to = Math.min(result.checks, from + CHECKS_PER_JOB);
    const message = { section: section.name, cell: result.cell, from, to };
    jobs.push({ title: section.title, result, message });
  }
  return jobs;
}

/**
 * @param {Worker} worker
 * @param {import('./worker.mjs').Job} job
 * @returns {Promise<import('./sections.mjs').Tally>}
 */
function answerOf(worker, job) {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tally) => {
      worker.off('error', reject);
      resolve(tally);
    });
    worker.postMessage(job);
  });
}
