/** Where a whole object or array stands in a text. */
export interface JsonSpan {
  start: number;
  /** One past its last character. */
  end: number;
  /** Comments and trailing commas within, which JSON has not: ranges to leave out, ascending. */
  extras: Range[];
}

type Range = [start: number, end: number];

/** Deeper ones are nobody's answer, and would overflow what walks over them. */
const DEPTH_MAX = 256;

type Awaited = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** One attempt from an opening bracket: the outermost whole values, and where to go on looking. */
interface Attempt {
  whole: JsonSpan[];
  next: number;
}

/**
 * The outermost whole objects and arrays of a text, in order; what is around them may be anything.
 * Comments and trailing commas are put up with, nothing else that JSON has not.
 *
 * Linear in the text. Where an attempt fails, every bracket still open fails at the same place, for
 * it awaits the same; only a bracket within the last string may have another reading, so looking
 * goes on there, and no character is read more than a few times.
 */
export function jsonSpans(text: string): JsonSpan[] {
  const lastCommentEnd = text.lastIndexOf('*/');
  const found: JsonSpan[] = [];
  let start = nextOpening(text, 0);
  while (start < text.length) {
    const { whole, next } = attempt(text, start, lastCommentEnd);
    found.push(...whole);
    start = nextOpening(text, next);
  }
  return found;
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') return at;
  }
  return text.length;
}

function attempt(text: string, start: number, lastCommentEnd: number): Attempt {
  /** Opening brackets not closed yet, each with the number of whole values found before it. */
  const open: { at: number; closing: string; before: number }[] = [];
  const whole: Range[] = [];
  const extras: Range[] = [];
  let awaited: Awaited = 'value';
  let comma = -1;
  let lastString = -1;
  let at = start;

  while (at < text.length) {
    const char = text[at] as string;
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') {
      at++;
      continue;
    }
    if (char === '/') {
      const end = commentEnd(text, at, lastCommentEnd);
      if (end === -1) break;
      extras.push([at, end]);
      at = end;
      continue;
    }
    const innermost = open.at(-1);
    if (innermost !== undefined && char === innermost.closing && mayEnd(awaited)) {
      if (comma !== -1) extras.push([comma, comma + 1]);
      comma = -1;
      open.pop();
      at++;
      whole.length = innermost.before; // those within it
      whole.push([innermost.at, at]);
      if (open.length === 0) break;
      awaited = 'comma-or-end';
      continue;
    }
    const { next, after } = token(text, at, char, awaited, innermost?.closing === '}');
    if (char === '"' && awaited !== 'colon' && awaited !== 'comma-or-end') lastString = at;
    if (next === -1) break;
    if (char === '{' || char === '[') {
      if (open.length === DEPTH_MAX) break;
      open.push({ at, closing: char === '{' ? '}' : ']', before: whole.length });
    }
    comma = char === ',' ? at : -1;
    awaited = after;
    at = next;
  }
  const failed = lastString === -1 ? at : lastString + 1;
  const next = Math.max(failed, whole.at(-1)?.[1] ?? 0, start + 1);
  return { whole: withExtras(whole, extras), next };
}

/** Gives each range the extras within it. */
function withExtras(whole: readonly Range[], extras: readonly Range[]): JsonSpan[] {
  const sorted = [...extras].sort(([a], [b]) => a - b);
  let index = 0;
  return whole.map(([start, end]) => {
    while ((sorted[index]?.[0] ?? end) < start) index++;
    const from = index;
    while ((sorted[index]?.[0] ?? end) < end) index++;
    return { start, end, extras: sorted.slice(from, index) };
  });
}

function mayEnd(awaited: Awaited): boolean {
  return awaited !== 'colon' && awaited !== 'value' && awaited !== 'key';
}

/** What one token is taken for; `next` is -1 where it is not what is awaited. */
function token(
  text: string,
  at: number,
  char: string,
  awaited: Awaited,
  inObject: boolean,
): { next: number; after: Awaited } {
  switch (awaited) {
    case 'colon':
      return { next: char === ':' ? at + 1 : -1, after: 'value' };
    case 'comma-or-end':
      return {
        next: char === ',' ? at + 1 : -1,
        after: inObject ? 'key-or-end' : 'value-or-end',
      };
    case 'key':
    case 'key-or-end':
      return { next: char === '"' ? stringEnd(text, at) : -1, after: 'colon' };
    default:
      if (char === '{') return { next: at + 1, after: 'key-or-end' };
      if (char === '[') return { next: at + 1, after: 'value-or-end' };
      if (char === '"') return { next: stringEnd(text, at), after: 'comma-or-end' };
      return { next: scalarEnd(text, at), after: 'comma-or-end' };
  }
}

/** One past the closing quote; -1 where the string is not closed, or not JSON's. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -1;
    if (code === 0x5c) {
      const escaped = text[++at] ?? '';
      if (
        escaped === 'u' ? !/^[\da-f]{4}$/i.test(text.slice(at + 1, at + 5)) : !ESCAPED.test(escaped)
      )
        return -1;
    }
  }
  return -1;
}

const ESCAPED = /^["\\/bfnrt]$/;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

function scalarEnd(text: string, at: number): number {
  SCALAR.lastIndex = at;
  return SCALAR.test(text) ? SCALAR.lastIndex : -1;
}

function commentEnd(text: string, at: number, lastCommentEnd: number): number {
  if (text[at + 1] === '/') {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  }
  if (text[at + 1] !== '*' || at + 2 > lastCommentEnd) return -1;
  return text.indexOf('*/', at + 2) + 2;
}
