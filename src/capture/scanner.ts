import type { JsonValue } from '../json.ts';

const LF = 10;
const CR = 13;
const COLON = 58;
const LOWER_D = 100;
const DONE_WITH_SPACE = Buffer.from('data: [DONE]');
const DONE_WITHOUT_SPACE = Buffer.from('data:[DONE]');
/** An `event` line that leaves the event of the type it is without one. */
const MESSAGE_TYPE = /^event(?:: ?(?:message)?)?$/;
/** As many as tell all of these lines from others. */
const HEAD_BYTES = 'event: message'.length + 1;
const LINE_BYTES = 512;
const BOM = Buffer.from('\ufeff');
/** A longer line is not looked through for a token: no chunk of a model's has this size. */
const TOKEN_LINE_BYTES_MAX = 1024 * 1024;

export interface ScanLimits {
  events: number;
  eventBytes: number;
}

/**
 * What the measuring thread must know of a stream while it runs, and nothing more: whether bytes
 * other than comments came, whether the first token has come (events are parsed only until then),
 * whether `[DONE]` stood there, and whether a limit was passed. It keeps at most one line in memory,
 * and after the first token only the first bytes of one.
 */
export class StreamScanner {
  /** True once an event carried text of the model. */
  sawToken = false;
  /** True once an event `[DONE]` was completed by its blank line. */
  done = false;
  /** True while all that is missing to `[DONE]` is the end of its line or its blank line. */
  doneUnconfirmed = false;
  /** Names the limit that was passed. */
  exceeded: 'events' | 'event_bytes' | 'unpacked_bytes' | null = null;

  readonly #carriesToken: (json: JsonValue) => boolean;
  readonly #limits: ScanLimits;
  #lineBytes = 0;
  #lineIsComment = false;
  #lastWasCr = false;
  /** Bytes of a BOM passed over at the start of the stream; all of them once it is settled. */
  #bomBytes = 0;
  #head = Buffer.alloc(HEAD_BYTES);
  /** The line so far, kept until the first token only. */
  #line = Buffer.alloc(LINE_BYTES);
  #eventLines = 0;
  #dataLines = 0;
  #eventBytes = 0;
  #eventIsDone = false;
  #eventHasToken = false;
  /** The event is of a type that nobody listens to, whatever its data. */
  #otherType = false;
  #events = 0;

  constructor(carriesToken: (json: JsonValue) => boolean, limits: ScanLimits) {
    this.#carriesToken = carriesToken;
    this.#limits = limits;
  }

  /** @returns true where the bytes held anything but comments and line ends */
  push(bytes: Uint8Array): boolean {
    let progressed = false;
    let at = this.#bomBytes < BOM.length ? this.#passBom(bytes) : 0;
    while (at < bytes.length) {
      const end = lineEnd(bytes, at);
      if (end > at) {
        this.#lastWasCr = false;
        if (this.#takePart(bytes, at, end)) progressed = true;
        if (end === bytes.length) break;
      }
      at = end + 1;
      const isCr = bytes[end] === CR;
      // The LF of a CRLF ends nothing that its CR has not ended.
      const ended = isCr || !this.#lastWasCr;
      this.#lastWasCr = isCr;
      if (!ended) continue;
      this.#endLine();
      if (this.done) {
        this.doneUnconfirmed = false;
        return true;
      }
    }
    this.doneUnconfirmed =
      !this.#otherType &&
      ((this.#eventIsDone && this.#lineBytes === 0) ||
        (this.#dataLines === 0 && this.#lineIsDone()));
    return progressed;
  }

  /** @returns where the stream's own bytes begin; what only looked like a BOM is one of its lines */
  #passBom(bytes: Uint8Array): number {
    let at = 0;
    for (; this.#bomBytes < BOM.length && at < bytes.length; at++, this.#bomBytes++) {
      if (bytes[at] === BOM[this.#bomBytes]) continue;
      if (this.#bomBytes > 0) this.#takePart(BOM, 0, this.#bomBytes);
      this.#bomBytes = BOM.length;
      break;
    }
    return at;
  }

  /** Takes bytes `at` to `end`, a part of one line without its end; false where it is a comment. */
  #takePart(bytes: Uint8Array, at: number, end: number): boolean {
    if (this.#lineBytes === 0) this.#lineIsComment = bytes[at] === COLON;
    for (let i = at; i < end && this.#lineBytes + i - at < HEAD_BYTES; i++) {
      this.#head[this.#lineBytes + i - at] = bytes[i] as number;
    }
    const isComment = this.#lineIsComment;
    if (!isComment && !this.sawToken) this.#keep(bytes.subarray(at, end));
    this.#lineBytes += end - at;
    if (isComment) return false;
    this.#eventBytes += end - at;
    if (this.#eventBytes > this.#limits.eventBytes) this.exceeded = 'event_bytes';
    return true;
  }

  #endLine(): void {
    if (this.#lineBytes === 0) {
      this.#endEvent();
      return;
    }
    if (!this.#lineIsComment) {
      this.#eventLines += 1;
      this.#readField();
    }
    this.#lineBytes = 0;
  }

  /** `[DONE]` is all of an event's data; an `id` or the like beside it changes nothing. */
  #readField(): void {
    // Nearly every line is data, and told from its bytes alone.
    if (this.#head[0] === LOWER_D) {
      if (!this.#startsWith('data')) return;
      this.#eventIsDone = this.#dataLines === 0 && this.#lineIsDone();
      this.#dataLines += 1;
      if (!this.sawToken) this.#eventHasToken = this.#dataLines === 1 && this.#lineHasToken();
    } else if (this.#startsWith('event')) {
      const line = this.#head.toString('latin1', 0, Math.min(this.#lineBytes, HEAD_BYTES));
      this.#otherType = !MESSAGE_TYPE.test(line);
    }
  }

  /** Whether the line is of this field. */
  #startsWith(field: string): boolean {
    const { length } = field;
    if (this.#lineBytes < length || this.#head.toString('latin1', 0, length) !== field)
      return false;
    return this.#lineBytes === length || this.#head[length] === COLON;
  }

  /** Appends a part that is not counted yet to the line. */
  #keep(part: Uint8Array): void {
    const length = this.#lineBytes + part.length;
    if (length > TOKEN_LINE_BYTES_MAX) return;
    if (length > this.#line.length) {
      const grown = Buffer.alloc(Math.max(length, this.#line.length * 2));
      this.#line.copy(grown);
      this.#line = grown;
    }
    this.#line.set(part, this.#lineBytes);
  }

  #endEvent(): void {
    if (this.#eventLines === 0) return;
    this.done = this.#eventIsDone && !this.#otherType;
    if (this.#eventHasToken && !this.#otherType) {
      this.sawToken = true;
      this.#line = Buffer.alloc(0);
    }
    this.#eventLines = 0;
    this.#dataLines = 0;
    this.#eventBytes = 0;
    this.#eventIsDone = false;
    this.#eventHasToken = false;
    this.#otherType = false;
    if (++this.#events > this.#limits.events) this.exceeded = 'events';
  }

  #lineIsDone(): boolean {
    const pattern =
      this.#lineBytes === DONE_WITH_SPACE.length ? DONE_WITH_SPACE : DONE_WITHOUT_SPACE;
    return (
      this.#lineBytes === pattern.length &&
      this.#head.compare(pattern, 0, pattern.length, 0, pattern.length) === 0
    );
  }

  /**
   * Whether the data line carries text of the model. Servers put an event's JSON on one line; where one
   * does not, the first-token limit is all that could err, never a figure.
   */
  #lineHasToken(): boolean {
    if (this.#lineBytes > TOKEN_LINE_BYTES_MAX) return false;
    const data = this.#line.toString('utf8', 'data:'.length, this.#lineBytes);
    if (!data.trimStart().startsWith('{')) return false;
    try {
      return this.#carriesToken(JSON.parse(data));
    } catch {
      // Not JSON: the decoder names the fault once the tape is whole.
      return false;
    }
  }
}

/** Index of the next CR or LF; the length where there is none. */
function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
  return at;
}
