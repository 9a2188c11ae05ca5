import type { JsonObject, JsonValue } from '../../json.ts';

/**
 * Values of another language as JSON: lists, texts, booleans, null and numbers are themselves, the
 * rest is an object with one key that begins with `$`. The other ends: python/wire.py,
 * quickjs/values.js. A suite may write the same, as `{$tuple: [1, 2]}`.
 */
export type Wire = JsonValue;

export type Language = 'python' | 'javascript';

/** What one value is, with whole numbers exact. Only its outermost layer is looked at. */
export type Shape =
  | { kind: 'none' | 'undefined' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'text' | 'bytes' | 'other'; value: string }
  | { kind: 'list' | 'tuple' | 'set'; items: Wire[] }
  | { kind: 'dict'; entries: [Wire, Wire][] };

export function shapeOf(value: Wire): Shape {
  if (value === null) return { kind: 'none' };
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? { kind: 'int', value: BigInt(value) }
      : { kind: 'float', value };
  }
  if (Array.isArray(value)) return { kind: 'list', items: value };
  return tagged(value) ?? { kind: 'dict', entries: Object.entries(value) };
}

/** Whether a suite's value can be held exactly: whole numbers beyond 2^53 need `{$int: '…'}`. */
export function isExact(value: Wire): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((one) => isExact(one as Wire));
}

function tagged(value: JsonObject): Shape | undefined {
  const [[tag, inner] = ['', null], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  const text = typeof inner === 'string' || typeof inner === 'number' ? String(inner) : '';
  switch (tag) {
    case '$int':
      return wholeNumber(text);
    case '$float':
      return { kind: 'float', value: floatOf(text) };
    case '$tuple':
      return { kind: 'tuple', items: listOf(inner) };
    case '$set':
      return { kind: 'set', items: listOf(inner) };
    case '$dict':
      return { kind: 'dict', entries: listOf(inner).map((pair) => pairOf(pair)) };
    case '$bytes':
      return { kind: 'bytes', value: text };
    case '$repr':
      return { kind: 'other', value: text };
    case '$undefined':
      return { kind: 'undefined' };
    default:
      return undefined;
  }
}

function wholeNumber(text: string): Shape {
  const [, minus, digits] = /^(-?)(\d+|0x[\da-f]+)$/i.exec(text) ?? [];
  if (digits === undefined) return { kind: 'other', value: text };
  return { kind: 'int', value: minus === '-' ? -BigInt(digits) : BigInt(digits) };
}

function floatOf(text: string): number {
  const [, minus] = /^([+-]?)inf(?:inity)?$/i.exec(text) ?? [];
  if (minus !== undefined) return minus === '-' ? Number.NEGATIVE_INFINITY : Infinity;
  return Number(text);
}

function listOf(value: Wire): Wire[] {
  return Array.isArray(value) ? value : [];
}

function pairOf(value: Wire): [Wire, Wire] {
  const [key = null, item = null] = listOf(value);
  return [key, item];
}
