import { gunzipSync, constants as zlib } from 'node:zlib';
import type { Tape } from '../capture/tape.ts';
import type { Redactor } from '../secrets.ts';
import { contentCodings } from './headers.ts';
import { inflateTape } from './inflate.ts';

/** Headers that are read for what they say: an ordinary word in a header of the user's own may be among them. */
const READ_HEADER =
  /^(?:content-.*|transfer-encoding|location|retry-after(?:-ms)?|date|x-litellm-.*|llm_provider-.*)$/;

/** A tape with its secrets replaced by filler of equal length; the body in place. */
export function redactTape(tape: Tape, redactor: Redactor): Tape {
  redactor.bytes(tape.body);
  const headers = Object.fromEntries(
    Object.entries(tape.headers).map(([name, value]) => [
      READ_HEADER.test(name) ? name : redactor.text(name),
      redactor.text(value),
    ]),
  );
  return {
    ...tape,
    headers,
    end: { ...tape.end, message: redactOrNull(tape.end.message, redactor) },
  };
}

/**
 * A tape as it may be kept, and what its body decodes to. Where a content coding hides a secret, or more
 * than was decoded, what it decodes to is kept in its place; a body that nobody can look into is kept by its length alone.
 * @param limitBytes most bytes that the decoded body may have
 */
export async function redactCoded(
  tape: Tape,
  redactor: Redactor,
  limitBytes: number,
): Promise<{ tape: Tape; plain: Tape }> {
  if (contentCodings(tape.headers).length === 0) {
    const hides = isHiddenIn(tape.body, redactor);
    const redacted = redactTape(tape, redactor);
    const plain = hides ? withoutBody(redacted) : redacted;
    return { tape: plain, plain };
  }
  // First, for filler in coded bytes would break them.
  const inflated = await inflateTape(tape, limitBytes);
  const isUnread = contentCodings(inflated.headers).length > 0;
  const found = !isUnread && redactor.bytes(inflated.body);
  const plain = redactTape(inflated, redactor);
  if (isUnread) {
    const blank = withoutBody(plain);
    return { tape: blank, plain: blank };
  }
  if (found || plain.cut !== undefined) return { tape: plain, plain };
  return { tape: redactTape(tape, redactor), plain };
}

export function redactOrNull(text: string | null, redactor: Redactor): string | null {
  return text === null ? null : redactor.text(text);
}

/** No piece of the body tells where the secret is, so filler of equal length takes the place of all of it. */
export function withoutBody(tape: Tape): Tape {
  return { ...tape, body: new Uint8Array(tape.body.length).fill('*'.charCodeAt(0)) };
}

const UNLABELLED_BYTES_MAX = 8 * 1024 * 1024;

/** Whether a body of gzip that no header calls so has a secret in it. */
function isHiddenIn(body: Uint8Array, redactor: Redactor): boolean {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return false;
  try {
    const options = { maxOutputLength: UNLABELLED_BYTES_MAX, finishFlush: zlib.Z_SYNC_FLUSH };
    return redactor.bytes(gunzipSync(body, options));
  } catch {
    // Something else that begins so, or too much to look through.
    return body.length > UNLABELLED_BYTES_MAX;
  }
}
