import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBoundedText } from '../bounded-read.ts';
import type { Tape } from '../capture/tape.ts';
import { parseJson } from '../decode/parse-json.ts';
import { errorCode, messageOf, usageError } from '../errors.ts';
import { isInside } from '../inside.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import { RUN_FILES } from './folder.ts';
import { plainLines, salvagedLines } from './lines.ts';
import { assertPlain } from './plain-folder.ts';
import { GRADE_SHAPE } from './shape/grade.ts';
import { type Kind, shapeFault } from './shape/kind.ts';
import { MANIFEST_SHAPE } from './shape/manifest.ts';
import { RECORD_SHAPE } from './shape/record.ts';
import { TAPE_SHAPE } from './shape/tape.ts';
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
  await assertPlain(folder);
  const file = path.join(folder, RUN_FILES.manifest);
  try {
    return { path: folder, manifest: manifestIn(readBoundedText(file, RUN_JSON_BYTES_MAX)) };
  } catch (error) {
    throw usageError(`cannot read ${file}: ${messageOf(error)}`, 'name the folder of a run');
  }
}

/** @throws Error that says what is wrong with it */
function manifestIn(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest | null;
  const version = manifest?.schema_version;
  if (typeof version === 'number' && version !== 1) {
    throw new Error(`it has schema version ${version}, this version reads 1`);
  }
  const fault = shapeFault(manifest, MANIFEST_SHAPE);
  if (fault !== null) throw new Error(`it is not as a run leaves it: ${fault}`);
  return manifest as Manifest;
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
      const target = readBoundedText(candidate, RUN_JSON_BYTES_MAX).trim();
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
      const manifest = manifestIn(readBoundedText(file, RUN_JSON_BYTES_MAX));
      runs.push({ path: folder, manifest });
    } catch {
      // Not a run, or one whose manifest was never written, or has been broken since.
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
  return journalBatches(path.join(run.path, RUN_FILES.requests), RECORDS);
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
  return journalBatches(path.join(run.path, RUN_FILES.grades), GRADES);
}

/** Records of another file, as those that were superseded; none where there is no such file. */
export function readSuperseded(file: string): AsyncGenerator<RequestRecord[]> {
  return journalBatches(file, { ...RECORDS, once: false });
}

/** What the lines of a journal are. */
interface Lines {
  what: string;
  shape: Readonly<Record<string, Kind>>;
  /** A request has one of them at most: a second one would be counted twice. */
  once: boolean;
}

const RECORDS: Lines = { what: 'record', shape: RECORD_SHAPE, once: true };
const GRADES: Lines = { what: 'grade', shape: GRADE_SHAPE, once: true };

async function* journalBatches<Line extends { request_id: string }>(
  file: string,
  { what, shape, once }: Lines,
): AsyncGenerator<Line[]> {
  let tornLine: number | null = null;
  let lineNumber = 0;
  const known = new Set<string>();
  const refuse = (line: number, message: string): never => {
    throw usageError(`${file}:${line}: ${message}`, 'it was changed after the run: restore it');
  };
  for await (const lines of linesOf(file)) {
    const batch: Line[] = [];
    for (const text of lines) {
      lineNumber += 1;
      if (tornLine !== null) refuse(tornLine, `not a ${what}, and not the last line`);
      if (text === '') continue;
      const line = parseJson(text) as Line | undefined;
      if (line === undefined) {
        tornLine = lineNumber;
        continue;
      }
      // A line that was cut off is no JSON: this one was written otherwise.
      const fault = shapeFault(line, shape);
      if (fault !== null) refuse(lineNumber, `not a ${what}: ${fault}`);
      if (once && known.has(line.request_id)) {
        refuse(lineNumber, `a second ${what} of ${line.request_id}`);
      }
      if (once) known.add(line.request_id);
      batch.push(line);
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

/**
 * The tapes of a run; what was cut off at the end is left out.
 * @throws TokentapeError (exit 2) for a broken line that is not the last
 */
export async function* readTapes(run: StoredRun): AsyncGenerator<Tape> {
  const file = path.join(run.path, RUN_FILES.tapes);
  let tornLine: number | null = null;
  let lineNumber = 0;
  try {
    for await (const lines of salvagedLines(file)) {
      for (const text of lines) {
        lineNumber += 1;
        if (tornLine !== null) throw new Error(`line ${tornLine} is not a tape, nor the last one`);
        if (text === '') continue;
        const line = parseJson(text);
        if (line === undefined) tornLine = lineNumber;
        else yield tapeIn(line as unknown as TapeLine, lineNumber);
      }
    }
  } catch (error) {
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

function tapeIn(line: TapeLine, lineNumber: number): Tape {
  const fault = shapeFault(line, TAPE_SHAPE);
  if (fault !== null) throw new Error(`line ${lineNumber} is not a tape: ${fault}`);
  const tape = lineToTape(line);
  const bytes = tape.arrivalBytes.reduce((sum, one) => sum + one, 0);
  if (bytes !== tape.body.length) {
    throw new Error(
      `line ${lineNumber}: reads of ${bytes} bytes, and a body of ${tape.body.length}`,
    );
  }
  return tape;
}
