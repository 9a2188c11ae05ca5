import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closingChunks, ROLE_CHUNK, StampedChunks } from './chunk.ts';
import type { SenderMeter } from './lateness.ts';
import type { PacedStream } from './pacer.ts';
import { chunksPerWrite, firstDueMs, periodMs, type Schedule } from './schedule.ts';
import type { MonotonicStamper } from './stamp.ts';

export interface StreamOptions {
  response: ServerResponse;
  schedule: Schedule;
  /** Content chunks to send. */
  chunks: number;
  /** Share of the period by which this stream's writes are shifted. */
  phase: number;
  withUsage: boolean;
  stamper: MonotonicStamper;
  meter: SenderMeter;
  onClosed: () => void;
}

/**
 * One reply. Its chunks go to the socket past `response.write`, which costs more than all the rest:
 * a write of 200 bytes is 9 µs, 7 of them in the kernel.
 */
export class TruthStream implements PacedStream {
  dueMs: number;
  readonly #options: StreamOptions;
  readonly #socket: Socket;
  readonly #stamped: StampedChunks;
  readonly #perWrite: number;
  readonly #periodMs: number;
  #left: number;
  /** The client took no more: what fell due since then is late by its own doing. */
  #held = false;
  #closed = false;

  constructor(options: StreamOptions) {
    const { response, schedule, chunks, phase, meter } = options;
    this.#options = options;
    this.#socket = response.socket as Socket;
    this.#perWrite = chunksPerWrite(schedule);
    this.#periodMs = periodMs(schedule);
    this.#stamped = new StampedChunks(Math.min(this.#perWrite, chunks), schedule.chunkBytes);
    this.#left = chunks;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.#socket.cork();
    response.flushHeaders();
    this.#socket.write(ROLE_CHUNK, 'latin1');
    this.#socket.uncork();
    this.dueMs = firstDueMs(performance.now(), phase, this.#periodMs);
    meter.started();
    response.once('close', () => this.#close());
  }

  /** Only when all before it has left can the bytes be stamped again. */
  get writable(): boolean {
    return this.#closed || this.#socket.writableLength === 0;
  }

  send(nowMs: number): 'again' | 'blocked' | 'done' {
    if (this.#closed) return 'done';
    if (!this.writable) return this.#hold();
    if (this.#left === 0) return this.#finish();
    const { stamper, meter } = this.#options;
    const count = Math.min(this.#perWrite, this.#left);
    this.#left -= count;
    if (this.#held) meter.held(count);
    else if (this.#periodMs > 0) meter.late(nowMs - this.dueMs);
    const bytes = this.#stamped.stamp(stamper, count);
    this.#socket.write(bytes);
    meter.wrote(count, bytes.length);
    // Flooded streams take turns: the one that wrote last is the last in line.
    this.dueMs = this.#periodMs > 0 ? this.dueMs + this.#periodMs : nowMs;
    if (this.#held && this.dueMs > nowMs) this.#held = false;
    return this.writable ? 'again' : this.#hold();
  }

  #hold(): 'blocked' {
    this.#held = true;
    return 'blocked';
  }

  #finish(): 'done' {
    const { response, chunks, withUsage } = this.#options;
    this.#close();
    this.#socket.cork();
    this.#socket.write(closingChunks(chunks, withUsage), 'latin1');
    response.end();
    this.#socket.uncork();
    return 'done';
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.meter.ended(this.#left === 0);
    this.#options.onClosed();
  }
}
