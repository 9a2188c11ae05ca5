import stringWidth from 'string-width';
import { carefully } from './careful.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Text from outside made safe for one line of a terminal: white space collapsed, every other
 * character that could act on the terminal or hide written out, as `\x1b` or `\u202e`.
 */
export function neutralise(text: string): string {
  return carefully(text.replace(/[\t\n\r\v\f\u0085\u2028\u2029 ]+/g, ' ').trim(), { lines: false });
}

/** As `neutralise`, for a text of many lines: line breaks, tabs and blanks stay as they are. */
export function neutraliseLines(text: string): string {
  return carefully(text, { lines: true });
}

/** Columns that `text` takes on a terminal; colour codes take none. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** Cut to `columns` columns, the end given by `…`. */
export function truncate(text: string, columns: number): string {
  if (fits(text, columns)) return text;
  if (columns < 1) return '';
  return `${headOf(graphemes(text.slice(0, columns * UNITS_MOST)), columns - 1)}…`;
}

/** Cut to `columns` columns in the middle: names of models differ at both ends. */
export function truncateMiddle(text: string, columns: number): string {
  if (fits(text, columns)) return text;
  if (columns < 1) return '';
  const head = headOf(graphemes(text.slice(0, columns * UNITS_MOST)), Math.ceil((columns - 1) / 2));
  const end = text.slice(-columns * UNITS_MOST);
  const tail = headOf([...graphemes(end)].reverse(), columns - 1 - displayWidth(head), true);
  return `${head}…${tail}`;
}

/** No grapheme of a neutralised text has more UTF-16 units for each of its columns. */
const UNITS_MOST = 64;

function fits(text: string, columns: number): boolean {
  return text.length <= columns * UNITS_MOST && displayWidth(text) <= columns;
}

/** One by one: of a name without end only what is shown is looked at. */
function* graphemes(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** As many of `parts` as fit; from the back of the text where `backwards`. */
function headOf(parts: Iterable<string>, columns: number, backwards = false): string {
  let taken = '';
  let width = 0;
  for (const part of parts) {
    width += displayWidth(part);
    if (width > columns) break;
    taken = backwards ? part + taken : taken + part;
  }
  return taken;
}

/**
 * Words laid into lines of at most `columns` columns.
 * @param indent in front of the first line
 * @param hanging in front of the others
 */
export function wrap(text: string, columns: number, indent = '', hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].map((each) => truncate(each, columns)).join('\n');
}

/**
 * Text of any script laid into lines of at most `columns` columns, its own line breaks kept: broken
 * between words, and within one that is longer than a line.
 */
export function fold(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => foldLine(line.trimEnd(), Math.max(1, columns)));
}

function foldLine(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)(?=\S)/)) {
    if (fits(word.trimEnd(), columns - displayWidth(line))) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    let rest = word;
    while (!fits(rest.trimEnd(), columns)) {
      // No further than a line may reach: looking at all that is left, again and again, is quadratic.
      const near = rest.slice(0, columns * UNITS_MOST);
      // A single grapheme wider than the line stands alone.
      const head = headOf(graphemes(near), columns) || (graphemes(near).next().value as string);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  return [...lines, line.trimEnd()];
}
