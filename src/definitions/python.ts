import { parseJson } from '../decode/parse-json.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/**
 * The tools are written in Python, and how a server's odd chunk fares with them depends on what
 * Python raises. These say so in the tools' place.
 */
export class Raised extends Error {
  override readonly name = 'Raised';
}

/** The tools read the same chunks one after the other: each is parsed for the first of them. */
const parsed = new Map<string, JsonValue | undefined>();
const PARSED_MAX = 4096;
const PARSED_CHARACTERS_MAX = 4096;

/** The JSON of a text, not to be changed; `undefined` where it is none. */
export function jsonIn(text: string): JsonValue | undefined {
  if (text.length > PARSED_CHARACTERS_MAX) return parseJson(text);
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size === PARSED_MAX) parsed.clear();
  const json = parseJson(text);
  parsed.set(text, json);
  return json;
}

/** `json.loads`. */
export function loads(text: string): JsonValue {
  const json = jsonIn(text);
  if (json === undefined) throw new Raised('JSONDecodeError');
  return json;
}

export function isDict(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value on which `.get` is called. */
export function dict(value: JsonValue | undefined): JsonObject {
  if (!isDict(value)) throw new Raised('AttributeError');
  return value;
}

/** `value[0]` of a list. */
export function firstOf(value: JsonValue | undefined): JsonValue {
  if (!Array.isArray(value)) throw new Raised('TypeError');
  if (value[0] === undefined) throw new Raised('IndexError');
  return value[0];
}

/** `value[key]`. */
export function item(value: JsonValue | undefined, key: string): JsonValue {
  const found = dict(value)[key];
  if (found === undefined) throw new Raised('KeyError');
  return found;
}

/** `value or ""`, added to a text. */
export function textOr(value: JsonValue | undefined): string {
  if (!truthy(value)) return '';
  if (typeof value !== 'string') throw new Raised('TypeError');
  return value;
}

/** What `if value` asks. */
export function truthy(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A count, `null` for anything else. */
export function countOr(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** `text.removeprefix(prefix)`. */
export function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** `bytes.strip()`: JavaScript's `trim` would take a byte order mark and U+2028 too. */
export function stripped(text: string): string {
  return text.replace(/^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g, '');
}
