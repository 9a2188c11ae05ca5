import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readBoundedText } from '../bounded-read.ts';
import type { ComparedRun } from '../compare/types.ts';
import { errorCode, messageOf, usageError } from '../errors.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { readEvidence } from '../run/stored-evidence.ts';
import { RUN_FILES } from '../store/folder.ts';
import { openRun, RUN_JSON_BYTES_MAX, type StoredRun } from '../store/read.ts';

/**
 * A run with its samples, from its records; where these are gone, as its summary tells it.
 * @throws TokentapeError (exit 2) where there is no such run
 */
export async function openComparedRun(name: string, outputDir: string): Promise<ComparedRun> {
  const run = await openRun(name, outputDir);
  const { manifest } = run;
  const summarised = (await hasRecords(run)) ? null : await readSummary(run);
  return {
    name: manifest.run_id,
    manifest,
    rows: summarised?.map((row) => ({ row, samples: null })) ?? (await readEvidence(run)),
  };
}

async function hasRecords(run: StoredRun): Promise<boolean> {
  return (await stat(path.join(run.path, RUN_FILES.requests)).catch(() => null)) !== null;
}

/** `null` where there is none either: a run that was cut off before its first reply. */
async function readSummary(run: StoredRun): Promise<SummaryRow[] | null> {
  const file = path.join(run.path, RUN_FILES.summary);
  try {
    return (JSON.parse(readBoundedText(file, RUN_JSON_BYTES_MAX)) as { rows: SummaryRow[] }).rows;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
