import { lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** Whether a file or folder that is there lies within a folder, links followed; so does the folder itself. */
export function isInside(file: string, folder: string): boolean {
  const way = path.relative(realpathSync(folder), realpathSync(file));
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** What lies at a path, in a word: `link`, `pipe`, …; `undefined` where it is a file or a folder, or nothing. */
export function strangeKind(file: string): string | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return undefined;
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}
