import type { JsonValue } from '../../json.ts';

/**
 * Whether two JSON values are the same: numbers by value (1.0 is 1), objects in any order of their
 * keys, arrays in order, texts in Unicode's composed form. A number is never equal to a text.
 */
export function jsonEqual(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.normalize() === b.normalize();
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => jsonEqual(item, b[index] as JsonValue));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && jsonEqual(a[key] as JsonValue, b[key] as JsonValue),
    )
  );
}
