import type net from 'node:net';
import { Duplex } from 'node:stream';
import { followFate, type SocketFate } from './failure.ts';

const PREFACE_BYTES = 24;
const FRAME_HEAD_BYTES = 9;
const RST_STREAM = 3;
const GOAWAY = 7;
/** Length of what is read of a frame: its head, and the eight bytes of a GOAWAY before its text. */
const READ_BYTES = FRAME_HEAD_BYTES + 8;
const ENHANCE_YOUR_CALM = 11;
/** What may wait for the session: far more than the window of a connection. */
const WAITING_BYTES_MAX = 1024 * 1024;

/**
 * The connection under an HTTP/2 session. It stamps each read before anything is made of it, and reads
 * the frames that go out: what `node:http2` finds wrong with its peer, it tells the peer alone.
 */
export class Http2Wire extends Duplex {
  /** `performance.now()` of the read that is being worked through, or of the last one. */
  readMs = 0;
  /** How this side ended the connection: the code of its GOAWAY, 0 being none to speak of. */
  brokenBy = 0;
  /** Streams that this side gave up because their headers passed its limit. */
  readonly overflowed = new Set<number>();
  fate: SocketFate = { ended: false, error: null };
  readonly #onBroken: () => void;
  #socket: net.Socket | null = null;
  /** Bytes still to go out that are no head of a frame. */
  #skip = PREFACE_BYTES;
  readonly #head = Buffer.alloc(READ_BYTES);
  #headLength = 0;

  /** @param onBroken told once the peer broke the protocol; no event of the session says so */
  constructor(onBroken: () => void) {
    super();
    this.#onBroken = onBroken;
  }

  /** Nothing comes before the stamp; see `DialOptions.onRead`. */
  readonly onRead = (bytes: Uint8Array, length: number): void => {
    this.readMs = performance.now();
    this.push(Buffer.from(bytes.subarray(0, length)));
    if (this.readableLength > WAITING_BYTES_MAX) this.#socket?.pause();
  };

  /** Takes over the socket that `onRead` reads from. */
  attach(socket: net.Socket): void {
    this.#socket = socket;
    this.fate = followFate(socket);
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    // Reads come by themselves: the windows of HTTP/2 hold the peer back, if it heeds them.
    if (this.#socket?.isPaused()) this.#socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: string,
    callback: (error?: Error | null) => void,
  ): void {
    this.#follow(chunk);
    if (this.#socket === null) callback();
    else this.#socket.write(chunk, callback);
  }

  override _final(callback: () => void): void {
    this.#socket?.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#socket?.destroy();
    callback(error);
  }

  /** Goes from frame to frame, however they are cut. */
  #follow(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      this.#head[this.#headLength++] = chunk[at++] as number;
      if (this.#headLength < FRAME_HEAD_BYTES) continue;
      const length = this.#head.readUIntBE(0, 3);
      const wanted = FRAME_HEAD_BYTES + Math.min(length, this.#payloadOf(this.#head[3]));
      if (this.#headLength < wanted) continue;
      this.#onFrame();
      this.#skip = length - (wanted - FRAME_HEAD_BYTES);
      this.#headLength = 0;
    }
  }

  /** How much of a frame's payload is looked at. */
  #payloadOf(type: number | undefined): number {
    if (type === GOAWAY) return 8;
    return type === RST_STREAM ? 4 : 0;
  }

  #onFrame(): void {
    const type = this.#head[3];
    if (type === RST_STREAM && this.#head.readUInt32BE(FRAME_HEAD_BYTES) === ENHANCE_YOUR_CALM) {
      this.overflowed.add(this.#head.readUInt32BE(5));
    }
    if (type !== GOAWAY || this.brokenBy !== 0) return;
    this.brokenBy = this.#head.readUInt32BE(FRAME_HEAD_BYTES + 4);
    // Not within a write of the session's own.
    if (this.brokenBy !== 0) setImmediate(this.#onBroken);
  }
}
