import net from 'node:net';

export interface ConnectProxy {
  port: number;
  /** The heads of the requests for a tunnel. */
  asked: string[];
  close(): Promise<void>;
}

/**
 * What a proxy says instead of opening a tunnel, and then hangs up: `null` opens it, `undefined` says
 * nothing and hangs on.
 */
export type Refusal = string | null | undefined;

/**
 * An HTTP proxy that opens tunnels, all of them to one port of this machine.
 * @param refusal of all requests, or of each by its head
 */
export async function startConnectProxy(
  toPort: number,
  refusal: Refusal | ((asked: string) => Refusal) = null,
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  const track = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = net.createServer((client) => {
    track(client);
    client.once('data', (bytes) => {
      asked.push(bytes.toString());
      const said = typeof refusal === 'function' ? refusal(bytes.toString()) : refusal;
      if (said === undefined) return;
      if (said !== null) return client.end(said);
      const upstream = net.connect(toPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      track(upstream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    asked,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
