import http2 from 'node:http2';
import { messageOf } from '../errors.ts';
import { DialError, type DialInstants, dial } from './dial.ts';
import { failureOf, type SocketFate } from './failure.ts';
import type { Recording } from './recording.ts';
import {
  flattenHeaders,
  type HttpRequest,
  type Transport,
  type TransportOptions,
} from './transport.ts';

interface Session {
  http2: http2.ClientHttp2Session;
  instants: DialInstants;
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
  #session: Promise<Session> | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(request: HttpRequest, recording: Recording): Promise<void> {
    recording.start();
    let session: Session;
    const reused = this.#session !== null;
    try {
      session = await untilAborted(this.#session ?? this.#open(recording), recording.signal);
    } catch (error) {
      if (error instanceof DialError) recording.fail(error.failure);
      return;
    }
    recording.connected(reused ? null : session.instants, 'h2');
    await exchangeOn(session, this.#options.origin, request, recording);
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => null);
    session?.http2.destroy();
  }

  #open(recording: Recording): Promise<Session> {
    const opening = openSession(this.#options, recording.signal, () => {
      if (this.#session === opening) this.#session = null;
    });
    this.#session = opening;
    opening.catch(() => {
      if (this.#session === opening) this.#session = null;
    });
    return opening;
  }
}

async function openSession(
  options: TransportOptions,
  signal: AbortSignal,
  onGone: () => void,
): Promise<Session> {
  const { socket, instants } = await dial(options.origin, { alpn: 'h2', ca: options.ca }, signal);
  const fate: SocketFate = { ended: false, error: null };
  socket.on('end', () => {
    fate.ended = true;
  });
  socket.on('error', (error) => {
    fate.error = error;
  });
  const client = http2.connect(options.origin.origin, {
    createConnection: () => socket,
    maxHeaderListPairs: 2048,
    settings: { enablePush: false, maxHeaderListSize: options.headerBytes },
  });
  const session: Session = { http2: client, instants, fate, goaway: null };
  client.on('goaway', (code) => {
    session.goaway = code;
    onGone();
  });
  client.on('error', (error) => {
    fate.error ??= error;
    onGone();
  });
  client.on('close', onGone);
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
  const failure = failureOf(session.fate.error ?? error, session.fate, stage);
  if (failure.code === 'ECONNRESET' || failure.code === 'EPIPE') return failure;
  if (rstCode !== undefined && rstCode !== http2.constants.NGHTTP2_NO_ERROR) {
    return { code: 'h2_stream', stage, message: `stream reset with code ${rstCode}: ${message}` };
  }
  if (session.fate.ended && stage === 'body') return { code: 'truncated', stage, message };
  return failure;
}

/** Settles with `promise`, or rejects as soon as `signal` is aborted. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
