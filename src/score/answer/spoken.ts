import type { Answered } from '../types.ts';

const CLOSE = '</think>';

/**
 * What the model said to the user: without thinking that was left in the text, trimmed, and in
 * Unicode's composed form, so that `é` is one letter however it was written.
 *
 * Thinking ends at the last `</think>`; one that was opened and never closed has no answer after it.
 */
export function spokenText({ text }: Answered): string {
  const closed = text.lastIndexOf(CLOSE);
  const spoken = closed >= 0 ? text.slice(closed + CLOSE.length) : text;
  return /^\s*<think>/.test(spoken) ? '' : spoken.normalize('NFC').trim();
}
