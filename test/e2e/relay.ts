import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a connection is cut: closed in order, or torn down so that the peer sees ECONNRESET. */
export type Cut = 'fin' | 'rst';

const READ_PAUSE_MS = 100;

export interface Relay {
  port: number;
  /**
   * The next connection that is accepted is cut, on the client's side, once `bytes` bytes of the
   * server's have been passed on: exactly so many reach the client. Calls queue up: one connection
   * each, in order of acceptance.
   */
  cutAfterBytes(bytes: number, how?: Cut): void;
  /** Cuts every connection that is open now. */
  cutAll(how?: Cut): void;
  /** Connections accepted so far. */
  accepted(): number;
  close(): Promise<void>;
}

/** A TCP relay on loopback in front of `targetPort`, whose connections can be cut mid-stream. */
export async function startRelay(targetPort: number): Promise<Relay> {
  const cuts: { bytes: number; how: Cut }[] = [];
  const open = new Set<{ client: Socket; upstream: Socket }>();
  let acceptedCount = 0;

  const server = createServer({ noDelay: true }, (client) => {
    acceptedCount += 1;
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const pair = { client, upstream };
    open.add(pair);
    client.once('close', () => open.delete(pair));
    joinSockets(client, upstream, cuts.shift());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    cutAfterBytes: (bytes, how = 'rst') => cuts.push({ bytes, how }),
    cutAll: (how = 'rst') => {
      for (const { client, upstream } of open) cutClient(client, upstream, how);
    },
    accepted: () => acceptedCount,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { client, upstream } of open) {
        client.destroy();
        upstream.destroy();
      }
      await closed;
    },
  };
}

function joinSockets(
  client: Socket,
  upstream: Socket,
  cut: { bytes: number; how: Cut } | undefined,
): void {
  let bytesLeft = cut?.bytes ?? Number.POSITIVE_INFINITY;
  client.pipe(upstream);
  upstream.on('data', (chunk: Buffer) => {
    if (bytesLeft <= 0 || client.destroyed) return;
    const part = chunk.subarray(0, Math.min(chunk.length, bytesLeft));
    bytesLeft -= part.length;
    // The cut waits until the kernel has the last byte, which a reset would discard.
    const afterWrite =
      bytesLeft > 0 ? undefined : () => cutWhenRead(client, upstream, cut?.how ?? 'fin');
    if (!client.write(part, afterWrite) && bytesLeft > 0) {
      upstream.pause();
      client.once('drain', () => upstream.resume());
    }
  });
  upstream.once('end', () => client.end());
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
  client.once('close', () => upstream.destroy());
}

/**
 * libuv reports an orderly end where it finds a reset together with the bytes before it, so the
 * client gets time to read them first; upstream, nothing is read meanwhile.
 */
function cutWhenRead(client: Socket, upstream: Socket, how: Cut): void {
  upstream.pause();
  setTimeout(() => cutClient(client, upstream, how), how === 'rst' ? READ_PAUSE_MS : 0);
}

function cutClient(client: Socket, upstream: Socket, how: Cut): void {
  if (how === 'rst') client.resetAndDestroy();
  else client.end();
  upstream.destroy();
}
