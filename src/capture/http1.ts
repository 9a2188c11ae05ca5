import { DialError, type DialInstants, dial } from './dial.ts';
import { Http1Connection } from './http1-connection.ts';
import type { Recording } from './recording.ts';
import type { HttpRequest, Transport, TransportOptions } from './transport.ts';

/**
 * HTTP/1.1 over connections of our own, one request at a time on each. Holding the sockets here is
 * what tells a reused one from a fresh one.
 */
export class Http1Transport implements Transport {
  readonly #options: TransportOptions;
  readonly #idle: Http1Connection[] = [];
  readonly #open = new Set<Http1Connection>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(request: HttpRequest, recording: Recording): Promise<void> {
    if (recording.ended) return;
    const kept = this.#takeIdle();
    recording.start();
    if (kept !== undefined) {
      recording.connected(null, 'http/1.1');
      if ((await kept.exchange(request, recording)) === 'done') return this.#keep(kept);
      recording.redial();
    }
    const dialled = await this.#connect(recording);
    if (dialled === null) return;
    const { connection, instants } = dialled;
    if (recording.ended) return connection.destroy();
    recording.connected(instants, 'http/1.1');
    await connection.exchange(request, recording);
    this.#keep(connection);
  }

  async close(): Promise<void> {
    for (const connection of this.#open) connection.destroy();
  }

  #takeIdle(): Http1Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.usable) return connection;
      connection.destroy();
    }
  }

  #keep(connection: Http1Connection): void {
    if (connection.usable) this.#idle.push(connection);
    else connection.destroy();
  }

  /** Sockets close while idle too, and nobody would come to take those. */
  #forget(connection: Http1Connection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  async #connect(
    recording: Recording,
  ): Promise<{ connection: Http1Connection; instants: DialInstants } | null> {
    const { origin, ca, headerBytes } = this.#options;
    const connection = new Http1Connection(origin, headerBytes);
    try {
      const { socket, instants } = await dial(
        origin,
        { alpn: 'http/1.1', ca, onRead: connection.onRead },
        recording.signal,
      );
      connection.attach(socket);
      this.#open.add(connection);
      socket.once('close', () => this.#forget(connection));
      return { connection, instants };
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      recording.fail(error.failure);
      return null;
    }
  }
}
