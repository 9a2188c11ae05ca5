import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../errors.ts';

/** Where folders cannot be opened or synced, entries are as durable as that file system makes them. */
const NOT_TO_BE_HAD: ReadonlySet<string | undefined> = new Set([
  'EISDIR',
  'EPERM',
  'EACCES',
  'EINVAL',
  'ENOTSUP',
  'EBADF',
]);

/**
 * Makes the entries of a folder durable: without it a machine that loses power may forget a file whose
 * content was synced.
 * @throws the system's error, where the folder is gone or its disk fails
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NOT_TO_BE_HAD.has(errorCode(error))) throw error;
  }
}

/** The same, for what cannot wait. */
export function syncFolderNow(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!NOT_TO_BE_HAD.has(errorCode(error))) throw error;
  }
}
