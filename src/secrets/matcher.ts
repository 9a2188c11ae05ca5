import type { Needle } from './needles.ts';

/** What was found: `bytes[at, at + needle.bytes.length)`. */
export type OnMatch = (needle: Needle, at: number) => void;

/**
 * Looks for many needles at once, letters without their case (Wu and Manber, 1994, with blocks of two
 * bytes): most steps skip as many bytes as the shortest needle is long, however many needles there are.
 */
export class Matcher {
  readonly needles: readonly Needle[];
  /** Bytes of the longest needle; 0 without any. */
  readonly longest: number;
  readonly #shortest: number;
  /** By the two bytes that a window ends with: how far the next window may be. */
  readonly #shifts: Uint8Array;
  readonly #candidates = new Map<number, Needle[]>();
  /** Whether a needle begins with the byte. */
  readonly #begins = new Uint8Array(256);

  constructor(needles: readonly Needle[]) {
    this.needles = needles;
    const lengths = needles.map(({ bytes }) => bytes.length);
    this.longest = Math.max(0, ...lengths);
    this.#shortest = Math.min(255, ...lengths);
    this.#shifts = new Uint8Array(needles.length === 0 ? 0 : 65536).fill(this.#shortest - 1);
    for (const needle of needles) this.#add(needle);
  }

  #add(needle: Needle): void {
    const { bytes } = needle;
    this.#begins[bytes[0] as number] = 1;
    for (let end = 1; end < this.#shortest; end++) {
      const block = ((bytes[end - 1] as number) << 8) | (bytes[end] as number);
      const shift = this.#shortest - 1 - end;
      this.#shifts[block] = Math.min(this.#shifts[block] as number, shift);
      if (shift > 0) continue;
      this.#candidates.set(block, [...(this.#candidates.get(block) ?? []), needle]);
    }
  }

  /** Told of every match, overlapping ones included, by ascending place. */
  find(bytes: Uint8Array, onMatch: OnMatch): void {
    if (this.needles.length === 0) return;
    const shifts = this.#shifts;
    const last = this.#shortest - 1;
    for (let end = last; end < bytes.length; ) {
      const before = FOLD[bytes[end - 1] as number] as number;
      const block = (before << 8) | (FOLD[bytes[end] as number] as number);
      const shift = shifts[block] as number;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const at = end - last;
      for (const needle of this.#candidates.get(block) ?? []) {
        if (agree(needle.bytes, bytes, at) === needle.bytes.length) onMatch(needle, at);
      }
      end += 1;
    }
  }

  /**
   * Where a needle begins that the end of `bytes` cuts off.
   * @param options.least as many bytes of it have to be there
   * @param options.more something may follow, of which the first character may belong to it
   * @returns the leftmost such place; `bytes.length` where there is none
   */
  cutOff(
    bytes: Uint8Array,
    options: { least?: number; more?: boolean; isWanted?: (needle: Needle) => boolean } = {},
  ): number {
    const { least = 1, more = false, isWanted = () => true } = options;
    for (let at = Math.max(0, bytes.length - this.longest); at <= bytes.length - least; at++) {
      if (this.#begins[FOLD[bytes[at] as number] as number] === 0) continue;
      const left = bytes.length - at;
      for (const needle of this.needles) {
        const length = needle.bytes.length + (more ? needle.after : 0);
        if (length <= left || agree(needle.bytes, bytes, at) < left || !isWanted(needle)) continue;
        return needle.before === 1 && (bytes[at - 1] ?? 128) < 128 ? at - 1 : at;
      }
    }
    return bytes.length;
  }
}

/** Bytes of `needle` that stand at `at`, from its first one on. */
function agree(needle: Uint8Array, bytes: Uint8Array, at: number): number {
  const most = Math.min(needle.length, bytes.length - at);
  let length = 0;
  while (length < most && FOLD[bytes[at + length] as number] === needle[length]) length += 1;
  return length;
}

/** A byte, an ASCII letter in lower case. */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);
