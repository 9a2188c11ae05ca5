import http2 from 'node:http2';
import { messageOf } from '../errors.ts';
import type { DialInstants } from './dial.ts';
import { closedIn, failureOf, type TransportFailure } from './failure.ts';
import type { Http2Wire } from './http2-wire.ts';
import type { Recording } from './recording.ts';
import { flattenHeaders, type HttpRequest } from './transport.ts';

/** An open session, and what became of it. */
export interface Http2Session {
  http2: http2.ClientHttp2Session;
  instants: DialInstants;
  wire: Http2Wire;
  error: Error | null;
  /** The GOAWAY frame, once one came. */
  goaway: { code: number; lastStream: number } | null;
  /** Most bytes of a response's headers. */
  headerBytes: number;
}

/** What no stream does alone; `ERR_HTTP2_ERROR` is nghttp2 on a peer that breaks the protocol. */
const OF_THE_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP2_ERROR']);

/** One request on a session that it may share with others. */
export class Http2Exchange {
  readonly #session: Http2Session;
  readonly #recording: Recording;
  readonly #mayBeStale: boolean;
  #stream: http2.ClientHttp2Stream | null = null;
  #stage: 'headers' | 'body' = 'headers';
  #sentMs = 0;
  /** Of the body, while the headers are only about to be told. */
  #early: [chunk: Buffer, atMs: number][] = [];

  /** @param mayBeStale the session had served before, and its server may have closed it since */
  constructor(session: Http2Session, recording: Recording, mayBeStale: boolean) {
    this.#session = session;
    this.#recording = recording;
    this.#mayBeStale = mayBeStale;
  }

  /** @returns `stale` where nothing of a reply came, and the server had ended the session before */
  run(origin: URL, request: HttpRequest): Promise<'done' | 'stale'> {
    const recording = this.#recording;
    const { http2: client, wire, headerBytes } = this.#session;
    this.#sentMs = performance.now();
    return new Promise((resolve) => {
      const fail = (error: unknown): void => {
        if (this.#isStale) return resolve('stale');
        recording.fail(this.#failure(error));
        resolve('done');
      };
      let stream: http2.ClientHttp2Stream;
      try {
        stream = client.request(
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
        return fail(error);
      }
      this.#stream = stream;
      let ended = false;
      const onAbort = (): void => stream.close(http2.constants.NGHTTP2_CANCEL);
      recording.signal.addEventListener('abort', onAbort, { once: true });
      stream.on('response', ({ ':status': status, ...headers }) => {
        if (sizeOf(headers) > headerBytes) {
          wire.overflowed.add(stream.id ?? 0);
          stream.close(http2.constants.NGHTTP2_CANCEL);
          return fail(null);
        }
        this.#stage = 'body';
        // Told a moment after the read that brought them, and before the next one.
        recording.headers(status ?? 0, flattenHeaders(headers), wire.readMs);
        for (const [chunk, atMs] of this.#early.splice(0)) recording.data(chunk, atMs);
      });
      stream.on('data', (chunk: Buffer) => {
        if (this.#stage === 'headers') this.#early.push([chunk, wire.readMs]);
        else recording.data(chunk, wire.readMs);
      });
      stream.on('end', () => {
        ended = true;
      });
      stream.on('error', fail);
      stream.on('close', () => {
        recording.signal.removeEventListener('abort', onAbort);
        const whole = ended && stream.rstCode === http2.constants.NGHTTP2_NO_ERROR;
        // A session that is torn down ends its streams as if they were whole.
        if (whole && wire.brokenBy === 0) recording.complete();
        else fail(new Error(`the stream was closed with code ${stream.rstCode}`));
        resolve('done');
      });
      if (request.body !== null) stream.end(request.body);
    });
  }

  /** As on a kept connection of HTTP/1.1: a byte of whatever kind is an answer, and never sent again. */
  get #isStale(): boolean {
    const { goaway, wire } = this.#session;
    if (!this.#mayBeStale || this.#recording.ended || this.#stage === 'body') return false;
    const { ended, error } = wire.fate;
    // The server itself says that it has done nothing for this stream (RFC 9113, 6.8).
    if (goaway !== null) return (this.#stream?.id ?? Infinity) > goaway.lastStream;
    return (ended || error !== null || wire.destroyed) && wire.readMs < this.#sentMs;
  }

  #failure(cause: unknown): TransportFailure {
    const { wire, goaway, error } = this.#session;
    const stage = this.#stage;
    const message = messageOf(cause);
    if (wire.overflowed.has(this.#stream?.id ?? -1)) {
      return { code: 'headers_overflow', stage, message: 'more headers than the limit' };
    }
    if (wire.brokenBy !== 0) return { code: 'h2_protocol', stage, message };
    if (goaway !== null) {
      return { code: 'h2_goaway', stage, message: `GOAWAY with code ${goaway.code}: ${message}` };
    }
    const failure = failureOf(wire.fate.error ?? error ?? cause, stage);
    if (OF_THE_CONNECTION.has(failure.code)) return failure;
    // Node says CANCEL of streams whose connection was closed without a word.
    if (wire.fate.ended || wire.destroyed) return closedIn(stage);
    const rstCode = this.#stream?.rstCode ?? http2.constants.NGHTTP2_NO_ERROR;
    if (this.#stream === null || rstCode !== http2.constants.NGHTTP2_NO_ERROR) {
      const what =
        this.#stream === null ? message : `stream reset with code ${rstCode}: ${message}`;
      return { code: 'h2_stream', stage, message: what };
    }
    return failure;
  }
}

/**
 * What headers take up. The session knows the limit too, but keeps it only once the server has
 * acknowledged it, which is after the first response.
 */
function sizeOf(headers: http2.IncomingHttpHeaders): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(flattenHeaders(headers))) {
    bytes += name.length + value.length;
  }
  return bytes;
}
