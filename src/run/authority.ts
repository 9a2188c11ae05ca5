import { readFile } from 'node:fs/promises';
import type { Target } from '../config/types.ts';
import { messageOf, usageError } from '../errors.ts';

/**
 * The PEM of a target's own certificate authority.
 * @throws TokentapeError (exit 2) where the file cannot be read
 */
export async function readAuthority(target: Target): Promise<string | undefined> {
  if (target.caFile === undefined) return undefined;
  try {
    return await readFile(target.caFile, 'utf8');
  } catch (error) {
    throw usageError(
      `target ${target.name}: cannot read ca_file ${target.caFile}: ${messageOf(error)}`,
    );
  }
}

/** The same of every target that has one, by its name. */
export async function authoritiesOf(targets: readonly Target[]): Promise<Map<string, string>> {
  const authorities = new Map<string, string>();
  for (const target of targets) {
    const pem = await readAuthority(target);
    if (pem !== undefined) authorities.set(target.name, pem);
  }
  return authorities;
}
