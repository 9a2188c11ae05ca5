// What a long run leaves on disk, and whether the commands that read it still can.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './workplace.mjs';

/**
 * @typedef {{ command: string, code: number | null, seconds: number, bytes: number, stderr: string }} Read
 * @typedef {{ files: Record<string, number>, reads: Read[] }} Stored
 */

/** @param {string} folder @param {string} runPath @returns {Promise<Stored>} */
export async function afterwards(folder, runPath) {
  /** @type {Record<string, number>} */
  const files = {};
  for (const name of await readdir(runPath)) {
    files[name] = (await stat(path.join(runPath, name))).size;
  }
  /** @type {Read[]} */
  const reads = [];
  for (const words of [
    ['export', runPath, '--to', 'csv'],
    ['export', runPath, '--to', 'md'],
    ['export', runPath, '--to', 'json'],
    ['compare', runPath, runPath],
    ['recompute', runPath, '-o', path.join(folder, 'recomputed')],
  ]) {
    const startedMs = performance.now();
    const { code, stdout, stderr } = await runCommand(folder, words);
    reads.push({
      command: words.filter((word) => word !== runPath && !path.isAbsolute(word)).join(' '),
      code,
      seconds: (performance.now() - startedMs) / 1000,
      bytes: Buffer.byteLength(stdout),
      stderr,
    });
  }
  return { files, reads };
}
