import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../errors.ts';
import { strangeKind } from '../inside.ts';

/**
 * Refuses the folder of a run in which something is neither a file nor a folder. No run leaves a link in
 * its folder: one that came with it would be read, or written to, wherever it leads.
 * @throws TokentapeError (exit 2)
 */
export async function assertPlain(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const kind = strangeKind(file);
    if (kind === undefined) continue;
    throw usageError(
      `${file} is a ${kind}: the folder of a run has only files`,
      'take it out of the folder, or put the file itself there',
    );
  }
}
