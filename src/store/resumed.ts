import type { Manifest } from './types.ts';

/**
 * That a run was gone on with, as «resumed on 2026-01-02 at 03:04 UTC»; `null` where it never was.
 * @returns nothing that comes from outside
 */
export function resumedWords({ resumed = [] }: Pick<Manifest, 'resumed'>): string | null {
  const last = resumed.at(-1);
  if (last === undefined) return null;
  const [day, time] = [last.at.slice(0, 10), last.at.slice(11, 16)];
  const when = `on ${day} at ${time} UTC`;
  return resumed.length === 1 ? `resumed ${when}` : `resumed ${resumed.length} times, last ${when}`;
}
