import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, TokentapeError, writeError } from '../errors.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Writes a whole file, synced with its name, under another one first, so that a reader finds the old
 * one or the new one and never half of either. What a link points to is written, not the link replaced; a device
 * or a pipe (`/dev/stdout`) has no other name, and is written to as it is.
 * @throws TokentapeError (exit 74)
 */
export async function writeWhole(
  file: string,
  content: string | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  try {
    if (await isSpecial(file)) return await writeFile(file, content);
    const target = await realpath(file).catch(() => file);
    const fresh = `${target}.tmp`;
    // Made anew: what lies there is a crash's leftover, or a link that somebody else put there.
    await rm(fresh, { force: true });
    const handle = await open(fresh, 'wx');
    try {
      try {
        await writeFile(handle, content);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(path.dirname(target));
  } catch (error) {
    // What goes wrong in making the content is none of this file's fault.
    if (error instanceof TokentapeError) throw error;
    throw writeError(`cannot write ${file}: ${messageOf(error)}`, undefined, error);
  }
}

async function isSpecial(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
