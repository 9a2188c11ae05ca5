import { readBoundedText } from '../bounded-read.ts';
import type { Target } from '../config/types.ts';
import { messageOf, usageError } from '../errors.ts';

/** All authorities of the web together have a quarter of a megabyte. */
const PEM_BYTES_MAX = 8 * 1024 * 1024;

/**
 * The PEM of a target's own certificate authority.
 * @throws TokentapeError (exit 2) where the file cannot be read
 */
export async function readAuthority(target: Target): Promise<string | undefined> {
  if (target.caFile === undefined) return undefined;
  try {
    return readBoundedText(target.caFile, PEM_BYTES_MAX);
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
