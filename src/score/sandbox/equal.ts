import { type Language, type Shape, shapeOf, type Wire } from './wire.ts';

/** Numbers of which one has a fraction are equal when they are this close, absolutely or relatively. */
export const TOLERANCE = 1e-9;

export interface Likeness {
  language: Language;
  tolerance: number;
}

/**
 * Whether a result is what a test expects, by the language's own idea of equality, but for: numbers
 * with a fraction need to be close; NaN is NaN; tuples and lists are one; a key `1` is a key `"1"`.
 * It goes as deep as `expected` does, so that a result cannot make it go deeper.
 */
export function equal(got: Wire, expected: Wire, likeness: Likeness): boolean {
  const a = shapeOf(got);
  const b = shapeOf(expected);
  const numbers = [numberOf(a, likeness.language), numberOf(b, likeness.language)] as const;
  if (numbers[0] !== undefined && numbers[1] !== undefined) {
    return numbersEqual(numbers[0], numbers[1], likeness.tolerance);
  }
  if (isList(a) && isList(b)) {
    return (
      a.items.length === b.items.length &&
      b.items.every((item, at) => equal(a.items[at] ?? null, item, likeness))
    );
  }
  if (a.kind === 'set' && b.kind === 'set') {
    return a.items.length === b.items.length && allFound(a.items, b.items, likeness);
  }
  if (a.kind === 'dict' && b.kind === 'dict') return dictsEqual(a.entries, b.entries, likeness);
  if (a.kind === 'other' || b.kind === 'other') return false;
  return a.kind === b.kind && 'value' in a && 'value' in b
    ? a.value === b.value
    : a.kind === b.kind && (a.kind === 'none' || a.kind === 'undefined');
}

type List = Extract<Shape, { kind: 'list' | 'tuple' | 'set' }>;

function isList(shape: Shape): shape is List {
  return shape.kind === 'list' || shape.kind === 'tuple';
}

/** In Python `True == 1`. */
function numberOf(shape: Shape, language: Language): bigint | number | undefined {
  if (shape.kind === 'int' || shape.kind === 'float') return shape.value;
  if (shape.kind === 'bool' && language === 'python') return shape.value ? 1n : 0n;
  return undefined;
}

function numbersEqual(a: bigint | number, b: bigint | number, tolerance: number): boolean {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b;
  const [x, y] = [Number(a), Number(b)];
  if (x === y) return true;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (!(Number.isFinite(x) && Number.isFinite(y))) return false;
  return Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y));
}

function allFound(got: Wire[], expected: Wire[], likeness: Likeness): boolean {
  const left = [...got];
  return expected.every((item) => {
    const at = left.findIndex((one) => equal(one, item, likeness));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function dictsEqual(got: [Wire, Wire][], expected: [Wire, Wire][], likeness: Likeness): boolean {
  if (got.length !== expected.length) return false;
  const byKey = new Map(got.map(([key, item]) => [keyText(key), item]));
  return expected.every(([key, item]) => {
    const found = byKey.get(keyText(key));
    return found !== undefined && equal(found, item, likeness);
  });
}

/** Equal keys have equal texts. */
function keyText(key: Wire): string {
  const shape = shapeOf(key);
  if (shape.kind === 'float' && Number.isInteger(shape.value)) return String(shape.value);
  if ('value' in shape) return String(shape.value);
  if ('items' in shape) return `(${shape.items.map((item) => JSON.stringify(item)).join()})`;
  return shape.kind === 'none' ? 'null' : JSON.stringify(key);
}
