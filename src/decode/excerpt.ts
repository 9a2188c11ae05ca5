/** Controls, lone surrogates and characters that turn the reading direction. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of a server made fit for one line of a message: white space folded, control and
 * direction-changing characters replaced by U+FFFD, cut to `maxLength` UTF-16 units with an `…`.
 */
export function excerpt(text: string, maxLength: number): string {
  return foldLine(text.trimStart(), maxLength).trimEnd();
}

/** As `excerpt`, with a space kept at either end, where it is the point of the text. */
export function foldLine(text: string, maxLength: number): string {
  // Cut first: a body of megabytes is not to be folded for a line of it.
  const head = text.slice(0, 8 * maxLength);
  const line = head.replace(/\s+/g, ' ').replace(UNSAFE, '\ufffd');
  if (line.length <= maxLength && head.length === text.length) return line;
  return `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…`;
}
