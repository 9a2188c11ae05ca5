import http2 from 'node:http2';
import type net from 'node:net';
import { messageOf } from '../errors.ts';
import { DialError, type DialInstants, dial } from './dial.ts';
import { closedIn, failureOf, type SocketFate } from './failure.ts';
import type { Recording } from './recording.ts';
import {
  flattenHeaders,
  type HttpRequest,
  type Transport,
  type TransportOptions,
} from './transport.ts';

/** A session that is being opened, or is open. */
interface Opening {
  session: Promise<Session>;
  aborter: AbortController;
  ready: boolean;
  /** Requests that wait for it. */
  waiting: number;
}

interface Session {
  http2: http2.ClientHttp2Session;
  instants: DialInstants;
  socket: net.Socket;
  fate: SocketFate;
  /** Error code of the GOAWAY frame, once one came. */
  goaway: number | null;
}

/**
 * HTTP/2 over one session at a time, all requests multiplexed on it; `node:http2` directly, because
 * it tells a GOAWAY, a reset of the stream and a reset of the socket apart. Plain `http:` origins
 * are spoken to with prior knowledge.
 */
export class Http2Transport implements Transport {
  readonly #options: TransportOptions;
  readonly #sessions = new Set<Session>();
  #current: Opening | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(request: HttpRequest, recording: Recording): Promise<void> {
    if (recording.ended) return;
    recording.start();
    const opening = this.#current ?? this.#open();
    const reused = opening.ready;
    const session = await this.#await(opening, recording);
    if (session === null) return;
    recording.connected(reused ? null : session.instants, 'h2');
    await exchangeOn(session, this.#options.origin, request, recording);
  }

  async close(): Promise<void> {
    this.#current?.aborter.abort(new Error('closed'));
    await this.#current?.session.catch(() => null);
    for (const session of this.#sessions) session.http2.destroy();
  }

  /** The session once it is open; `null` where the recording has ended instead. */
  async #await(opening: Opening, recording: Recording): Promise<Session | null> {
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

async function openSession(options: TransportOptions, signal: AbortSignal): Promise<Session> {
  const { socket, instants } = await dial(options.origin, { alpn: 'h2', ca: options.ca }, signal);
  const fate: SocketFate = { ended: false, error: null };
  socket.on('error', (error) => {
    fate.error = error;
  });
  const client = http2.connect(options.origin.origin, {
    createConnection: () => socket,
    maxHeaderListPairs: 2048,
    settings: { enablePush: false, maxHeaderListSize: options.headerBytes },
  });
  const session: Session = { http2: client, instants, socket, fate, goaway: null };
  client.on('goaway', (code) => {
    session.goaway = code;
  });
  client.on('error', (error) => {
    fate.error ??= error;
  });
  return session;
}

function exchangeOn(
  session: Session,
  origin: URL,
  request: HttpRequest,
  recording: Recording,
): Promise<void> {
  return new Promise((resolve) => {
    let stage: 'headers' | 'body' = 'headers';
    let ended = false;
    const onAbort = (): void => stream.close(http2.constants.NGHTTP2_CANCEL);
    const fail = (error: unknown): void => {
      recording.fail(http2Failure(session, stream?.rstCode, error, stage));
      resolve();
    };
    let stream: http2.ClientHttp2Stream;
    try {
      stream = session.http2.request(
        {
          ...request.headers,
          ':method': request.method,
          ':path': request.path,
          ':authority': origin.host,
          ':scheme': origin.protocol.slice(0, -1),
        },
        { endStream: request.body === null },
      );
    } catch (error) {
      recording.fail({ code: 'h2_stream', stage, message: messageOf(error) });
      return resolve();
    }
    recording.signal.addEventListener('abort', onAbort, { once: true });
    stream.on('response', ({ ':status': status, ...headers }) => {
      stage = 'body';
      recording.headers(status ?? 0, flattenHeaders(headers), performance.now());
    });
    stream.on('data', (chunk: Buffer) => recording.data(chunk, performance.now()));
    stream.on('end', () => {
      ended = true;
    });
    stream.on('error', (error) => fail(error));
    stream.on('close', () => {
      recording.signal.removeEventListener('abort', onAbort);
      if (ended && stream.rstCode === http2.constants.NGHTTP2_NO_ERROR) recording.complete();
      else
        fail(session.fate.error ?? new Error(`the stream was closed with code ${stream.rstCode}`));
      resolve();
    });
    if (request.body !== null) stream.end(request.body);
  });
}

/** What no stream does alone; `ERR_HTTP2_ERROR` is nghttp2 on a peer that breaks the protocol. */
const OF_THE_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP2_ERROR']);

function http2Failure(
  session: Session,
  rstCode: number | undefined,
  error: unknown,
  stage: 'headers' | 'body',
): ReturnType<typeof failureOf> {
  const message = messageOf(error);
  if (session.goaway !== null) {
    return { code: 'h2_goaway', stage, message: `GOAWAY with code ${session.goaway}: ${message}` };
  }
  const failure = failureOf(session.fate.error ?? error, stage);
  if (OF_THE_CONNECTION.has(failure.code)) return failure;
  if (session.socket.destroyed) {
    // Node says CANCEL of streams whose connection was closed without a word.
    return closedIn(stage);
  }
  if (rstCode !== undefined && rstCode !== http2.constants.NGHTTP2_NO_ERROR) {
    return { code: 'h2_stream', stage, message: `stream reset with code ${rstCode}: ${message}` };
  }
  return failure;
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
