import {
  type BodyFraming,
  HttpSyntaxError,
  parseResponseHead,
  type ResponseHead,
  readField,
} from './response-head.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const SEMICOLON = 59;
/** 2⁵² bytes: past every limit of ours, and exact up to there. */
const CHUNK_SIZE_DIGITS_MAX = 13;
/** No server of models sends extensions: of all chunks together, so many times the bytes of a head. */
const EXTENSION_HEADS_MAX = 16;
const VERSION = Buffer.from('HTTP/1.');

/** Told in this order, each at the byte that completes it. */
export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  /** Bytes of the body: a view of the read, which the next read may overwrite. */
  onBody(bytes: Uint8Array): void;
  onEnd(): void;
}

type State =
  | 'head'
  | 'chunk_size'
  | 'chunk_extension'
  | 'chunk_data'
  | 'chunk_end'
  | 'trailer'
  | 'counted'
  | 'until_close'
  | 'ended';

/**
 * Takes the framing off one HTTP/1.1 response as its bytes come (RFC 9112): interim responses, the
 * head, chunks and trailers, bodies of known length and those that the connection's end ends. A line
 * may end in LF alone, as the RFC allows a recipient; a chunk ends as the line of its size did, for an
 * LF could be data that has shifted. Linear in the bytes however they are split;
 * it keeps `headerBytes` at most, and of the body nothing.
 */
export class ResponseParser {
  readonly #events: ResponseEvents;
  readonly #headerBytes: number;
  #state: State = 'head';
  #head = Buffer.alloc(1024);
  #headLength = 0;
  /** Bytes of the interim responses before the one that counts. */
  #interimBytes = 0;
  /** Bytes of the line being read, its CR not counted. */
  #lineLength = 0;
  /** Bytes of the body, or of the chunk, still to come. */
  #remaining = 0;
  #sizeDigits = 0;
  /** The last byte of the framing was a CR, which an LF alone may follow. */
  #afterCr = false;
  /** The line of the chunk's size ended in CRLF. */
  #sizePaired = true;
  /** The trailer being read, in Latin-1. */
  #trailer = '';
  /** Bytes of a chunk's extension, or of the trailers: both are read over. */
  #skipped = 0;
  /** Of all chunks together. */
  #extensionBytes = 0;

  constructor(headerBytes: number, events: ResponseEvents) {
    this.#headerBytes = headerBytes;
    this.#events = events;
  }

  /** True where the end of the connection, now, is the proper end of the body. */
  get endsWithConnection(): boolean {
    return this.#state === 'until_close';
  }

  /**
   * @param bytes one read, in its first `length` bytes
   * @returns how many of them belonged to the response
   * @throws HttpSyntaxError
   */
  push(bytes: Uint8Array, length: number): number {
    let at = 0;
    while (at < length && this.#state !== 'ended') {
      switch (this.#state) {
        case 'chunk_data':
        case 'counted':
        case 'until_close':
          at = this.#passBody(bytes, at, length);
          break;
        default:
          this.#takeByte(bytes[at] as number);
          at += 1;
      }
    }
    return at;
  }

  #passBody(bytes: Uint8Array, at: number, length: number): number {
    const end = Math.min(length, at + this.#remaining);
    this.#remaining -= end - at;
    this.#events.onBody(bytes.subarray(at, end));
    if (this.#remaining > 0) return end;
    if (this.#state === 'counted') this.#end();
    else this.#state = 'chunk_end';
    return end;
  }

  #takeByte(byte: number): void {
    const paired = this.#afterCr;
    this.#afterCr = byte === CR;
    if (paired && byte !== LF) throw new HttpSyntaxError('a CR stands without its LF');
    switch (this.#state) {
      case 'head':
        return this.#takeHead(byte);
      case 'chunk_size':
        return this.#takeChunkSize(byte, paired);
      case 'chunk_extension':
        this.#skip('chunk extensions');
        if (++this.#extensionBytes > EXTENSION_HEADS_MAX * this.#headerBytes) {
          throw this.#overflow('chunk extensions', EXTENSION_HEADS_MAX * this.#headerBytes);
        }
        if (byte === LF) this.#beginChunk(paired);
        return;
      case 'chunk_end':
        if (byte === LF && paired === this.#sizePaired) this.#state = 'chunk_size';
        else if (byte !== CR) throw new HttpSyntaxError('a chunk is not as long as it says');
        return;
      case 'trailer':
        return this.#takeTrailer(byte);
    }
  }

  #takeHead(byte: number): void {
    const expected = VERSION[this.#headLength];
    if (expected !== undefined && byte !== expected) {
      throw new HttpSyntaxError('the response begins with no status line');
    }
    if (this.#headLength + this.#interimBytes === this.#headerBytes) {
      throw this.#overflow('a head', this.#headerBytes);
    }
    if (this.#headLength === this.#head.length) {
      this.#head = Buffer.concat([this.#head], this.#head.length * 2);
    }
    this.#head[this.#headLength++] = byte;
    if (byte !== LF) {
      if (byte !== CR) this.#lineLength += 1;
    } else if (this.#lineLength > 0) {
      this.#lineLength = 0;
    } else {
      this.#endHead();
    }
  }

  #endHead(): void {
    const head = parseResponseHead(textOf(this.#head, this.#headLength));
    const headLength = this.#headLength;
    this.#headLength = 0;
    if (head.status === 101) throw new HttpSyntaxError('the server switches protocols unasked');
    // An interim response: the one that counts is still to come.
    if (head.status < 200) {
      this.#interimBytes += headLength;
      return;
    }
    this.#head = Buffer.alloc(0);
    this.#events.onHead(head);
    this.#beginBody(head.framing);
  }

  #beginBody(framing: BodyFraming): void {
    if (framing.kind === 'chunked') {
      this.#state = 'chunk_size';
      return;
    }
    this.#state = framing.kind;
    this.#remaining = framing.kind === 'counted' ? framing.bytes : Infinity;
    if (this.#remaining === 0) this.#end();
  }

  #takeChunkSize(byte: number, paired: boolean): void {
    const digit = hexDigit(byte);
    if (digit !== undefined) {
      if (++this.#sizeDigits > CHUNK_SIZE_DIGITS_MAX)
        throw new HttpSyntaxError('a chunk too large');
      this.#remaining = this.#remaining * 16 + digit;
      return;
    }
    if (this.#sizeDigits === 0) throw new HttpSyntaxError('a chunk without its size');
    if (byte === LF) this.#beginChunk(paired);
    else if (byte === SEMICOLON || byte === SPACE || byte === TAB) this.#state = 'chunk_extension';
    else if (byte !== CR) throw new HttpSyntaxError('the size of a chunk is no number');
  }

  #beginChunk(paired: boolean): void {
    this.#sizePaired = paired;
    this.#sizeDigits = 0;
    this.#skipped = 0;
    this.#state = this.#remaining > 0 ? 'chunk_data' : 'trailer';
  }

  /** Trailers are checked and not kept. */
  #takeTrailer(byte: number): void {
    this.#skip('trailers');
    if (byte !== LF) {
      if (byte !== CR) this.#trailer += String.fromCharCode(byte);
    } else if (this.#trailer !== '') {
      readField(this.#trailer);
      this.#trailer = '';
    } else {
      this.#end();
    }
  }

  #skip(what: string): void {
    if (++this.#skipped > this.#headerBytes) throw this.#overflow(what, this.#headerBytes);
  }

  #overflow(what: string, bytes: number): HttpSyntaxError {
    return new HttpSyntaxError(`${what} of more than ${bytes} bytes`, 'headers_overflow');
  }

  #end(): void {
    this.#state = 'ended';
    this.#events.onEnd();
  }
}

/** The head without its empty last line. */
function textOf(head: Buffer, length: number): string {
  return head.toString('utf8', 0, length).replace(/\r?\n\r?\n$/, '');
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : undefined;
}
