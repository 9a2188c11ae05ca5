import type { ServerHttp2Stream } from 'node:http2';
import { framed, LAST_CHUNK, type Peer } from '../capture/fault-server.ts';
import type { Http2Exchange } from '../capture/http2-server.ts';

/** How a body's end is told over HTTP/1.1; HTTP/2 has one way only. */
export type Framing = 'chunked' | 'counted' | 'until_close';

export interface HeadParts {
  status?: number;
  /** An event stream by default; over HTTP/2 without those of the connection. */
  headers?: Record<string, string>;
  framing?: Framing;
}

/** The server's end of one request, whatever wire it came by. */
export interface Exchange {
  /** How often this very request has come, from 1: more than once where the client sent it again. */
  readonly hit: number;
  /** The connection had served another request before. */
  readonly reused: boolean;
  /** The client still listens. */
  readonly open: boolean;
  head(parts?: HeadParts): Promise<void>;
  /** A piece of the body. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** Ends the body as its framing says. */
  end(): Promise<void>;
  /** Closes the connection in good order, whatever was promised. */
  fin(): void;
  /** Closes TCP alone: TLS is cut without its `close_notify`. */
  cutOff(): void;
  reset(): void;
  wait(ms: number): Promise<void>;
  /** The connection itself, over HTTP/1.1 and for frames written by hand. */
  readonly peer: Peer | null;
  /** The stream, over HTTP/2 by `node:http2`. */
  readonly stream: ServerHttp2Stream | null;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An exchange over HTTP/1.1, in clear text or over TLS. */
export function http1Exchange(peer: Peer, hit: number): Exchange {
  let framing: Framing = 'chunked';
  return {
    hit,
    peer,
    stream: null,
    reused: peer.requests > 1,
    get open() {
      return peer.socket.writable;
    },
    head: ({ status = 200, headers = {}, ...parts } = {}) => {
      framing = parts.framing ?? 'chunked';
      const all = {
        'content-type': 'text/event-stream',
        ...(framing === 'chunked' && { 'transfer-encoding': 'chunked' }),
        ...(framing === 'until_close' && { connection: 'close' }),
        ...headers,
      };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      return peer.write(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`);
    },
    send: (bytes) => peer.write(framing === 'chunked' ? framed(bytes) : bytes),
    end: async () => {
      if (framing === 'chunked') await peer.write(LAST_CHUNK);
      if (framing === 'until_close') peer.fin();
    },
    fin: () => peer.fin(),
    cutOff: () => peer.cutOff(),
    reset: () => peer.reset(),
    wait,
  };
}

const CONNECTION_HEADERS = ['connection', 'transfer-encoding', 'keep-alive'];

/** An exchange over HTTP/2, whose session it shares with others. */
export function http2Exchange({ stream, socket, carrier }: Http2Exchange, hit: number): Exchange {
  const open = (): boolean => !stream.destroyed && !stream.closed && stream.writable;
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      if (!open()) return resolve();
      stream.write(bytes, () => resolve());
    });
  return {
    hit,
    peer: null,
    stream,
    reused: (stream.id ?? 1) > 1,
    get open() {
      return open();
    },
    head: async ({ status = 200, headers = {} } = {}) => {
      if (!open()) return;
      const kept = Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.includes(name));
      stream.respond({
        ':status': status,
        'content-type': 'text/event-stream',
        ...Object.fromEntries(kept),
      });
    },
    send: write,
    end: async () => {
      if (open()) stream.end();
    },
    fin: () => socket.end(),
    cutOff: () => carrier.end(),
    reset: () => Object.assign(carrier, { resetAndClosing: true }).destroy(),
    wait,
  };
}
