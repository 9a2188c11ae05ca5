import net from 'node:net';
import tls from 'node:tls';

/** One request as it came over a bare socket. */
export interface RawRequest {
  /** `POST /v1/chat/completions` */
  line: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

/** The server's end of a connection, to be played on. */
export class Peer {
  readonly socket: net.Socket;
  /** The TCP socket under TLS; else the same. */
  readonly carrier: net.Socket;
  /** Whole requests that came on it. */
  requests = 0;

  constructor(socket: net.Socket, carrier = socket) {
    this.socket = socket;
    this.carrier = carrier;
  }

  /** Writes as one piece; resolves when the kernel took it. */
  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  fin(): void {
    this.socket.end();
  }

  /** FIN of TCP alone: over TLS without the `close_notify` that tells an end from a cut. */
  cutOff(): void {
    this.carrier.end();
  }

  reset(): void {
    resetNow(this.carrier);
  }
}

/** A RST and nothing else: `resetAndDestroy` sends a FIN first, which a reader may see alone. */
export function resetNow(socket: net.Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy();
}

/** What the server does with a request; `hit` counts all requests from 1. */
export type Play = (peer: Peer, request: RawRequest, hit: number) => unknown;

export interface FaultServer {
  port: number;
  /** Whole requests received. */
  hits: number;
  connections: number;
  /** Connections that are open now. */
  open(): number;
  requests: RawRequest[];
  peers: Peer[];
  close(): Promise<void>;
}

/** A server that plays any bytes with any delays, and ends its connections in any way. */
export async function startFaultServer(
  play: Play,
  options: { secure?: tls.TlsOptions; onConnection?: (peer: Peer) => void } = {},
): Promise<FaultServer> {
  const sockets = new Set<net.Socket>();
  const accept = (socket: net.Socket, carrier = socket): void => {
    const peer = new Peer(socket, carrier);
    sockets.add(socket);
    server.connections += 1;
    server.peers.push(peer);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    options.onConnection?.(peer);
    readRequests(socket, (request) => {
      server.requests.push(request);
      server.hits += 1;
      peer.requests += 1;
      void play(peer, request, server.hits);
    });
  };
  const listener =
    options.secure === undefined
      ? net.createServer((socket) => accept(socket))
      : secureListener(options.secure, accept);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', 1024, resolve));
  const server: FaultServer = {
    port: (listener.address() as net.AddressInfo).port,
    hits: 0,
    connections: 0,
    open: () => sockets.size,
    requests: [],
    peers: [],
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return server;
}

/**
 * A listener of TLS that knows the TCP socket under each of its own, by the client's port.
 * @param accept told of each connection once its handshake is over
 */
export function secureListener(
  secure: tls.TlsOptions,
  accept: (socket: tls.TLSSocket, carrier: net.Socket) => void,
): tls.Server {
  const carriers = new Map<number | undefined, net.Socket>();
  return tls
    .createServer(secure, (socket) => {
      const carrier = carriers.get(socket.remotePort);
      // Gone between the handshake and now.
      if (carrier === undefined) socket.destroy();
      else accept(socket, carrier);
    })
    .on('connection', (carrier: net.Socket) => {
      const { remotePort } = carrier;
      carriers.set(remotePort, carrier);
      carrier.on('close', () => {
        if (carriers.get(remotePort) === carrier) carriers.delete(remotePort);
      });
    })
    .on('tlsClientError', () => {});
}

/** Calls back for each whole request, by its content-length. */
function readRequests(socket: net.Socket, onRequest: (request: RawRequest) => void): void {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const [line = '', ...fields] = text.slice(0, end).split('\r\n');
      const headers: Record<string, string> = {};
      for (const field of fields) {
        const colon = field.indexOf(':');
        headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
      }
      const length = Number(headers['content-length'] ?? 0);
      if (text.length < end + 4 + length) return;
      onRequest({ line, headers, body: text.slice(end + 4, end + 4 + length) });
      text = text.slice(end + 4 + length);
    }
  });
}

/** Head of a response; an event stream by default. */
export function head(headers: Record<string, string> = {}, status = '200 OK'): string {
  const all = { 'content-type': 'text/event-stream', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

export const CHUNKED = { 'transfer-encoding': 'chunked' };
export const CLOSE = { connection: 'close' };

/** One chunk of a chunked body. */
export function framed(bytes: string | Uint8Array): Buffer {
  const body = Buffer.from(bytes as string);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}

export const LAST_CHUNK = '0\r\n\r\n';

/** A whole response of known length. */
export function whole(body: string, status = '200 OK', type = 'text/event-stream'): string {
  const length = String(Buffer.byteLength(body));
  return head({ 'content-type': type, 'content-length': length }, status) + body;
}
