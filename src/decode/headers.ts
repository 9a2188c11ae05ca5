import type { Tape } from '../capture/tape.ts';

/** Put in the place of `content-encoding` on a tape whose body was decoded. */
export const DECODED_FROM = 'x-tokentape-decoded-from';

/** Whether the body is one to read events from: 2xx and labelled `text/event-stream`. */
export function isEventStream(tape: Tape): boolean {
  return isSuccess(tape.status) && mediaType(tape.headers) === 'text/event-stream';
}

export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** The media type without parameters, in lower case; empty where there is none. */
export function mediaType(headers: Record<string, string>): string {
  const [type = ''] = (headers['content-type'] ?? '').split(/[;,]/, 1);
  return type.trim().toLowerCase();
}

/** Content codings in the order in which they were applied; `identity` is none. */
export function contentCodings(headers: Record<string, string>): string[] {
  return (headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** A header that counts something; 0 where it is absent or no number. */
export function countHeader(headers: Record<string, string>, name: string): number {
  const count = Number(headers[name]);
  return Number.isFinite(count) ? count : 0;
}

/**
 * Whether a LiteLLM proxy answered from its cache, and no model did: it names the cache key on hits
 * only, and has no headers of an upstream to pass on.
 * @see docs/litellm.md
 */
export function isCachedReply(headers: Record<string, string>): boolean {
  if (!headers['x-litellm-cache-key']) return false;
  return !Object.keys(headers).some((name) => name.startsWith('llm_provider-'));
}
