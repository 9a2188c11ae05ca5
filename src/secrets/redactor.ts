import { type Unescaped, undoEscapes } from './escapes.ts';
import { Matcher, type OnMatch } from './matcher.ts';
import { type Needle, needlesOf, type Secret } from './needles.ts';

/** Replaces secrets by filler of equal length, so that offsets and arrivals stay true. */
export interface Redactor {
  text(text: string): string;
  /** As `text`, for what is a name: ordinary words that a header of the user's own holds are left. */
  name(text: string): string;
  /**
   * In place.
   * @returns whether there was a secret
   */
  bytes(bytes: Uint8Array): boolean;
  /**
   * How much of `bytes` may be shown before what follows is known: from there on something stands that
   * may be the beginning of a secret.
   */
  settled(bytes: Uint8Array): number;
  /** The longest that one secret may be, in bytes as it is looked for. */
  readonly longest: number;
  /** Secrets that were found so far. */
  readonly found: ReadonlySet<Secret>;
}

export const FILLER = '*'.charCodeAt(0);
/** Text inside JSON inside JSON, percent-encoded, in a page: no more layers than this are undone. */
const LAYERS_MAX = 4;
/** Escapes are undone a window at a time, so that a large body needs no second one of its size. */
const WINDOW_BYTES = 64 * 1024;
/** Bytes that one byte of a secret takes in the longest escape looked for. */
const ESCAPE_BYTES_MAX = 16;
/** As many bytes of a key at the end of a body are one that was cut off there. */
const CUT_OFF_MIN = 12;

/**
 * Knows each secret as it is, and in the spellings in which a server may repeat it: in any mix of
 * escapes (JSON, percent-encoding, HTML), up to four layers of them, in base64 and hexadecimal. A key that
 * the end of the text cuts off is found by its first twelve characters.
 * @see docs/reliability.md#secrets
 */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const unique = new Map(secrets.map((secret) => [`${secret.isKey} ${secret.value}`, secret]));
  const matcher = new Matcher([...unique.values()].flatMap(needlesOf));
  const found = new Set<Secret>();
  const isAny = (): boolean => true;
  const redact = (bytes: Uint8Array, isWanted: (needle: Needle) => boolean): boolean => {
    if (matcher.needles.length === 0) return false;
    const spans = spansIn(bytes, matcher, isWanted, found);
    for (const [start, end] of spans) bytes.fill(FILLER, start, end);
    return spans.length > 0;
  };
  const redactText = (text: string, isWanted: (needle: Needle) => boolean): string => {
    if (text.length === 0 || matcher.needles.length === 0) return text;
    const bytes = Buffer.from(text);
    return redact(bytes, isWanted) ? bytes.toString() : text;
  };
  return {
    text: (text) => redactText(text, isAny),
    name: (text) => redactText(text, isOfKey),
    bytes: (bytes) => redact(bytes, isAny),
    settled: (bytes) => settledIn(bytes, matcher),
    longest: matcher.longest,
    found,
  };
}

const isOfKey = ({ secret }: Needle): boolean => secret.isKey;

type Span = [start: number, end: number];

/** Ascending and apart within each layer; all are found before the first is filled, so that none hides another. */
function spansIn(
  bytes: Uint8Array,
  matcher: Matcher,
  isWanted: (needle: Needle) => boolean,
  found: Set<Secret>,
): Span[] {
  const spans: Span[] = [];
  const add = (start: number, end: number): void => {
    const last = spans.at(-1);
    if (last !== undefined && start <= last[1] && start >= last[0])
      last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  };
  const collect =
    (layer: Uint8Array, placeOf: (at: number) => number): OnMatch =>
    (needle, at) => {
      if (!isWanted(needle)) return;
      found.add(needle.secret);
      const [start, end] = widened(layer, needle, at);
      add(withEscape(bytes, placeOf(start)), placeOf(end));
    };
  matcher.find(
    bytes,
    collect(bytes, (at) => at),
  );
  for (const { layer, placeOf } of layersOf(bytes, matcher.longest)) {
    matcher.find(layer, collect(layer, placeOf));
  }
  const wantsCutOff = (needle: Needle): boolean => isOfKey(needle) && isWanted(needle);
  const cut = matcher.cutOff(bytes, { least: CUT_OFF_MIN, isWanted: wantsCutOff });
  if (cut < bytes.length) add(cut, bytes.length);
  return spans;
}

interface Layer {
  layer: Uint8Array;
  /** Place in the bytes as they were. */
  placeOf: (at: number) => number;
}

/** The bytes with their escapes undone, layer by layer; windows overlap by what a secret may take. */
function* layersOf(bytes: Uint8Array, longest: number): Generator<Layer> {
  const overlap = longest * ESCAPE_BYTES_MAX;
  for (let from = 0; from < bytes.length; from += WINDOW_BYTES) {
    let layer: Unescaped | null = undoEscapes(bytes.subarray(from, from + WINDOW_BYTES + overlap));
    let placeOf = (at: number): number => from + at;
    for (let depth = 0; layer !== null && depth < LAYERS_MAX; depth++) {
      const [below, { placeOf: inBelow }] = [placeOf, layer];
      placeOf = (at) => below(inBelow(at));
      yield { layer: layer.bytes, placeOf };
      layer = undoEscapes(layer.bytes);
    }
  }
}

/** With the characters of base64 at either side that hold bits of the secret. */
function widened(
  bytes: Uint8Array,
  { bytes: { length }, before, after }: Needle,
  at: number,
): Span {
  const isCoded = (index: number): boolean => {
    const byte = bytes[index];
    return byte !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
  };
  const end = at + length;
  return [
    before === 1 && isCoded(at - 1) ? at - 1 : at,
    after === 1 && isCoded(end) ? end + 1 : end,
  ];
}

const BACKSLASH = '\\'.charCodeAt(0);

/** A backslash that is left before filler would make text out of JSON that is none. */
function withEscape(bytes: Uint8Array, start: number): number {
  let backslashes = 0;
  while (bytes[start - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1 ? start - 1 : start;
}

/** An escape that has only begun. */
const BEGUN_ESCAPE =
  /(?:\\+(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|%(?:[0-9a-f]|u[0-9a-f]{0,3})?|&[#a-z0-9]{0,8})$/i;

function settledIn(bytes: Uint8Array, matcher: Matcher): number {
  if (matcher.needles.length === 0) return bytes.length;
  const tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - 24))).toString('latin1');
  const whole = bytes.subarray(0, bytes.length - (BEGUN_ESCAPE.exec(tail)?.[0].length ?? 0));
  const open = (layer: Uint8Array): number => matcher.cutOff(layer, { more: true });
  let settled = Math.min(whole.length, open(bytes), open(whole));
  for (const { layer, placeOf } of layersOf(whole, matcher.longest)) {
    settled = Math.min(settled, placeOf(open(layer)));
  }
  return settled;
}
