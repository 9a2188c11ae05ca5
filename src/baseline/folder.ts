import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, usageError, writeError } from '../errors.ts';
import { strangeKind } from '../inside.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { makeFolder } from '../store/folder.ts';
import { baselineText } from './file-text.ts';
import { parseBaseline } from './parse.ts';
import { findIn } from './sources/files.ts';
import { baselineIn } from './sources/read-baselines.ts';
import type { Baseline } from './types.ts';

/** Where baselines lie where nothing else is said. */
export const BASELINES_DIR = 'baselines';

/** A baseline and the file that it stands in. */
export interface StoredBaseline {
  file: string;
  baseline: Baseline;
}

/**
 * The baselines of a folder, of whatever plan, in the order of time; none where there is no such folder.
 * @throws TokentapeError (exit 2) for a broken file
 */
export async function openFolder(dir: string): Promise<StoredBaseline[]> {
  const stats = await stat(dir).catch(() => null);
  if (stats === null) return [];
  if (!stats.isDirectory())
    throw usageError(`${dir} is not a folder`, 'name another one: --dir DIR');
  const { files } = await findIn(dir);
  return files
    .map((file) => ({ file: file.name, baseline: baselineIn(file) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ baseline: { started_at, run_id } }: StoredBaseline): string {
  return `${started_at} ${run_id}`;
}

/**
 * The text of a baseline's file, which its reader takes: what a manifest says may be anything, and the
 * name of its run a path.
 * @throws TokentapeError (exit 2) for one that could not be read back
 */
export function readableText(baseline: Baseline): string {
  const name = `${baseline.run_id}.json`;
  const text = baselineText(baseline);
  const parsed = parseBaseline(text, name);
  if ('baseline' in parsed) return text;
  throw usageError(
    `${baseline.run_id} cannot be a baseline: its file could not be read back: ${parsed.problem}`,
    'its manifest.json is not as a run leaves it: send the run again',
  );
}

/**
 * Writes a baseline into a folder, which is made where there is none.
 * @returns its file
 * @throws TokentapeError (exit 74), or (exit 2) as `readableText`
 */
export async function writeBaseline(dir: string, baseline: Baseline): Promise<string> {
  const text = readableText(baseline);
  const file = path.join(dir, `${baseline.run_id}.json`);
  try {
    await makeFolder(path.resolve(dir));
  } catch (error) {
    throw writeError(
      `cannot make ${dir}: ${messageOf(error)}`,
      'choose another one: --dir DIR',
      error,
    );
  }
  if (strangeKind(file) !== undefined) {
    throw usageError(
      `${file} is a ${strangeKind(file)}, and no baseline`,
      'take it out of the folder',
    );
  }
  await writeWhole(file, text);
  return file;
}

/** @throws TokentapeError (exit 74) */
export async function removeBaseline({ file }: StoredBaseline): Promise<void> {
  try {
    await rm(file);
  } catch (error) {
    throw writeError(`cannot remove ${file}: ${messageOf(error)}`, undefined, error);
  }
}
