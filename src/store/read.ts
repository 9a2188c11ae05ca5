import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBoundedText } from '../bounded-read.ts';
import type { Tape } from '../capture/tape.ts';
import { errorCode, messageOf, usageError } from '../errors.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import { RUN_FILES } from './folder.ts';
import { gunzippedLines, lineBatches } from './lines.ts';
import { lineToTape, type TapeLine } from './tape-line.ts';
import type { Manifest } from './types.ts';

/** Of a manifest or a summary: a row for each of a hundred thousand models. */
export const RUN_JSON_BYTES_MAX = 64 * 1024 * 1024;

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
  const file = path.join(folder, RUN_FILES.manifest);
  try {
    const manifest = JSON.parse(readBoundedText(file, RUN_JSON_BYTES_MAX)) as Manifest;
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
    if (stats?.isDirectory()) return candidate;
    if (stats?.isFile() && path.basename(candidate) === 'latest') {
      // Where links are not to be had, `latest` is a file that holds the name.
      const target = readBoundedText(candidate, RUN_JSON_BYTES_MAX).trim();
      if (!/[/\\]/.test(target)) return path.join(path.dirname(candidate), target);
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
    try {
      const text = readBoundedText(path.join(folder, RUN_FILES.manifest), RUN_JSON_BYTES_MAX);
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

const READ_BYTES = 1 << 16;

async function* linesOf(file: string): AsyncGenerator<string[]> {
  try {
    yield* lineBatches(createReadStream(file, { highWaterMark: READ_BYTES }));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

/** The tapes of a run; what was cut off at the end is left out. */
export async function* readTapes(run: StoredRun): AsyncGenerator<Tape> {
  const file = path.join(run.path, RUN_FILES.tapes);
  try {
    for await (const line of gunzippedLines(file)) yield lineToTape(JSON.parse(line) as TapeLine);
  } catch (error) {
    // Z_BUF_ERROR: the last member was cut off; a syntax error: its last line was.
    if (errorCode(error) === 'Z_BUF_ERROR' || error instanceof SyntaxError) return;
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
