import { sentencesOf } from './sentences.ts';

/** What the rules of a suite count, each of a whole answer. */
export const COUNTS = {
  /** Pieces between blanks that have a letter or digit: words in English, syllables in Vietnamese. */
  words: (text: string) => text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
  /** A line break ends one, too. */
  sentences: (text: string) => sentencesOf(text, true).length,
  /** Those that are not blank. */
  lines: (text: string) => linesOf(text).length,
  /** Code points of the composed form, without line breaks and blanks at the ends: 字数 in Japanese. */
  characters: (text: string) =>
    [
      ...linesOf(text.normalize('NFC'))
        .map((line) => line.trim())
        .join(''),
    ].length,
  /** Blocks of lines between blank ones. */
  paragraphs: (text: string) =>
    text.split(/\n[^\S\n]*\n/).filter((block) => block.trim() !== '').length,
} as const satisfies Record<string, (text: string) => number>;

export type Counted = keyof typeof COUNTS;

/** The lines of a text that are not blank. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
