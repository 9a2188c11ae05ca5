const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const LITERALS = new Map<number, { bytes: Uint8Array; value: boolean | null }>(
  (['null', 'true', 'false'] as const).map((text) => {
    return [text.charCodeAt(0), { bytes: Buffer.from(text), value: JSON.parse(text) }];
  }),
);
/** As many digits as a double always holds exactly, so that m / 10ᵏ is rounded once. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
/** Different values of one field that are remembered as text. */
const MOST_REMEMBERED = 4096;

interface Key {
  /** `"name":` */
  bytes: Uint8Array;
  /** The field it fills; `null` where its value is passed over. */
  field: Field | null;
}

interface Field {
  name: string;
  /** Texts seen, by the hash of their bytes. */
  known: Map<number, { bytes: Uint8Array; text: string }>;
}

/**
 * Reads some fields of flat records, one JSON object a line, straight from their bytes: a summary
 * of a million records wants half of the fields, and of the texts none. It takes the keys to stand
 * as they stood in the line before, and values to be as `JSON.stringify` writes them; any line that
 * is otherwise is left to `JSON.parse`.
 */
export class RecordScanner {
  readonly #fields: Map<string, Field>;
  #keys: Key[] = [];
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #end = 0;

  /** @param names of the fields wanted; what a line lacks, its record lacks */
  constructor(names: readonly string[]) {
    this.#fields = new Map(names.map((name) => [name, { name, known: new Map() }]));
  }

  /**
   * @param bytes one line from `start` to `end`, without its line break
   * @throws SyntaxError where that is no JSON
   */
  read(bytes: Uint8Array, start: number, end: number): Record<string, unknown> {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    return this.#scan() ?? this.#parse(start, end);
  }

  /** The usual way: what stands there, and the order of its keys for the lines to come. */
  #parse(start: number, end: number): Record<string, unknown> {
    const whole = JSON.parse(this.#textOf(start, end)) as Record<string, unknown>;
    const names = Object.keys(whole);
    this.#keys = names.map((name) => ({
      bytes: Buffer.from(`${JSON.stringify(name)}:`),
      field: this.#fields.get(name) ?? null,
    }));
    const wanted = names.filter((name) => this.#fields.has(name));
    return Object.fromEntries(wanted.map((name) => [name, whole[name]]));
  }

  /** `null` where the line is not of the usual form. */
  #scan(): Record<string, unknown> | null {
    if (this.#keys.length === 0 || !this.#skip(OPEN_BRACE)) return null;
    const record: Record<string, unknown> = {};
    for (let index = 0; index < this.#keys.length; index++) {
      const { bytes, field } = this.#keys[index] as Key;
      if (index > 0 && !this.#skip(COMMA)) return null;
      if (!this.#skipAll(bytes)) return null;
      const value = this.#value(field);
      if (value === undefined) return null;
      if (field !== null) record[field.name] = value;
    }
    return this.#skip(CLOSE_BRACE) && this.#at === this.#end ? record : null;
  }

  /** The value here, `null` also for one that nobody wants; `undefined` where it is not usual. */
  #value(field: Field | null): unknown {
    const first = this.#bytes[this.#at] as number;
    if (first === QUOTE) return this.#string(field);
    if (first === OPEN_BRACKET) return this.#array(field);
    const literal = LITERALS.get(first);
    if (literal !== undefined) return this.#skipAll(literal.bytes) ? literal.value : undefined;
    return this.#number();
  }

  #number(): number | undefined {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = bytes[start] === MINUS ? start + 1 : start;
    const firstDigit = at;
    let digits = 0;
    for (; isDigit(bytes[at]); at++) digits = 10 * digits + (bytes[at] as number) - ZERO;
    let count = at - firstDigit;
    if (count === 0) return undefined;
    let decimals = 0;
    if (bytes[at] === DOT) {
      for (at++; isDigit(bytes[at]); at++, decimals++) {
        digits = 10 * digits + (bytes[at] as number) - ZERO;
      }
      count += decimals;
      if (decimals === 0) return undefined;
    }
    if (at > this.#end || count > EXACT_DIGITS || !isEnd(bytes[at])) return this.#anyNumber();
    this.#at = at;
    const size = digits / (POWERS_OF_TEN[decimals] as number);
    return bytes[start] === MINUS ? -size : size;
  }

  /** With an exponent, or more digits than can be put together exactly. */
  #anyNumber(): number | undefined {
    const start = this.#at;
    while (this.#at < this.#end && !isEnd(this.#bytes[this.#at])) this.#at++;
    const text = this.#textOf(start, this.#at);
    return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  }

  #string(field: Field | null): string | null | undefined {
    const start = this.#at;
    const hash = this.#skipString();
    if (hash === undefined) return undefined;
    return field === null ? null : this.#remembered(field, hash, start);
  }

  /** Behind the closing quote; the hash (FNV-1a) of all between. `undefined` where none comes. */
  #skipString(): number | undefined {
    const bytes = this.#bytes;
    let hash = 0x811c9dc5;
    for (let at = this.#at + 1; at < this.#end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return hash;
      }
      if (byte === BACKSLASH) at++;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return undefined;
  }

  #remembered({ known }: Field, hash: number, start: number): string | undefined {
    const seen = known.get(hash);
    if (seen !== undefined && isSame(seen.bytes, this.#bytes, start, this.#at)) return seen.text;
    const text = parsed(this.#textOf(start, this.#at));
    if (typeof text !== 'string') return undefined;
    if (known.size < MOST_REMEMBERED) {
      known.set(hash, { bytes: this.#bytes.slice(start, this.#at), text });
    }
    return text;
  }

  /** Of strings. */
  #array(field: Field | null): unknown {
    const start = this.#at;
    this.#at++;
    while (this.#bytes[this.#at] !== CLOSE_BRACKET) {
      if (this.#at > start + 1 && !this.#skip(COMMA)) return undefined;
      if (this.#bytes[this.#at] !== QUOTE || this.#skipString() === undefined) return undefined;
    }
    this.#at++;
    if (this.#at > this.#end) return undefined;
    if (field === null) return null;
    return this.#at === start + 2 ? [] : parsed(this.#textOf(start, this.#at));
  }

  #skip(byte: number): boolean {
    return this.#at < this.#end && this.#bytes[this.#at++] === byte;
  }

  #skipAll(wanted: Uint8Array): boolean {
    if (!isSame(wanted, this.#bytes, this.#at, this.#at + wanted.length)) return false;
    this.#at += wanted.length;
    return this.#at <= this.#end;
  }

  #textOf(start: number, end: number): string {
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer, byteOffset + start, end - start).toString('utf8');
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

function isEnd(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE;
}

function isSame(wanted: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (wanted[i] !== bytes[start + i]) return false;
  return true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
