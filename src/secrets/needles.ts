/** A value that must be written nowhere. */
export interface Secret {
  value: string;
  /** As it is named to a person: `the key of market`. Never the value. */
  name: string;
  /** The header that it is the value of. */
  header?: string;
  /** A credential for sure; a header of the user's own may be an ordinary word. */
  isKey: boolean;
}

/** One spelling of a secret, as it is looked for. */
export interface Needle {
  /** Letters in lower case. */
  bytes: Uint8Array;
  /** Characters of base64 on either side that hold some bits of the secret too. */
  before: 0 | 1;
  after: 0 | 1;
  secret: Secret;
}

/** Shorter values would be found all over harmless text. */
export const SECRET_LENGTH_MIN = 6;

/**
 * The spellings in which a server may repeat a secret and that no unescaping leads back to it: base64 at
 * each of its three alignments, in both alphabets, also of its escaped forms; hexadecimal; `+` for blanks.
 * Letters are compared without their case.
 */
export function needlesOf(secret: Secret): Needle[] {
  const { value } = secret;
  if (Buffer.byteLength(value) < SECRET_LENGTH_MIN) return [];
  const escaped = [JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed(value))];
  const plain = [value, value.replaceAll(' ', '+'), Buffer.from(value).toString('hex')];
  return [
    ...[...new Set(plain)].map((text) => needle(text, secret)),
    ...[...new Set([value, ...escaped])].flatMap((text) => base64Needles(text, secret)),
  ];
}

function needle(text: string, secret: Secret, before: 0 | 1 = 0, after: 0 | 1 = 0): Needle {
  return { bytes: Buffer.from(foldAscii(text)), before, after, secret };
}

/** Three bytes make four characters, so what comes before shifts the secret by none, one or two bytes. */
function base64Needles(text: string, secret: Secret): Needle[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const bits = (shift + bytes.length) * 8;
    // Of the characters at its ends, bits belong to what stands beside it.
    const whole = coded.slice(Math.ceil((shift * 8) / 6), Math.floor(bits / 6));
    const urlSafe = whole.replaceAll('+', '-').replaceAll('/', '_');
    const [before, after] = [shift === 0 ? 0 : 1, bits % 6 === 0 ? 0 : 1] as const;
    return [...new Set([whole, urlSafe])].map((one) => needle(one, secret, before, after));
  });
}

export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** `encodeURIComponent` throws at a lone surrogate. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
