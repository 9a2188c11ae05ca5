import type net from 'node:net';
import {
  closedIn,
  failureOf,
  followFate,
  type SocketFate,
  type TransportFailure,
} from './failure.ts';
import type { Recording } from './recording.ts';
import type { ResponseHead } from './response-head.ts';
import { type ResponseEvents, ResponseParser } from './response-parser.ts';
import type { HttpRequest } from './transport.ts';

/** An exchange that is under way on a connection. */
interface Exchange {
  recording: Recording;
  parser: ResponseParser;
  stage: 'headers' | 'body';
  /** Sent on a connection that had served before. */
  reused: boolean;
  /** A byte of the reply came; what TLS says for itself does not count. */
  answered: boolean;
  keepAliveMs: number;
  finish: (how: 'done' | 'stale') => void;
}

/** One HTTP/1.1 connection: writes a request, stamps each read of the reply, then takes its framing off. */
export class Http1Connection {
  readonly #host: string;
  readonly #headerBytes: number;
  #socket: net.Socket | null = null;
  #fate: SocketFate = { ended: false, error: null };
  #current: Exchange | null = null;
  #served = 0;
  #dead = false;
  /** `performance.now()` up to which the server keeps an idle connection. */
  #keptUntilMs = Infinity;
  /** Instant of the read that is being worked through. */
  #readMs = 0;

  constructor(origin: URL, headerBytes: number) {
    this.#host = origin.host;
    this.#headerBytes = headerBytes;
  }

  /** Nothing comes before the stamp; see `DialOptions.onRead`. */
  readonly onRead = (bytes: Uint8Array, length: number): void => {
    this.#readMs = performance.now();
    const exchange = this.#current;
    // Bytes that nobody asked for: whatever they are, the connection can be trusted no more.
    if (exchange === null) return this.destroy();
    exchange.answered = true;
    try {
      if (exchange.parser.push(bytes, length) < length) this.#dead = true;
    } catch (error) {
      this.#fail(failureOf(error, exchange.stage));
    }
  };

  /** Takes over the socket that `onRead` reads from. */
  attach(socket: net.Socket): void {
    this.#socket = socket;
    this.#fate = followFate(socket);
    // An error is followed by the close; an end may leave the socket open on our side.
    socket.on('end', () => this.#onClosed());
    socket.on('close', () => this.#onClosed());
  }

  get usable(): boolean {
    const { ended, error } = this.#fate;
    const socket = this.#socket;
    return (
      !this.#dead &&
      !ended &&
      error === null &&
      socket !== null &&
      !socket.destroyed &&
      // A reply that came before its request was out leaves the rest of the request in the way.
      socket.writableLength === 0 &&
      performance.now() < this.#keptUntilMs
    );
  }

  destroy(): void {
    this.#dead = true;
    this.#socket?.destroy();
  }

  /** @returns `stale` where a reused socket died before a byte of the reply came */
  exchange(request: HttpRequest, recording: Recording): Promise<'done' | 'stale'> {
    return new Promise((resolve) => {
      const onEnd = (): void => {
        this.destroy();
        this.#finish('done');
      };
      this.#current = {
        recording,
        parser: new ResponseParser(this.#headerBytes, this.#events),
        stage: 'headers',
        reused: this.#served > 0,
        answered: false,
        keepAliveMs: 0,
        finish: (how) => {
          recording.onEnd(null);
          resolve(how);
        },
      };
      this.#served += 1;
      recording.onEnd(onEnd);
      if (recording.ended) return;
      if (this.#fate.ended || this.#fate.error !== null) return this.#onClosed();
      this.#socket?.write(headOf(request, this.#host) + (request.body ?? ''));
    });
  }

  readonly #events: ResponseEvents = {
    onHead: ({ status, headers, keepAliveMs }: ResponseHead) => {
      const exchange = this.#current;
      if (exchange === null) return;
      exchange.stage = 'body';
      exchange.keepAliveMs = keepAliveMs;
      exchange.recording.headers(status, headers, this.#readMs);
    },
    onBody: (bytes) => this.#current?.recording.data(bytes, this.#readMs),
    onEnd: () => this.#complete(),
  };

  #complete(): void {
    const exchange = this.#current;
    if (exchange === null) return;
    const { keepAliveMs, recording } = exchange;
    if (keepAliveMs === 0) this.#dead = true;
    this.#keptUntilMs = performance.now() + keepAliveMs;
    // Before the recording ends: its end would tear down a connection that is free again.
    this.#finish('done');
    recording.complete();
  }

  #onClosed(): void {
    this.#dead = true;
    const exchange = this.#current;
    if (exchange === null) return;
    const { parser, stage } = exchange;
    if (this.#fate.error !== null) this.#fail(failureOf(this.#fate.error, stage));
    else if (parser.endsWithConnection) this.#complete();
    else this.#fail(closedIn(stage));
  }

  #fail(failure: TransportFailure): void {
    const exchange = this.#current;
    if (exchange === null) return;
    const { reused, answered, recording } = exchange;
    this.destroy();
    // A byte of whatever kind is an answer: sending again would then be a hidden retry.
    if (reused && !answered && !recording.ended) return this.#finish('stale');
    this.#finish('done');
    recording.fail(failure);
  }

  #finish(how: 'done' | 'stale'): void {
    const exchange = this.#current;
    this.#current = null;
    exchange?.finish(how);
  }
}

/** Values were checked by `Headers`, and the path by `URL`: neither holds a line end. */
function headOf({ method, path, headers, body }: HttpRequest, host: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`, 'connection: keep-alive'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== null) lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
