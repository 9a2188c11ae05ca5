import { messageOf } from '../errors.ts';
import { neutralise } from '../report/text.ts';
import { RunBroke } from '../run/cut-short.ts';

/** What is said of a fault of our own, with what a run had kept before it. */
export function bugMessage(error: unknown): string {
  const cause = error instanceof RunBroke ? error.cause : error;
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : messageOf(cause);
  const safe = error instanceof RunBroke ? `  ${neutralise(error.whatIsSafe)}\n` : '';
  return `tokentape: this should not have happened, and is a bug of tokentape:\n${stack}\n${safe}`;
}
