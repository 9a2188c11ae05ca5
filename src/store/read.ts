import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Tape } from '../capture/tape.ts';
import { errorCode, messageOf, usageError } from '../errors.ts';
import { isInside } from '../inside.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import { RUN_FILES } from './folder.ts';
import { plainLines, salvagedLines } from './lines.ts';
import { assertPlain } from './plain-folder.ts';
import { lineToTape, type TapeLine } from './tape-line.ts';
import type { Manifest } from './types.ts';

/** A run as it stands on disk, whole or cut off. */
export interface StoredRun {
  path: string;
  manifest: Manifest;
}

/**
 * Finds a run by the path of its folder, by its name in the results folder, or as `latest`.
 * @throws TokentapeError (exit 2) where there is none, or its manifest cannot be read
 */
export async function openRun(name: string, outputDir: string): Promise<StoredRun> {
  const folder = await findRun(name, outputDir);
  await assertPlain(folder);
  const file = path.join(folder, RUN_FILES.manifest);
  try {
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    if (manifest.schema_version !== 1) {
      throw new Error(`it has schema version ${manifest.schema_version}, this version reads 1`);
    }
    return { path: folder, manifest };
  } catch (error) {
    throw usageError(`cannot read ${file}: ${messageOf(error)}`, 'name the folder of a run');
  }
}

async function findRun(name: string, outputDir: string): Promise<string> {
  for (const candidate of [name, path.join(outputDir, name)]) {
    const stats = await stat(candidate).catch(() => null);
    if (stats?.isDirectory()) {
      if (candidate !== name) assertInside(candidate, outputDir);
      // A link of this name is made by every run; one that leads out of its folder, by none.
      if (path.basename(candidate) === 'latest') assertInside(candidate, path.dirname(candidate));
      return candidate;
    }
    if (stats?.isFile() && path.basename(candidate) === 'latest') {
      // Where links are not to be had, `latest` is a file that holds the name.
      const target = (await readFile(candidate, 'utf8')).trim();
      const run = path.join(path.dirname(candidate), target);
      if (!/^\.*$|[/\\]/.test(target) && existsSync(run)) {
        assertInside(run, path.dirname(candidate));
        return run;
      }
    }
    if (stats?.isFile() && path.basename(candidate) === RUN_FILES.manifest) {
      return path.dirname(candidate);
    }
  }
  const known = (await listRuns(outputDir)).slice(0, 5).map(({ manifest }) => manifest.run_id);
  throw usageError(
    `there is no run ${name}`,
    known.length === 0
      ? `no runs are in ${outputDir}`
      : `the newest in ${outputDir}: ${known.join(', ')}`,
  );
}

/** @throws TokentapeError (exit 2) */
function assertInside(run: string, outputDir: string): void {
  if (isInside(run, outputDir)) return;
  throw usageError(
    `${run} is a link that leads out of ${outputDir}`,
    'name the folder of the run itself',
  );
}

/** The runs of a results folder, newest first; folders that are none are passed over. */
export async function listRuns(outputDir: string): Promise<StoredRun[]> {
  const entries = await readdir(outputDir, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw usageError(`cannot read ${outputDir}: ${messageOf(error)}`);
  });
  const runs: StoredRun[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const folder = path.join(outputDir, entry.name);
    const file = path.join(folder, RUN_FILES.manifest);
    try {
      await assertPlain(folder);
      const text = await readFile(file, 'utf8');
      runs.push({ path: folder, manifest: JSON.parse(text) as Manifest });
    } catch {
      // Not a run, or one whose manifest was never written.
    }
  }
  return runs.sort((a, b) => (a.manifest.started_at < b.manifest.started_at ? 1 : -1));
}

/**
 * The records of a run in the order in which they ended. A last line that was cut off is left out.
 * @throws TokentapeError (exit 2) for a broken line that is not the last
 */
export async function* readRecords(run: StoredRun): AsyncGenerator<RequestRecord> {
  for await (const batch of readRecordBatches(run)) yield* batch;
}

/** The same, as many at a time as one read brings: a run may have a million. */
export function readRecordBatches(run: StoredRun): AsyncGenerator<RequestRecord[]> {
  return journalBatches(path.join(run.path, RUN_FILES.requests), 'record');
}

/**
 * The grades of a run in the order in which they were given; none of a run that was not graded. A last
 * line that was cut off is left out.
 * @throws TokentapeError (exit 2) for a broken line that is not the last
 */
export async function* readGrades(run: StoredRun): AsyncGenerator<Grade> {
  for await (const batch of readGradeBatches(run)) yield* batch;
}

/** The same, as many at a time as one read brings. */
export function readGradeBatches(run: StoredRun): AsyncGenerator<Grade[]> {
  return journalBatches(path.join(run.path, RUN_FILES.grades), 'grade');
}

/** Lines of another file of records, as those that were superseded; none where there is no such file. */
export function readLines<Line>(file: string): AsyncGenerator<Line[]> {
  return journalBatches(file, 'record');
}

/** @param what a line is, for the message */
async function* journalBatches<Line>(file: string, what: string): AsyncGenerator<Line[]> {
  let tornLine: number | null = null;
  let lineNumber = 0;
  for await (const lines of linesOf(file)) {
    const batch: Line[] = [];
    for (const line of lines) {
      lineNumber += 1;
      if (tornLine !== null) {
        throw usageError(`${file}:${tornLine}: not a ${what}, and not the last line`);
      }
      if (line === '') continue;
      try {
        batch.push(JSON.parse(line) as Line);
      } catch {
        tornLine = lineNumber;
      }
    }
    yield batch;
  }
}

async function* linesOf(file: string): AsyncGenerator<string[]> {
  try {
    yield* plainLines(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

/** The tapes of a run; what was cut off at the end is left out. */
export async function* readTapes(run: StoredRun): AsyncGenerator<Tape> {
  const file = path.join(run.path, RUN_FILES.tapes);
  try {
    for await (const lines of salvagedLines(file)) {
      for (const line of lines) yield lineToTape(JSON.parse(line) as TapeLine);
    }
  } catch (error) {
    // The last line was cut off.
    if (error instanceof SyntaxError) return;
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
