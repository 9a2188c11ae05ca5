/** Replaces secrets by filler of equal length, so that offsets and arrivals stay true. */
export interface Redactor {
  text(text: string): string;
  /**
   * In place.
   * @returns whether there was a secret
   */
  bytes(bytes: Uint8Array): boolean;
}

/** Shorter words would be found all over harmless text. */
const MIN_SECRET_LENGTH = 6;

/**
 * Knows each secret as it is, and in the spellings in which a server may echo it: base64, URL-encoded
 * and JSON-escaped.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const needles = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const buffers = needles.map((needle) => Buffer.from(needle));
  return {
    text: (text) =>
      needles.reduce(
        (redacted, needle) => redacted.replaceAll(needle, '*'.repeat(needle.length)),
        text,
      ),
    bytes: (bytes) => {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let found = false;
      for (const needle of buffers) {
        for (
          let at = view.indexOf(needle);
          at !== -1;
          at = view.indexOf(needle, at + needle.length)
        ) {
          view.fill('*', at, at + needle.length);
          found = true;
        }
      }
      return found;
    },
  };
}

function spellings(secret: string | undefined): string[] {
  if (secret === undefined || secret.length < MIN_SECRET_LENGTH) return [];
  return [
    secret,
    // Without its last characters, which depend on what follows.
    Buffer.from(secret)
      .toString('base64')
      .replace(/.{0,2}={0,2}$/, ''),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** What must not be written of a target. Header values of the user's own count as secret where their name says so. */
export function secretsOf(target: {
  apiKey: string | undefined;
  headers: Readonly<Record<string, string>>;
}): (string | undefined)[] {
  const named = Object.entries(target.headers)
    .filter(([name]) => /key|token|auth|secret|cookie|password/i.test(name))
    .map(([, value]) => value);
  return [target.apiKey, ...named];
}
