import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBoundedText, UnreadableError } from '../../bounded-read.ts';
import { errorCode, messageOf, usageError } from '../../errors.ts';
import { RUN_FILES } from '../../store/folder.ts';
import { FILE_KIND } from '../file-text.ts';

/** A baseline file by its name for a person, and what stands in it. */
export interface FoundFile {
  name: string;
  text: string;
}

/** What a path on disk holds. */
export interface Found {
  files: FoundFile[];
  /** Folders of runs. */
  runs: string[];
}

/** Folders that hold many files and never a baseline. */
const PASSED_BY = ['node_modules', '.git'];
const DEPTH_MOST = 12;
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Baseline files and run folders under a path, folders searched all the way down, as artifacts of CI
 * unpack: one folder each. Other JSON is passed by, but for a file that was named itself.
 * @throws TokentapeError (exit 2) for a file that is no baseline, and for what cannot be read
 */
export async function findIn(source: string): Promise<Found> {
  try {
    const stats = await stat(source);
    if (!stats.isDirectory()) return await namedFile(source);
    const found: Found = { files: [], runs: [] };
    await search(source, found, 0);
    return found;
  } catch (error) {
    if (errorCode(error) === undefined && !(error instanceof UnreadableError)) throw error;
    throw usageError(`cannot read ${source}: ${messageOf(error)}`);
  }
}

async function namedFile(file: string): Promise<Found> {
  if (path.basename(file) === RUN_FILES.manifest) return { files: [], runs: [path.dirname(file)] };
  const text = readBoundedText(file, FILE_BYTES_MAX);
  if (text.slice(0, HEAD_BYTES).includes(FILE_KIND))
    return { files: [{ name: file, text }], runs: [] };
  throw usageError(
    `${file} is not a baseline`,
    'name a file that `tokentape baseline add` wrote, or the folder of a run',
  );
}

/** Links are not followed: `latest` is a run that is there already, and none can lead in a circle. */
async function search(folder: string, found: Found, depth: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name === RUN_FILES.manifest)) {
    found.runs.push(folder);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory() && depth < DEPTH_MOST && !PASSED_BY.includes(entry.name)) {
      await search(inside, found, depth + 1);
    } else if (entry.isFile() && entry.name.endsWith('.json') && (await isBaseline(inside))) {
      found.files.push({ name: inside, text: textOf(inside) });
    }
  }
}

/** Names the file, as `source` is a folder above it. */
function textOf(file: string): string {
  try {
    return readBoundedText(file, FILE_BYTES_MAX);
  } catch (error) {
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

const HEAD_BYTES = 200;

async function isBaseline(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(FILE_KIND);
  } finally {
    await handle.close();
  }
}
