import type net from 'node:net';

const MAX_REPLY_BYTES = 16 * 1024;

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6) on a socket already connected to it.
 * @throws Error where the proxy refuses, hangs up, or does not speak HTTP
 */
export function openTunnel(
  socket: net.Socket,
  proxy: URL,
  authority: string,
  signal: AbortSignal,
): Promise<void> {
  const credentials =
    proxy.username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(
          `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`,
        ).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  return new Promise((resolve, reject) => {
    let reply = '';
    const settle = (error: unknown): void => {
      socket.off('readable', onReadable);
      socket.off('error', settle);
      socket.off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      if (error === null) return resolve();
      socket.destroy();
      reject(error);
    };
    const onEnd = (): void => settle(new Error('the proxy closed the connection'));
    const onAbort = (): void => settle(signal.reason);
    const onReadable = (): void => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      reply += bytes.toString('latin1');
      const end = reply.indexOf('\r\n\r\n');
      if (end === -1) {
        if (reply.length > MAX_REPLY_BYTES) settle(new Error('the proxy sent no HTTP reply'));
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(reply)?.[1];
      if (status?.startsWith('2') !== true) {
        return settle(
          new Error(`the proxy refused the tunnel: ${reply.slice(0, reply.indexOf('\r\n'))}`),
        );
      }
      const early = reply.slice(end + 4);
      if (early !== '') socket.unshift(Buffer.from(early, 'latin1'));
      settle(null);
    };
    socket.on('readable', onReadable);
    socket.once('error', settle);
    socket.once('end', onEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
