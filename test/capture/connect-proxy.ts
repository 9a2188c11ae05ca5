import net from 'node:net';

export interface ConnectProxy {
  port: number;
  /** The heads of the requests for a tunnel. */
  asked: string[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy that opens tunnels, all of them to one port of this machine.
 * @param refusal a response to give instead of a tunnel
 */
export async function startConnectProxy(
  toPort: number,
  refusal: string | null = null,
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
      if (refusal !== null) return client.end(refusal);
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
