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
  exceeded: 'events' | 'event_bytes' | null = null;

  readonly #carriesToken: (json: JsonValue) => boolean;
  readonly #limits: ScanLimits;
  #lineBytes = 0;
  #lineIsComment = false;
  #lastWasCr = false;
  #head = Buffer.alloc(HEAD_BYTES);
  /** The line so far, kept until the first token only. */
  #line = Buffer.alloc(LINE_BYTES);
  #eventLines = 0;
  #dataLines = 0;
  #eventBytes = 0;
  #eventIsDone = false;
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
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte === LF && this.#lastWasCr) {
        this.#lastWasCr = false;
        continue;
      }
      this.#lastWasCr = byte === CR;
      if (byte === LF || byte === CR) {
        this.#endLine();
        if (this.done) {
          this.doneUnconfirmed = false;
          return true;
        }
        continue;
      }
      if (this.#lineBytes === 0) this.#lineIsComment = byte === COLON;
      if (this.#lineBytes < HEAD_BYTES) this.#head[this.#lineBytes] = byte;
      this.#lineBytes += 1;
      if (this.#lineIsComment) continue;
      progressed = true;
      if (!this.sawToken) this.#keep(byte);
      if (++this.#eventBytes > this.#limits.eventBytes) this.exceeded = 'event_bytes';
    }
    this.doneUnconfirmed =
      !this.#otherType &&
      ((this.#eventIsDone && this.#lineBytes === 0) ||
        (this.#dataLines === 0 && this.#lineIsDone()));
    return progressed;
  }

  #endLine(): void {
    if (this.#lineBytes === 0) {
      this.#endEvent();
      return;
    }
    if (!this.#lineIsComment) {
      this.#eventLines += 1;
      this.#readField();
      if (!this.sawToken) this.#lookForToken();
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

  /** Appends a byte, counted already, to the line. */
  #keep(byte: number): void {
    if (this.#lineBytes > this.#line.length) {
      const grown = Buffer.alloc(this.#line.length * 2);
      this.#line.copy(grown);
      this.#line = grown;
    }
    this.#line[this.#lineBytes - 1] = byte;
  }

  #endEvent(): void {
    if (this.#eventLines === 0) return;
    this.done = this.#eventIsDone && !this.#otherType;
    this.#eventLines = 0;
    this.#dataLines = 0;
    this.#eventBytes = 0;
    this.#eventIsDone = false;
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
   * Looks at one line at a time: servers put an event's JSON on one line, and where one does not,
   * the first-token limit is all that could err, never a figure.
   */
  #lookForToken(): void {
    const text = this.#line.toString('utf8', 0, this.#lineBytes).replace(/^\uFEFF/, '');
    const data = /^data: ?(\{.*)$/s.exec(text)?.[1];
    if (data === undefined) return;
    try {
      this.sawToken = this.#carriesToken(JSON.parse(data));
      if (this.sawToken) this.#line = Buffer.alloc(0);
    } catch {
      // Not JSON: the decoder names the fault once the tape is whole.
    }
  }
}
