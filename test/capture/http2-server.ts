import http2 from 'node:http2';
import type net from 'node:net';

export interface Http2Server {
  port: number;
  hits: number;
  sessions: number;
  open(): number;
  close(): Promise<void>;
}

export interface Http2Exchange {
  stream: http2.ServerHttp2Stream;
  headers: http2.IncomingHttpHeaders;
  /** Under the session. */
  socket: net.Socket;
  /** The TCP socket under TLS; else the same. */
  carrier: net.Socket;
  hit: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** HTTP/2 in clear text (prior knowledge), or over TLS where a certificate is given. */
export async function startHttp2Server(
  play: (exchange: Http2Exchange, wait: (ms: number) => Promise<void>) => unknown,
  secure?: { key: string; cert: string },
): Promise<Http2Server> {
  const listener = secure === undefined ? http2.createServer() : http2.createSecureServer(secure);
  const carriers = new Map<number | undefined, net.Socket>();
  listener.prependListener('connection', (carrier: net.Socket) => {
    const { remotePort } = carrier;
    carriers.set(remotePort, carrier);
    carrier.on('error', () => {}).on('close', () => carriers.delete(remotePort));
  });
  const sockets = new Set<net.Socket>();
  const sessions = new Map<http2.ServerHttp2Session, net.Socket>();
  // Before the listener of http2 itself, which opens the session at once.
  listener.prependListener(
    secure === undefined ? 'connection' : 'secureConnection',
    (socket: net.Socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    },
  );
  listener.on('session', (session: http2.ServerHttp2Session) => {
    server.sessions += 1;
    const socket = [...sockets].at(-1);
    if (socket !== undefined) sessions.set(session, socket);
    session.on('error', () => {});
  });
  listener.on('sessionError', () => {});
  listener.on('stream', (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
    server.hits += 1;
    stream.on('error', () => {});
    const socket = stream.session && sessions.get(stream.session as http2.ServerHttp2Session);
    if (!socket) throw new Error('a stream without a socket');
    const carrier = carriers.get(socket.remotePort) ?? socket;
    void play({ stream, headers, socket, carrier, hit: server.hits }, wait);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: Http2Server = {
    port: (listener.address() as net.AddressInfo).port,
    hits: 0,
    sessions: 0,
    open: () => sockets.size,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return server;
}
