import { mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, messageOf, writeError } from '../errors.ts';
import { syncFolder } from './sync-folder.ts';

/** Names of the files in a run's folder. */
export const RUN_FILES = {
  manifest: 'manifest.json',
  plan: 'plan.ndjson.gz',
  requests: 'requests.ndjson',
  grades: 'grades.ndjson',
  tapes: 'tapes.ndjson.gz',
  summary: 'summary.json',
  summaryCsv: 'summary.csv',
  requestsCsv: 'requests.csv',
  check: 'check.json',
  judge: 'judge.ndjson',
  superseded: 'superseded.ndjson',
  supersededGrades: 'superseded-grades.ndjson',
  supersededTapes: 'superseded-tapes.ndjson.gz',
  damagedTapes: 'damaged-tapes.ndjson.gz',
} as const;

export interface RunFolder {
  /** Its name: `20260102T030405Z-reasoning`, with `-2`, `-3`, … where that was taken. */
  runId: string;
  path: string;
}

/**
 * Makes the folder of a new run, before anything is sent.
 * @throws TokentapeError (exit 74) where the folder cannot be made
 */
export async function createRunFolder(
  outputDir: string,
  suites: readonly string[],
  startedAt: Date,
): Promise<RunFolder> {
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const name = `${stamp}-${suites.join('+').replace(/[^\w.+-]/g, '_')}`.slice(0, 200);
  try {
    await makeFolder(path.resolve(outputDir));
    for (let n = 1; ; n++) {
      const runId = n === 1 ? name : `${name}-${n}`;
      const folder = path.join(outputDir, runId);
      if (await makeNew(folder)) return { runId, path: folder };
    }
  } catch (error) {
    throw writeError(
      `cannot make a folder for the results in ${outputDir}: ${messageOf(error)}`,
      'choose another one with --output DIR',
      error,
    );
  }
}

/** Makes a folder and what it lies in, as `mkdir -p`; Node's own, with `recursive`, never ends where a file system makes no folders. */
export async function makeFolder(folder: string): Promise<void> {
  if ((await stat(folder).catch(() => null))?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  if (await makeNew(folder)) await syncFolder(parent);
}

async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Points `latest` to a run: a relative link, or a file holding the name where links are not to be had.
 * It is a convenience: a folder that takes no more entries keeps the one that it has.
 */
export async function pointLatest(outputDir: string, runId: string): Promise<void> {
  const latest = path.join(outputDir, 'latest');
  const fresh = `${latest}.${process.pid}`;
  try {
    // A process of the same number may have been killed at this very point.
    await rm(fresh, { force: true });
    try {
      await symlink(runId, fresh, 'dir');
    } catch {
      await writeFile(fresh, `${runId}\n`, { flag: 'wx' });
    }
    await rename(fresh, latest);
    await syncFolder(outputDir);
  } catch {
    await rm(fresh, { force: true }).catch(() => {});
  }
}
