import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { messageOf, TokentapeError, writeError } from '../errors.ts';

/**
 * Writes a whole file, synced, under another name first, so that a reader finds the old one or the
 * new one and never half of either. What a link points to is written, not the link replaced; a device
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
    const handle = await open(fresh, 'w');
    try {
      await writeFile(handle, content);
      await handle.datasync();
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await rename(fresh, target);
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
