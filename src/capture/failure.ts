import type net from 'node:net';
import { errorCode, messageOf } from '../errors.ts';
import type { TransportStage } from './tape.ts';

/** How a transport failed, as the tape keeps it. */
export interface TransportFailure {
  code: string;
  stage: TransportStage;
  message: string;
}

/** What the socket itself saw. */
export interface SocketFate {
  /** The peer closed its side in good order (FIN). */
  ended: boolean;
  /** The error the socket died of. */
  error: Error | null;
}

/**
 * Follows a socket from now on. libuv reports a reset that arrives together with data as an end of
 * file; the peer's address tells the two apart, for a socket that was reset has none any more. (Node
 * keeps an address that was asked for, so nobody may ask before.)
 */
export function followFate(socket: net.Socket): SocketFate {
  const fate: SocketFate = { ended: false, error: null };
  socket.on('end', () => {
    if (socket.remoteAddress !== undefined) fate.ended = true;
    else fate.error ??= Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  });
  socket.on('error', (error) => {
    fate.error ??= error;
  });
  return fate;
}

/** Names the failure of an exchange on a connected socket. */
export function failureOf(error: unknown, stage: 'headers' | 'body'): TransportFailure {
  return { code: errorCode(error) ?? 'unknown', stage, message: messageOf(error) };
}

/** The server closed the connection, in good order, before the exchange was over. */
export function closedIn(stage: 'headers' | 'body'): TransportFailure {
  const code = stage === 'body' ? 'truncated' : 'ECONNRESET';
  return { code, stage, message: 'the server closed the connection' };
}
