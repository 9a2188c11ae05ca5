import { forGood, type Verdict, verdict } from '../verdict.ts';

export type Relation = 'less than' | 'at least';

/** IFEval's comparison of a count: `less than` is strict. */
export function compared(count: number, relation: Relation, wanted: number, what: string): Verdict {
  const fault = `has ${count} ${what}, not ${relation} ${wanted}`;
  if (relation === 'less than') return forGood(count < wanted, fault);
  return verdict(count >= wanted, fault);
}

/** At least so many. */
export function enough(count: number, wanted: number, what: string): Verdict {
  return compared(count, 'at least', wanted, what);
}

/** Python's `\w+`: letters, digits and underscores. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** How often `part` is in `text`, without overlaps and without regard to case. */
export function occurrences(text: string, part: string): number {
  return text.toLowerCase().split(part.toLowerCase()).length - 1;
}

/** Python's `strip(char)`: without any number of one character at either end. */
export function stripped(text: string, char: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === char) start++;
  while (end > start && text[end - 1] === char) end--;
  return text.slice(start, end);
}
