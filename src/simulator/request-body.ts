import type { IncomingMessage } from 'node:http';

/** Room for the longest prompts, and none for mischief. */
const LIMIT_BYTES = 8 * 2 ** 20;

/**
 * The request's body as text; `too_large` past 8 MiB, of which no more is kept. Such a body is
 * still read to its end, or the client would see a reset in the place of the answer.
 * Rejects where the client leaves.
 */
export async function readBody(request: IncomingMessage): Promise<string | 'too_large'> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= LIMIT_BYTES) pieces.push(piece);
  }
  return bytes > LIMIT_BYTES ? 'too_large' : Buffer.concat(pieces).toString('utf8');
}
