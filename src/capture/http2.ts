import http2 from 'node:http2';
import tls from 'node:tls';
import { messageOf } from '../errors.ts';
import { DialError, type Dialled, dial } from './dial.ts';
import { Http2Exchange, type Http2Session } from './http2-exchange.ts';
import { Http2Wire } from './http2-wire.ts';
import type { Recording } from './recording.ts';
import type { HttpRequest, Transport, TransportOptions } from './transport.ts';

/** A session that is being opened, or is open. */
interface Opening {
  session: Promise<Http2Session>;
  aborter: AbortController;
  ready: boolean;
  /** Requests that wait for it. */
  waiting: number;
}

/**
 * HTTP/2 over one session at a time, all requests multiplexed on it; `node:http2` directly, because
 * it tells a GOAWAY, a reset of the stream and a reset of the socket apart. Plain `http:` origins
 * are spoken to with prior knowledge.
 */
export class Http2Transport implements Transport {
  readonly #options: TransportOptions;
  readonly #sessions = new Set<Http2Session>();
  #current: Opening | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(request: HttpRequest, recording: Recording): Promise<void> {
    if (recording.ended) return;
    recording.start();
    if ((await this.#try(request, recording, true)) === 'done') return;
    recording.redial();
    await this.#try(request, recording, false);
  }

  /** @returns `stale` where a session that was open already turned out to be dead */
  async #try(
    request: HttpRequest,
    recording: Recording,
    mayBeStale: boolean,
  ): Promise<'done' | 'stale'> {
    const opening = this.#current ?? this.#open();
    const reused = opening.ready;
    const session = await this.#await(opening, recording);
    if (session === null) return 'done';
    recording.connected(reused ? null : session.instants, 'h2');
    const exchange = new Http2Exchange(session, recording, reused && mayBeStale);
    const how = await exchange.run(this.#options.origin, request);
    if (how === 'stale') this.#drop(opening);
    return how;
  }

  async close(): Promise<void> {
    this.#current?.aborter.abort(new Error('closed'));
    await this.#current?.session.catch(() => null);
    for (const session of this.#sessions) session.http2.destroy();
  }

  /** The session once it is open; `null` where the recording has ended instead. */
  async #await(opening: Opening, recording: Recording): Promise<Http2Session | null> {
    opening.waiting += 1;
    try {
      return await untilAborted(opening.session, recording.signal);
    } catch (error) {
      // Given up by its own limits, the recording has ended already, and this says nothing new.
      recording.fail(
        error instanceof DialError
          ? error.failure
          : { code: 'unknown', stage: 'connect', message: messageOf(error) },
      );
      return null;
    } finally {
      opening.waiting -= 1;
      // The dial belongs to no request: it goes on as long as one waits for it.
      if (opening.waiting === 0 && !opening.ready) {
        this.#drop(opening);
        opening.aborter.abort(new Error('nobody waits for the connection any more'));
      }
    }
  }

  #open(): Opening {
    const aborter = new AbortController();
    const session = openSession(this.#options, aborter.signal);
    const opening: Opening = { session, aborter, ready: false, waiting: 0 };
    this.#current = opening;
    session.then(
      (opened) => {
        opening.ready = true;
        this.#sessions.add(opened);
        opened.http2.once('goaway', () => this.#drop(opening));
        opened.http2.once('error', () => this.#drop(opening));
        opened.http2.once('close', () => {
          this.#drop(opening);
          this.#sessions.delete(opened);
        });
      },
      () => this.#drop(opening),
    );
    return opening;
  }

  #drop(opening: Opening): void {
    if (this.#current === opening) this.#current = null;
  }
}

async function openSession(options: TransportOptions, signal: AbortSignal): Promise<Http2Session> {
  const wire = new Http2Wire(() => {
    const code = `${wire.brokenBy}`;
    client.destroy(new Error(`the peer broke HTTP/2: this side ended it with code ${code}`));
  });
  const { socket, instants } = await dialHttp2(options, wire, signal);
  wire.attach(socket);
  const client = http2.connect(options.origin.origin, {
    createConnection: () => wire,
    maxHeaderListPairs: 2048,
    settings: { enablePush: false, maxHeaderListSize: options.headerBytes },
  });
  const session: Http2Session = {
    http2: client,
    instants,
    wire,
    error: null,
    goaway: null,
    headerBytes: options.headerBytes,
  };
  client.on('goaway', (code, lastStream) => {
    session.goaway = { code, lastStream };
  });
  client.on('error', (error) => {
    session.error ??= error;
  });
  return session;
}

/** What a server says in the handshake that was asked for HTTP/2 and has other protocols only. */
const NO_COMMON_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

async function dialHttp2(
  { origin, ca }: TransportOptions,
  { onRead }: Http2Wire,
  signal: AbortSignal,
): Promise<Dialled> {
  const unspoken = (): DialError => {
    const message = 'the server does not speak HTTP/2';
    return new DialError(Object.assign(new Error(message), { code: 'h2_unspoken' }), 'headers');
  };
  try {
    const dialled = await dial(origin, { alpn: 'h2', ca, onRead }, signal);
    const { socket } = dialled;
    if (!(socket instanceof tls.TLSSocket) || socket.alpnProtocol === 'h2') return dialled;
    socket.destroy();
  } catch (error) {
    if (!(error instanceof DialError) || error.failure.code !== NO_COMMON_PROTOCOL) throw error;
  }
  throw unspoken();
}

/** Settles with `promise`, or rejects as soon as `signal` is aborted. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });
}
