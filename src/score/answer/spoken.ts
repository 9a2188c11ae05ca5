import type { Answered } from '../types.ts';

/** Longer texts are not an answer that anyone reads; what stands beyond is not looked at. */
export const LONGEST_TEXT_CHARS = 1_000_000;

const CLOSE = '</think>';

/**
 * What the model said to the user: without thinking that was left in the text, trimmed, and in
 * Unicode's composed form, so that `é` is one letter however it was written.
 *
 * Thinking ends at the last `</think>`; one that was opened and never closed has no answer after it.
 */
export function spokenText({ text }: Answered): string {
  const cut = text.length > LONGEST_TEXT_CHARS ? text.slice(0, LONGEST_TEXT_CHARS) : text;
  const closed = cut.lastIndexOf(CLOSE);
  const spoken = closed >= 0 ? cut.slice(closed + CLOSE.length) : cut;
  return /^\s*<think>/.test(spoken) ? '' : spoken.normalize('NFC').trim();
}
