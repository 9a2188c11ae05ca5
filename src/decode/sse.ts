/** One dispatched event; `event` is `message` where the stream names none. */
export interface SseEvent {
  event: string;
  data: string;
  /** The last id seen, which stays in force until another one comes. */
  id: string;
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const REPLACEMENT = '\ufffd';
const REPLACEMENT_CODE = 0xfffd;
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);
/** A line held over pushes gets at least this; a buffer past the second figure is not kept. */
const HELD_BYTES_MIN = 256;
const HELD_BYTES_KEPT = 65_536;

/**
 * Event-stream decoder by the WHATWG rules, whole. An event is emitted inside the `push` of the
 * byte that completes it, a CR included: a following LF is swallowed later, never waited for.
 * Each byte is searched once, copied at most a few times and decoded once, however it is cut up.
 * `retry` is ignored: nothing here reconnects.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseDecoder {
  /** After `end()`: data of the event that was never completed, its last torn line included. */
  pending: string | null = null;
  /** Type of the pending event. */
  pendingEvent = 'message';
  /** U+FFFD put in for invalid UTF-8 in complete lines; those that the sender wrote do not count. */
  replacements = 0;
  comments = 0;
  /** While an event is emitted: how many bytes, of all pushes, it took to complete it. */
  position = 0;

  readonly #onEvent: (event: SseEvent) => void;
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #pushedBytes = 0;
  #atStart = true;
  #afterCr = false;
  /** `null` where the event has no data line yet, which is not the same as an empty one. */
  #data: string | null = null;
  #event = '';
  #id = '';

  constructor(onEvent: (event: SseEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Takes the next bytes, any number of them; they are copied where they have to be kept. */
  push(bytes: Uint8Array): void {
    const chunk = asBuffer(bytes);
    const end = chunk.length;
    if (end === 0) return;
    let start = this.#afterCr && chunk[0] === LF ? 1 : 0;
    this.#afterCr = false;

    // The next place of each line end is remembered, so that no byte is searched twice.
    let lf = find(chunk, LF, start);
    let cr = find(chunk, CR, start);
    for (let stop = Math.min(lf, cr); stop < end; stop = Math.min(lf, cr)) {
      this.position = this.#pushedBytes + stop + 1;
      this.#endLine(chunk, start, stop);
      start = stop + 1;
      if (stop === cr) {
        if (start === end) this.#afterCr = true;
        else if (chunk[start] === LF) start += 1;
        cr = find(chunk, CR, start);
      }
      if (lf < start) lf = find(chunk, LF, start);
    }
    if (start < end) this.#hold(chunk, start, end);
    this.#pushedBytes += end;
  }

  /** Says that no more bytes come. Nothing is dispatched; what was left is in `pending`. */
  end(): void {
    if (this.#heldBytes > 0) {
      // A character torn by the end is the cut's doing, not the sender's.
      const replacements = this.replacements;
      this.#readLine(this.#held, 0, this.#heldBytes);
      this.replacements = replacements;
      this.#release();
    }
    this.pending = this.#data;
    this.pendingEvent = this.#event || 'message';
  }

  #endLine(chunk: Buffer, start: number, stop: number): void {
    if (this.#heldBytes === 0) {
      this.#readLine(chunk, start, stop);
      return;
    }
    this.#hold(chunk, start, stop);
    const bytes = this.#heldBytes;
    this.#heldBytes = 0;
    this.#readLine(this.#held, 0, bytes);
    this.#release();
  }

  /** Keeps part of a line; room doubles, so that the copying stays linear. */
  #hold(chunk: Buffer, start: number, stop: number): void {
    const bytes = this.#heldBytes + stop - start;
    if (bytes > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(HELD_BYTES_MIN, 2 * bytes));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    chunk.copy(this.#held, this.#heldBytes, start, stop);
    this.#heldBytes = bytes;
  }

  #release(): void {
    this.#heldBytes = 0;
    if (this.#held.length > HELD_BYTES_KEPT) this.#held = Buffer.alloc(0);
  }

  /** One line without its end. Only the first may start with a BOM, which goes. */
  #readLine(line: Buffer, lineStart: number, stop: number): void {
    let start = lineStart;
    if (this.#atStart) {
      this.#atStart = false;
      if (startsWithBom(line, start, stop)) start += 3;
    }
    if (start === stop) this.#dispatch();
    else if (isDataLine(line, start, stop)) this.#readData(line, start + 4, stop);
    else this.#readField(this.#text(line, start, stop));
  }

  #readData(line: Buffer, colon: number, stop: number): void {
    let start = Math.min(colon + 1, stop);
    if (start < stop && line[start] === SPACE) start += 1;
    const value = this.#text(line, start, stop);
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
  }

  #readField(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) {
      this.comments += 1;
      return;
    }
    const name = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }

  #dispatch(): void {
    const data = this.#data;
    const event = this.#event || 'message';
    this.#data = null;
    this.#event = '';
    if (data !== null) this.#onEvent({ event, data, id: this.#id });
  }

  /**
   * Lines can be decoded one by one, because a line end is ASCII and ends any sequence. A byte
   * triple EF BF BD is always a U+FFFD of the sender's own: EF starts afresh wherever it stands.
   */
  #text(line: Buffer, start: number, stop: number): string {
    const text = line.toString('utf8', start, stop);
    if (text.includes(REPLACEMENT)) {
      this.replacements += replacementsIn(text) - replacementsSent(line.subarray(start, stop));
    }
    return text;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where `byte` comes next; the length of `chunk` where it does not. */
function find(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? chunk.length : at;
}

function replacementsIn(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === REPLACEMENT_CODE) count += 1;
  return count;
}

function replacementsSent(bytes: Buffer): number {
  let count = 0;
  let at = bytes.indexOf(REPLACEMENT_BYTES);
  while (at !== -1) {
    count += 1;
    at = bytes.indexOf(REPLACEMENT_BYTES, at + REPLACEMENT_BYTES.length);
  }
  return count;
}

function startsWithBom(line: Buffer, start: number, stop: number): boolean {
  return (
    stop - start >= 3 &&
    line[start] === 0xef &&
    line[start + 1] === 0xbb &&
    line[start + 2] === 0xbf
  );
}

/** Whether the field is `data`; nearly every line is, so it is told from the bytes alone. */
function isDataLine(line: Buffer, start: number, stop: number): boolean {
  return (
    stop - start >= 4 &&
    line[start] === 0x64 &&
    line[start + 1] === 0x61 &&
    line[start + 2] === 0x74 &&
    line[start + 3] === 0x61 &&
    (start + 4 === stop || line[start + 4] === COLON)
  );
}
