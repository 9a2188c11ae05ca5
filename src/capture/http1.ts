import type net from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { DialError, type DialInstants, dial } from './dial.ts';
import { failureOf, followFate, type SocketFate } from './failure.ts';
import type { Recording } from './recording.ts';
import {
  flattenHeaders,
  type HttpRequest,
  type Transport,
  type TransportOptions,
} from './transport.ts';

/** undici would close idle sockets after 4 s; the server decides, its `Keep-Alive` hint is heeded. */
const KEEP_ALIVE_MS = 600_000;

/**
 * HTTP/1.1 over connections of our own, one request at a time on each, each driven by an undici
 * client. Holding the sockets here is what tells a reused one from a fresh one.
 */
export class Http1Transport implements Transport {
  readonly #options: TransportOptions;
  readonly #idle: Http1Connection[] = [];
  readonly #open = new Set<Http1Connection>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(request: HttpRequest, recording: Recording): Promise<void> {
    if (recording.ended) return;
    const kept = this.#takeIdle();
    recording.start();
    if (kept !== undefined) {
      recording.connected(null, 'http/1.1');
      if ((await kept.exchange(request, recording)) === 'done') return this.#keep(kept);
      recording.redial();
    }
    const fresh = await this.#connect(recording);
    if (fresh === null) return;
    if (recording.ended) return fresh.destroy();
    recording.connected(fresh.instants, 'http/1.1');
    await fresh.exchange(request, recording);
    this.#keep(fresh);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.destroy()));
  }

  #takeIdle(): Http1Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.usable) return connection;
    }
  }

  #keep(connection: Http1Connection): void {
    if (connection.usable) this.#idle.push(connection);
  }

  /** Sockets close while idle too, and nobody would come to take those. */
  #forget(connection: Http1Connection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  async #connect(recording: Recording): Promise<Http1Connection | null> {
    const { origin, ca, headerBytes } = this.#options;
    try {
      const { socket, instants } = await dial(origin, { alpn: 'http/1.1', ca }, recording.signal);
      const connection = new Http1Connection(origin, socket, instants, headerBytes);
      this.#open.add(connection);
      socket.once('close', () => this.#forget(connection));
      return connection;
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      recording.fail(error.failure);
      return null;
    }
  }
}

class Http1Connection {
  readonly instants: DialInstants;
  readonly #client: Client;
  readonly #origin: URL;
  readonly #socket: net.Socket;
  readonly #fate: SocketFate;
  #served = 0;
  #dead = false;
  /** A byte of the reply came; what TLS says for itself does not count. */
  #answered = false;
  /** Instant of the read that the parser is working through. */
  #readMs = 0;

  constructor(origin: URL, socket: net.Socket, instants: DialInstants, headerBytes: number) {
    this.#origin = origin;
    this.#socket = socket;
    this.instants = instants;
    // These listeners stand before undici's own, so a read is stamped before it is parsed.
    socket.on('readable', () => {
      this.#readMs = performance.now();
      if (socket.readableLength > 0) this.#answered = true;
    });
    this.#fate = followFate(socket);
    socket.on('close', () => {
      this.#dead = true;
    });
    let handedOut = false;
    this.#client = new Client(origin.origin, {
      connect: (_options, callback) => {
        if (handedOut) return callback(new Error('the connection is gone'), null);
        handedOut = true;
        // Called back at once, undici would not notice that it may write.
        queueMicrotask(() => callback(null, socket));
      },
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: headerBytes,
    });
  }

  get usable(): boolean {
    const { ended, error } = this.#fate;
    return !this.#dead && !ended && error === null && !this.#socket.destroyed;
  }

  destroy(): Promise<void> {
    // The client knows the socket only from its first request on.
    this.#socket.destroy();
    return this.#client.destroy();
  }

  /** @returns `stale` where a reused socket died before a byte of the reply came */
  exchange(request: HttpRequest, recording: Recording): Promise<'done' | 'stale'> {
    const reused = this.#served > 0;
    this.#served += 1;
    this.#answered = false;
    let stage: 'headers' | 'body' = 'headers';
    let controller: Dispatcher.DispatchController | undefined;
    const onAbort = (): void => {
      this.#dead = true;
      controller?.abort(recording.signal.reason);
      void this.#client.destroy();
    };
    return new Promise((resolve) => {
      const finish = (how: 'done' | 'stale'): void => {
        recording.signal.removeEventListener('abort', onAbort);
        resolve(how);
      };
      const fail = (error: Error): void => {
        this.#dead = true;
        // A byte of whatever kind is an answer: sending again would then be a hidden retry.
        if (reused && !this.#answered && !recording.ended) return finish('stale');
        recording.fail(failureOf(error, this.#fate, stage));
        finish('done');
      };
      recording.signal.addEventListener('abort', onAbort, { once: true });
      this.#client.dispatch(
        {
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body,
          origin: this.#origin.origin,
        },
        {
          onRequestStart: (started) => {
            controller = started;
            if (recording.ended) started.abort(recording.signal.reason);
          },
          onResponseStart: (_controller, status, headers) => {
            if (status < 200) return;
            stage = 'body';
            recording.headers(status, flattenHeaders(headers), this.#readMs);
          },
          onResponseData: (_controller, chunk) => recording.data(chunk, this.#readMs),
          onResponseEnd: () => {
            // A body without length ends with the connection: then a reset is no proper end.
            if (this.#fate.error !== null) return fail(this.#fate.error);
            // The request is over; what the abort of its signal would tear down is free again.
            recording.signal.removeEventListener('abort', onAbort);
            recording.complete();
            finish('done');
          },
          onResponseError: (_controller, error) => fail(error),
        },
      );
    });
  }
}
