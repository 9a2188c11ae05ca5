import { jsonIn, Raised } from './python.ts';
import type { Reply } from './types.ts';

/** A piece of the stream, with the instant at which the tool gets to see it. */
export interface Framed {
  atMs: number;
  text: string;
}

/**
 * The reads as text. A byte order mark is kept, for none of the tools takes it off.
 * @throws Raised for bytes that are not UTF-8, where `strict`
 */
export function decoded({ reads }: Reply, strict: boolean): Framed[] {
  const decoder = new TextDecoder('utf-8', { fatal: strict, ignoreBOM: true });
  try {
    return reads.map(({ atMs, bytes }) => ({
      atMs,
      text: decoder.decode(bytes, { stream: true }),
    }));
  } catch {
    throw new Raised('UnicodeDecodeError');
  }
}

/** Ends of a line as `bytes.splitlines` has them. */
export const BYTE_LINE_ENDS = /\r\n|\n|\r/;
/** Ends of a line as `str.splitlines` has them: U+2028 inside a text is one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits at these
export const TEXT_LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Line by line, each when its end came; what the body's end left without one comes with that. */
export function linesOf(pieces: readonly Framed[], endMs: number, ends: RegExp): Framed[] {
  const lines: Framed[] = [];
  let rest = '';
  for (const { atMs, text } of pieces) {
    const parts = (rest + text).split(ends);
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push({ atMs, text: part });
  }
  if (rest !== '') lines.push({ atMs: endMs, text: rest });
  return lines;
}

/** Event by event, each when the blank line behind it came; `rest` is what had none. */
export function blocksOf(
  pieces: readonly Framed[],
  blankLines: readonly string[],
): { blocks: Framed[]; rest: string } {
  const blocks: Framed[] = [];
  let rest = '';
  for (const { atMs, text } of pieces) {
    rest += text;
    for (let cut = findFirst(rest, blankLines); cut !== null; cut = findFirst(rest, blankLines)) {
      blocks.push({ atMs, text: rest.slice(0, cut.from) });
      rest = rest.slice(cut.to);
    }
  }
  return { blocks, rest };
}

function findFirst(text: string, marks: readonly string[]): { from: number; to: number } | null {
  for (const mark of marks) {
    const from = text.indexOf(mark);
    if (from !== -1) return { from, to: from + mark.length };
  }
  return null;
}

/**
 * Event by event, each when its blank line came, or already when a read has left whole JSON, or
 * `[DONE]`, in the buffer.
 * @param prepare what is done to each read first
 * @param payloadOf the JSON in what the buffer holds; `null` where it holds none yet
 */
export function eagerBlocksOf(
  pieces: readonly Framed[],
  prepare: (text: string) => string,
  payloadOf: (buffer: string) => string | null,
): Framed[] {
  const blocks: Framed[] = [];
  let buffer = '';
  for (const { atMs, text } of pieces) {
    buffer += prepare(text);
    const parts = buffer.split('\n\n');
    buffer = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') blocks.push({ atMs, text: part });
    const payload = payloadOf(buffer);
    if (payload === null || !isWhole(payload)) continue;
    blocks.push({ atMs, text: buffer });
    buffer = '';
  }
  return blocks;
}

function isWhole(payload: string): boolean {
  if (payload === '[DONE]') return true;
  // Cheap to refuse: most reads that end inside an event do not end in a brace.
  return payload.endsWith('}') && jsonIn(payload) !== undefined;
}
