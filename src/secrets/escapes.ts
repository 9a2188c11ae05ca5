const BACKSLASH = 92;
const PERCENT = 37;
const AMPERSAND = 38;

/** Bytes with one layer of escapes undone, and where each came from. */
export interface Unescaped {
  bytes: Uint8Array;
  /** Place in the escaped bytes of what stands at `at`; of the end, where the escaped bytes end. */
  placeOf(at: number): number;
}

/**
 * Undoes one layer of the escapes in which a server may repeat text: JSON's and those of programming
 * languages, percent-encoding, character references of HTML. Linear in the bytes.
 * @returns `null` where there is nothing to undo
 */
export function undoEscapes(bytes: Uint8Array): Unescaped | null {
  const reader = new EscapeReader(bytes);
  let out: Uint8Array | null = null;
  let length = 0;
  let copied = 0;
  // Runs that were copied: where each begins, before and after.
  const from: number[] = [0];
  const to: number[] = [0];
  for (let at = reader.next(0); at < bytes.length; at = reader.next(at)) {
    const size = reader.read(at);
    if (size === 0) {
      // `\n` and its like are a pair: what follows the backslash begins nothing else.
      at += bytes[at] === BACKSLASH ? 2 : 1;
      continue;
    }
    // What an escape stands for is never longer than it.
    out ??= new Uint8Array(bytes.length);
    out.set(bytes.subarray(copied, at), length);
    length += at - copied;
    for (let index = 0; index < reader.count; index++)
      out[length++] = reader.means[index] as number;
    at += size;
    copied = at;
    from.push(at);
    to.push(length);
  }
  if (out === null) return null;
  out.set(bytes.subarray(copied), length);
  length += bytes.length - copied;
  return { bytes: out.subarray(0, length), placeOf: (at) => placeIn(from, to, at) };
}

function placeIn(from: readonly number[], to: readonly number[], at: number): number {
  let low = 0;
  let high = to.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((to[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  // Inside what an escape stands for, no further than where the next run begins.
  return Math.min((from[low] as number) + at - (to[low] as number), from[low + 1] ?? Infinity);
}

const LOWER_U = 117;
const LOWER_X = 120;
const SEMICOLON = 59;
/** What a backslash only hides: `"`, `'`, `/`, itself. */
const HIDDEN = [34, 39, 47, BACKSLASH];
const REFERENCE_LENGTH_MAX = 10;
const REFERENCE = /^#(?:(\d{1,7})|x([0-9a-f]{1,6}))$/i;
/** Those that a key may hold; letters and digits have no name. */
const NAMED = new Map(
  Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", sol: '/', bsol: '\\', plus: '+' },
    ...{ equals: '=', colon: ':', semi: ';', comma: ',', period: '.', lowbar: '_', num: '#' },
    ...{ commat: '@', excl: '!', quest: '?', dollar: '$', percnt: '%', ast: '*', lpar: '(' },
    ...{ rpar: ')', lsqb: '[', rsqb: ']', lcub: '{', rcub: '}', verbar: '|', grave: '`' },
    ...{ hat: '^', nbsp: ' ' },
  }),
);

/** Reads escapes without allocating for each: a body may be full of them. */
class EscapeReader {
  /** What the escape read last stands for, in its first `count` bytes. */
  readonly means = new Uint8Array(4);
  count = 0;
  readonly #bytes: Uint8Array;
  readonly #next = [-1, -1, -1];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Place of the first byte from `at` on that may begin an escape; the end where there is none. */
  next(at: number): number {
    let nearest = this.#bytes.length;
    for (let kind = 0; kind < 3; kind++) {
      let place = this.#next[kind] as number;
      if (place < at) {
        const found = this.#bytes.indexOf(INTRODUCERS[kind] as number, at);
        place = found === -1 ? this.#bytes.length : found;
        this.#next[kind] = place;
      }
      if (place < nearest) nearest = place;
    }
    return nearest;
  }

  /** @returns bytes that the escape at `at` takes; 0 where there is none */
  read(at: number): number {
    const bytes = this.#bytes;
    const next = bytes[at + 1] ?? 0;
    switch (bytes[at]) {
      case BACKSLASH:
        if (next === LOWER_U) return this.#codeUnit(at);
        if (next === LOWER_X) return this.#byte(this.#hex(at + 2, 2), 4);
        return HIDDEN.includes(next) ? this.#byte(next, 2) : 0;
      case PERCENT:
        return next === LOWER_U ? this.#codeUnit(at) : this.#byte(this.#hex(at + 1, 2), 3);
      default:
        return this.#reference(at);
    }
  }

  #byte(value: number, size: number): number {
    if (value < 0) return 0;
    this.means[0] = value;
    this.count = 1;
    return size;
  }

  /** In UTF-8, of at most four bytes. */
  #character(code: number, size: number): number {
    if (code < 0x80) return this.#byte(code, size);
    const count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    let rest = code;
    for (let index = count - 1; index > 0; index--) {
      this.means[index] = 0x80 | (rest & 0x3f);
      rest >>= 6;
    }
    this.means[0] = (LEAD[count] as number) | rest;
    this.count = count;
    return size;
  }

  /** `\u0073`, `%u0073`; a pair of surrogates is one character. */
  #codeUnit(at: number): number {
    const first = this.#hex(at + 2, 4);
    if (first < 0) return 0;
    const isPair = first >= 0xd800 && first < 0xdc00 && this.#bytes[at + 7] === LOWER_U;
    const second = isPair ? this.#hex(at + 8, 4) : -1;
    if (second < 0) return this.#character(first, 6);
    return this.#character(0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff), 12);
  }

  /** Unsigned value of `digits` hexadecimal digits; -1 where others stand there. */
  #hex(at: number, digits: number): number {
    let value = 0;
    for (let index = at; index < at + digits; index++) {
      const byte = this.#bytes[index] ?? 0;
      const letter = byte | 32;
      if (byte >= 48 && byte <= 57) value = value * 16 + byte - 48;
      else if (letter >= 97 && letter <= 102) value = value * 16 + letter - 87;
      else return -1;
    }
    return value;
  }

  #reference(at: number): number {
    const end = this.#bytes.subarray(at, at + REFERENCE_LENGTH_MAX).indexOf(SEMICOLON);
    if (end < 2) return 0;
    const text = String.fromCharCode(...this.#bytes.subarray(at + 1, at + end));
    const named = NAMED.get(text.toLowerCase());
    if (named !== undefined) return this.#character(named.charCodeAt(0), end + 1);
    const [, decimal, hexadecimal] = REFERENCE.exec(text) ?? [];
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    // Also false of no number at all.
    return code <= 0x10ffff ? this.#character(code, end + 1) : 0;
  }
}

/** The first byte of a character of so many bytes, before its bits. */
const LEAD = [0, 0, 0xc0, 0xe0, 0xf0] as const;
const INTRODUCERS = [BACKSLASH, PERCENT, AMPERSAND] as const;
