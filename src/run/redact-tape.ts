import type { Tape } from '../capture/tape.ts';
import type { Redactor } from '../secrets.ts';

/** A tape with its secrets replaced by filler of equal length; the body in place. */
export function redactTape(tape: Tape, redactor: Redactor): Tape {
  redactor.bytes(tape.body);
  const headers = Object.fromEntries(
    Object.entries(tape.headers).map(([name, value]) => [name, redactor.text(value)]),
  );
  return {
    ...tape,
    headers,
    end: { ...tape.end, message: redactOrNull(tape.end.message, redactor) },
  };
}

export function redactOrNull(text: string | null, redactor: Redactor): string | null {
  return text === null ? null : redactor.text(text);
}
