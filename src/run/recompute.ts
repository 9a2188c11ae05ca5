import { createReadStream, existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { storedSettings, storedSimulated } from '../config/stored.ts';
import { messageOf, usageError, writeError } from '../errors.ts';
import { Summariser } from '../metrics/summary.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { FIRST_METRICS_VERSION, METRICS_VERSION } from '../metrics/version.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { makeFolder, RUN_FILES } from '../store/folder.ts';
import { assertPlain } from '../store/plain-folder.ts';
import { openRun, readGrades, type StoredRun } from '../store/read.ts';
import type { Manifest } from '../store/types.ts';
import { VERSION } from '../version.ts';
import { type Replayed, replay } from './replay.ts';
import { writeManifest, writeReports } from './write-reports.ts';

export interface Recomputed {
  manifest: Manifest;
  rows: SummaryRow[];
  records: number;
  /** Records that stand as they were, by the reason. */
  kept: Record<NonNullable<Replayed['kept']>, number>;
}

/**
 * Derives a run again from its tapes, plan and manifest, and writes records, summary and CSV; grades stay
 * as they are, for `regradeRun` to give anew. It goes into
 * its own folder, each file whole or not at all, or into another one, which can then be read as a run.
 * Tapes and plan are never written to. The same version of the tool writes the same bytes; another
 * one names itself in `manifest.versions.recomputed_by`.
 * @param folder where to write; the run's own folder where not given
 * @throws TokentapeError (exit 2) for a run without tapes or without its end, or a folder that holds
 *   another run;
 *   (exit 74) where nothing can be written
 */
export async function recomputeRun(run: StoredRun, folder?: string): Promise<Recomputed> {
  const to = await openFolder(run, folder);
  const manifest = manifestOf(run.manifest);
  const { config } = manifest;
  const summariser = new Summariser(storedSettings(config).slo, storedSimulated(config));
  const tally: Pick<Recomputed, 'records' | 'kept'> = {
    records: 0,
    kept: { no_tape: 0, blanked: 0 },
  };
  const records = async function* (): AsyncGenerator<string> {
    for await (const { record, kept } of replay(run)) {
      tally.records += 1;
      if (kept !== null) tally.kept[kept] += 1;
      summariser.add(record);
      yield `${JSON.stringify(record)}\n`;
    }
  };
  await writeWhole(path.join(to, RUN_FILES.requests), inPieces(records()));
  if (folder !== undefined) {
    await copyFile(run, to, 'grades');
    await copyForGrading(run, to);
  }
  for await (const grade of readGrades(run)) summariser.addGrade(grade);
  const rows = summariser.rows(manifest.planned);
  await writeReports({ path: to, manifest }, rows);
  if (folder !== undefined || manifest !== run.manifest) await writeManifest(to, manifest);
  return { manifest, rows, ...tally };
}

/**
 * Where to write what is derived of a run.
 * @throws TokentapeError (exit 2) for a folder that holds another run, and for one that may still be
 *   written to; (exit 74) where it cannot be made
 */
export async function openFolder(run: StoredRun, folder: string | undefined): Promise<string> {
  const to = folder ?? run.path;
  if (folder !== undefined) {
    await makeRoom(folder, run.manifest);
    await assertPlain(folder);
  }
  if (run.manifest.finished_at === null && (await realpath(to)) === (await realpath(run.path))) {
    throw usageError(
      `${run.path} never came to its end, and may still be written to`,
      'derive it into another folder: --output FOLDER',
    );
  }
  return to;
}

/** What grades the run again, wherever it is then read from: what was asked, and what a judge said of it. */
export async function copyForGrading(run: StoredRun, to: string): Promise<void> {
  await copyFile(run, to, 'plan');
  await copyFile(run, to, 'judge');
}

/** Copies a file of the run, where it has it, into another folder. */
export async function copyFile(
  run: StoredRun,
  to: string,
  name: keyof typeof RUN_FILES,
): Promise<void> {
  const file = path.join(run.path, RUN_FILES[name]);
  if (!existsSync(file) || (await realpath(to)) === (await realpath(run.path))) return;
  await writeWhole(path.join(to, RUN_FILES[name]), createReadStream(file));
}

/**
 * What the run says of itself, with the formulas that it is derived by now, and which version of the
 * tool derived it, where that is another.
 */
function manifestOf(run: Manifest): Manifest {
  const known = (run.metrics_version ?? FIRST_METRICS_VERSION) === METRICS_VERSION;
  const manifest = known ? run : { ...run, metrics_version: METRICS_VERSION };
  return withVersion(manifest);
}

/** Names this version of the tool, where another one measured. */
export function withVersion(manifest: Manifest): Manifest {
  const { recomputed_by, ...versions } = manifest.versions;
  if (versions.tokentape === VERSION) {
    return recomputed_by === undefined ? manifest : { ...manifest, versions };
  }
  if (recomputed_by === VERSION) return manifest;
  return { ...manifest, versions: { ...versions, recomputed_by: VERSION } };
}

async function makeRoom(folder: string, { run_id, started_at }: Manifest): Promise<void> {
  const there = (await openRun(folder, path.dirname(folder)).catch(() => null))?.manifest;
  if (there !== undefined && (there.run_id !== run_id || there.started_at !== started_at)) {
    throw usageError(`${folder} holds another run, ${there.run_id}`, 'name a new folder');
  }
  try {
    await makeFolder(path.resolve(folder));
  } catch (error) {
    throw writeError(`cannot make ${folder}: ${messageOf(error)}`, undefined, error);
  }
}

const PIECE_CHARACTERS = 64 * 1024;

export async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
