import { open, rename, writeFile } from 'node:fs/promises';
import { messageOf, writeError } from '../errors.ts';

/**
 * Writes a whole file, synced, under another name first, so that a reader finds the old one or the
 * new one and never half of either.
 * @throws TokentapeError (exit 74)
 */
export async function writeWhole(
  file: string,
  content: string | AsyncIterable<string>,
): Promise<void> {
  const fresh = `${file}.tmp`;
  try {
    const handle = await open(fresh, 'w');
    try {
      await writeFile(handle, content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    throw writeError(`cannot write ${file}: ${messageOf(error)}`, undefined, error);
  }
}
