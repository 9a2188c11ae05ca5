import type { MonotonicStamper } from './stamp.ts';
import { STAMP_DIGITS } from './stamp.ts';

/** The model that a ground truth lists; it answers to any name. */
export const GROUND_TRUTH_MODEL = 'ground-truth';

const PLACEHOLDER = '#'.repeat(STAMP_DIGITS);

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function chunkEvent(choice: object | null, rest: object = {}): string {
  const choices = choice === null ? [] : [{ index: 0, ...choice }];
  const head = { id: 'chatcmpl-ground-truth', object: 'chat.completion.chunk', created: 0 };
  return event({ ...head, model: GROUND_TRUTH_MODEL, choices, ...rest });
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** What a stream begins with: the empty chunk that names the role. */
export const ROLE_CHUNK = httpChunk(
  chunkEvent({ delta: { role: 'assistant', content: '' }, finish_reason: null }),
);

/** What a stream ends with, up to `[DONE]`; the end of the HTTP body is not in it. */
export function closingChunks(chunks: number, withUsage: boolean): string {
  const finish = chunkEvent({ delta: {}, finish_reason: 'stop' });
  const usage = { prompt_tokens: 1, completion_tokens: chunks, total_tokens: chunks + 1 };
  return httpChunk(`${finish}${withUsage ? chunkEvent(null, { usage }) : ''}data: [DONE]\n\n`);
}

/**
 * The bytes of one write: content chunks, each an HTTP chunk of its own, complete but for the
 * instants in them. Made once for each stream; only digits change after that.
 */
export class StampedChunks {
  readonly bytes: Buffer;
  readonly #count: number;
  readonly #chunkBytes: number;
  readonly #stampAt: number;

  constructor(count: number, eventBytes: number) {
    const one = httpChunk(contentEvent(eventBytes));
    this.bytes = Buffer.from(one.repeat(count), 'latin1');
    this.#count = count;
    this.#chunkBytes = one.length;
    this.#stampAt = one.indexOf(PLACEHOLDER);
  }

  /** Stamps the first `count` chunks, as near to the write as can be, and gives their bytes. */
  stamp(stamper: MonotonicStamper, count: number): Buffer {
    for (let index = 0; index < count; index++) {
      stamper.write(performance.now(), this.bytes, index * this.#chunkBytes + this.#stampAt);
    }
    return count === this.#count ? this.bytes : this.bytes.subarray(0, count * this.#chunkBytes);
  }
}

function contentEvent(eventBytes: number): string {
  const withText = (filler: string): string =>
    chunkEvent({ delta: { content: `${PLACEHOLDER} ${filler}` }, finish_reason: null });
  return withText('x'.repeat(Math.max(0, eventBytes - withText('').length)));
}
