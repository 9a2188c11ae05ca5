import { messageOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  type DataFault,
  type DataRecord,
  faultOfRecord,
  OVERLONG,
  RECORD_BYTES_MAX,
} from './record.ts';

const BYTE = {
  quote: 0x22,
  backslash: 0x5c,
  comma: 0x2c,
  lineBreak: 0x0a,
  open: 0x5b,
  close: 0x5d,
};
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
const UTF8 = new TextDecoder('utf-8', { fatal: true });
const BOM = [0xef, 0xbb, 0xbf];

/** Whether the text is one JSON list, by its first character. */
export function isJsonList(bytes: Uint8Array): boolean {
  return bytes[firstOf(bytes)] === BYTE.open;
}

/**
 * Reads the records of one JSON list, one after the other as they are asked for: files of this kind may be
 * larger than a string can be. A record that is no JSON is a fault, and the next one is read.
 */
export function* recordsOfList(bytes: Uint8Array): Generator<DataRecord | DataFault> {
  const elements = new Elements(bytes, firstOf(bytes) + 1);
  for (let element = elements.next(); element !== null; element = elements.next()) {
    yield recordOf(element);
  }
  if (!elements.closed) yield { line: elements.line, message: 'ends before its list does' };
}

function recordOf({ bytes, line }: Element): DataRecord | DataFault {
  if (bytes.length > RECORD_BYTES_MAX) return { line, message: OVERLONG };
  try {
    const value = JSON.parse(UTF8.decode(bytes)) as JsonValue;
    const message = faultOfRecord(value);
    return message === null ? { line, fields: value as JsonObject } : { line, message };
  } catch (error) {
    const isUtf8 = error instanceof SyntaxError;
    return { line, message: isUtf8 ? `is not JSON: ${messageOf(error)}` : 'is not UTF-8' };
  }
}

interface Element {
  bytes: Uint8Array;
  line: number;
}

function firstOf(bytes: Uint8Array): number {
  let at = BOM.every((byte, index) => bytes[index] === byte) ? BOM.length : 0;
  while (BLANK.has(bytes[at] ?? 0)) at++;
  return at;
}

/** The elements of a list as bytes, found by their brackets and strings alone. */
class Elements {
  readonly #bytes: Uint8Array;
  #at: number;
  /** Of where it stands, from 1. */
  line = 1;
  closed = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    for (let before = 0; before < at; before++) this.#count(before);
  }

  next(): Element | null {
    const bytes = this.#bytes;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at] as number;
      if (byte === BYTE.close) {
        this.closed = true;
        return null;
      }
      if (!BLANK.has(byte) && byte !== BYTE.comma) break;
      this.#count(this.#at);
    }
    if (this.#at >= bytes.length) return null;
    const [from, { line }] = [this.#at, this];
    this.#skipElement();
    return { bytes: bytes.subarray(from, this.#at), line };
  }

  /** To the comma or bracket that ends it, or the end of the file. */
  #skipElement(): void {
    const bytes = this.#bytes;
    let depth = 0;
    let inString = false;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at] as number;
      this.#count(this.#at);
      if (inString) {
        if (byte === BYTE.backslash) this.#at++;
        else if (byte === BYTE.quote) inString = false;
        continue;
      }
      if (depth === 0 && (byte === BYTE.comma || byte === BYTE.close)) return;
      if (byte === BYTE.quote) inString = true;
      else if (OPENING.has(byte)) depth++;
      else if (CLOSING.has(byte)) depth--;
    }
  }

  #count(at: number): void {
    if (this.#bytes[at] === BYTE.lineBreak) this.line++;
  }
}
