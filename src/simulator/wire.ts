import type { ServerResponse } from 'node:http';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { ReplyPlan } from './reply-plan.ts';

/** The start of an HTTP chunk that is never finished. */
const UNFINISHED_CHUNK = '400\r\ndata: {"choices":[{"delta":{"content":"cut of';

function httpChunk(bytes: Buffer): Buffer {
  const size = `${bytes.length.toString(16)}\r\n`;
  const framed = Buffer.allocUnsafe(size.length + bytes.length + 2);
  framed.write(size, 0, 'latin1');
  bytes.copy(framed, size.length);
  framed[framed.length - 2] = 13;
  framed[framed.length - 1] = 10;
  return framed;
}

function compressor(encoding: 'gzip' | 'br') {
  return encoding === 'gzip'
    ? createGzip({ flush: constants.Z_SYNC_FLUSH })
    : createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH });
}

/** Puts a reply's bytes on the socket, in the way its plan asks for. */
export class Wire {
  readonly #response: ServerResponse;
  readonly #plan: ReplyPlan;
  readonly #compressor: ReturnType<typeof compressor> | undefined;
  readonly #held: Buffer[] = [];
  #opened = false;

  constructor(response: ServerResponse, plan: ReplyPlan) {
    this.#response = response;
    this.#plan = plan;
    if (plan.encoding === null) return;
    this.#compressor = compressor(plan.encoding);
    this.#compressor.on('data', (bytes: Buffer) => this.#send(bytes));
    this.#compressor.on('end', () => response.end());
  }

  /** Bytes that the client has not taken yet. */
  get backlogBytes(): number {
    return this.#response.socket?.writableLength ?? 0;
  }

  /** Sends the headers; later calls do nothing. */
  open(): void {
    if (this.#opened || this.#plan.status === null) return;
    this.#opened = true;
    for (const [name, value] of Object.entries(this.#plan.headers)) {
      this.#response.setHeader(name, value);
    }
    if (this.#plan.encoding) this.#response.setHeader('content-encoding', this.#plan.encoding);
    this.#response.writeHead(this.#plan.status);
    this.#response.flushHeaders();
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#plan.writes === 'buffered') this.#held.push(bytes);
    else if (this.#compressor) this.#compressor.write(bytes);
    else if (this.#plan.writes === 'bytewise') this.#sendBytewise(bytes);
    else this.#send(bytes);
  }

  /** Ends the reply as planned. */
  finish(): void {
    if (this.#held.length > 0) this.#send(Buffer.concat(this.#held));
    const { socket } = this.#response;
    switch (this.#plan.ending) {
      case 'end':
        if (this.#compressor) this.#compressor.end();
        else this.#response.end();
        return;
      case 'cut':
        if (this.#isRaw()) socket?.write(UNFINISHED_CHUNK);
        socket?.destroySoon();
        return;
      case 'reset':
        socket?.resetAndDestroy();
        return;
      case 'hold':
        return;
    }
  }

  /**
   * Whether bytes may go past `response.write`, which costs more than the whole rest of a chunk:
   * they may once the headers are out, where the body is chunked and no older reply is pending.
   */
  #isRaw(): boolean {
    return this.#response.chunkedEncoding && this.#response.socket !== null;
  }

  #send(bytes: Buffer): void {
    if (this.#isRaw()) this.#response.socket?.write(httpChunk(bytes));
    else this.#response.write(bytes);
  }

  /** An HTTP chunk for each byte: clients hand each on by itself, even if they come together. */
  #sendBytewise(bytes: Buffer): void {
    this.#response.socket?.cork();
    for (const byte of bytes) this.#send(Buffer.of(byte));
    this.#response.socket?.uncork();
  }
}
