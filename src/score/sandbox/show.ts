import { type Language, shapeOf, type Wire } from './wire.ts';

const WORDS = {
  python: { none: 'None', undefined: 'None', true: 'True', false: 'False' },
  javascript: { none: 'null', undefined: 'undefined', true: 'true', false: 'false' },
};
const DEEPEST = 6;
const LONGEST = 80;

/** A value as its language writes it, shortened. */
export function show(value: Wire, language: Language): string {
  return shortened(written(value, language, 0), LONGEST);
}

export function showCall(name: string, args: Wire[], language: Language): string {
  return `${name}(${shortened(args.map((arg) => written(arg, language, 0)).join(', '), LONGEST)})`;
}

/** On one line. */
export function shortened(text: string, most: number): string {
  const line = text.slice(0, most * 4).replace(/\s+/gu, ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

function written(value: Wire, language: Language, depth: number): string {
  if (depth > DEEPEST) return '…';
  const shape = shapeOf(value);
  const several = (items: Wire[]) =>
    items
      .slice(0, LONGEST)
      .map((item) => written(item, language, depth + 1))
      .join(', ');
  switch (shape.kind) {
    case 'none':
    case 'undefined':
      return WORDS[language][shape.kind];
    case 'bool':
      return WORDS[language][`${shape.value}`];
    case 'int':
      // Writing out a number takes the square of its length.
      return shape.value.toString(16).length > 500 ? 'a huge whole number' : String(shape.value);
    case 'float':
      return floatText(shape.value, language);
    case 'text':
      return JSON.stringify(shape.value.slice(0, LONGEST * 2));
    case 'bytes':
      return `bytes ${shape.value}`;
    case 'other':
      return shape.value;
    case 'list':
      return `[${several(shape.items)}]`;
    case 'tuple':
      return `(${several(shape.items)}${shape.items.length === 1 ? ',' : ''})`;
    case 'set':
      return `{${several(shape.items)}}`;
    case 'dict':
      return `{${shape.entries
        .slice(0, LONGEST)
        .map(
          ([key, item]) =>
            `${written(key, language, depth + 1)}: ${written(item, language, depth + 1)}`,
        )
        .join(', ')}}`;
  }
}

function floatText(value: number, language: Language): string {
  if (language === 'javascript') return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
