// A real run of the compiled command in a process of its own, killed at a drawn moment.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { linesOf } from './journals.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const RECORDER = new URL('./recorder.mjs', import.meta.url).href;
const LOOK_EVERY_MS = 3;
/** A run takes three seconds; beyond this it hangs, and is killed for that. */
const HANGS_AFTER_MS = 60_000;

export const JOURNALS = /** @type {const} */ (['requests.ndjson', 'grades.ndjson', 'judge.ndjson']);

/**
 * @typedef {object} Death
 * @property {string | null} folder of the run; `null` where it was not made
 * @property {Map<string, Buffer>} before journals just before the kill
 * @property {number} atMs on the clock of `recorder.mjs`
 * @property {boolean} wasKilled false where the process ended first
 * @property {number | null} code
 * @property {boolean} hung
 * @property {string} said
 */
/** @typedef {{ cwd: string, results: string, notes: string }} Place */

/**
 * @param {string[]} args
 * @param {Place} place
 * @param {(elapsedMs: number) => number | null} isTime for how many more milliseconds to wait; `null`: not yet
 * @returns {Promise<Death>}
 */
export async function runUntil(args, place, isTime) {
  const child = spawn(process.execPath, ['--import', RECORDER, CLI, ...args], {
    cwd: place.cwd,
    env: environment({ CRASH_NOTES: place.notes }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const startedMs = performance.now();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('close', resolve));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  let hung = false;
  for (;;) {
    if (isOver()) break;
    const elapsedMs = performance.now() - startedMs;
    hung = elapsedMs > HANGS_AFTER_MS;
    const waitMs = isTime(elapsedMs);
    if (waitMs !== null) await Promise.race([sleep(waitMs), ended]);
    if (waitMs !== null || hung) break;
    await sleep(LOOK_EVERY_MS);
  }
  const wasKilled = !isOver();
  const before = journalsIn(folderIn(place.results));
  child.kill('SIGKILL');
  const atMs = performance.timeOrigin + performance.now();
  const code = await ended;
  return { folder: folderIn(place.results), before, atMs, wasKilled, code, hung, said };
}

/** Commands that only read, tried one after the other. */
export class Commands {
  #child;

  /** @param {string} cwd */
  constructor(cwd) {
    const server = fileURLToPath(new URL('./command-server.mjs', import.meta.url));
    this.#child = fork(server, {
      cwd,
      env: environment({}),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  /** @param {string[]} args @returns {Promise<import('./command-server.mjs').CommandResult>} */
  async run(args) {
    this.#child.send(args);
    const late = new AbortController();
    const none = { code: -1, stdout: '', stderr: 'it gave no answer' };
    const gone = once(this.#child, 'exit', { signal: late.signal }).then(
      () => none,
      () => none,
    );
    const tooLong = sleep(HANGS_AFTER_MS, none, { signal: late.signal }).catch(() => none);
    const answer = once(this.#child, 'message', { signal: late.signal }).then(
      ([result]) => result,
      () => none,
    );
    try {
      return await Promise.race([answer, gone, tooLong]);
    } finally {
      late.abort();
    }
  }

  end() {
    this.#child.kill('SIGKILL');
  }
}

/** @param {Record<string, string>} more */
function environment(more) {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, TOKENTAPE_CALIBRATE: 'off', NO_COLOR: '1', ...more };
}

/** When a drawn kill is due. @param {import('./draw.mjs').Kill} kill @param {Place} place */
export function whenDue({ scenario, moment, share }, { results }) {
  const records = () => {
    const folder = folderIn(results);
    return folder === null ? 0 : linesOf(read(path.join(folder, 'requests.ndjson'))).lines.length;
  };
  const total = scenario.requests;
  return (/** @type {number} */ elapsedMs) => {
    const folder = folderIn(results);
    switch (moment) {
      case 'first':
        // From before the process has loaded anything, or around the moment in which the folder is made.
        if (share < 0.3) return elapsedMs >= share * 4000 ? 0 : null;
        return folder === null ? null : (share - 0.3) * 120;
      case 'sending':
        return records() >= Math.floor(share * total) + 1 ? (share * 1000) % 40 : null;
      case 'grading':
        return records() >= total ? share * 1200 : null;
      case 'last': {
        const isWriting =
          folder !== null && readdirSync(folder).some((name) => /^summary/.test(name));
        return isWriting ? share * 40 : null;
      }
    }
  };
}

/** The one run's folder, by its path; `latest` is none. @param {string} results */
export function folderIn(results) {
  if (!existsSync(results)) return null;
  const [folder] = readdirSync(results, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folder === undefined ? null : path.join(results, folder.name);
}

/** @param {string | null} folder @returns {Map<string, Buffer>} */
export function journalsIn(folder) {
  const there = folder === null ? [] : JOURNALS;
  return new Map(there.map((name) => [name, read(path.join(folder ?? '', name))]));
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
