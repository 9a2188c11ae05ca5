import type net from 'node:net';
import { errorCode, messageOf } from '../errors.ts';
import type { TransportStage } from './tape.ts';

/** How a transport failed, as the tape keeps it. */
export interface TransportFailure {
  code: string;
  stage: TransportStage;
  message: string;
}

/** What the socket itself saw, which the HTTP layer's error does not always tell. */
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

/** Errors that mean: the framing promised more than came. */
const CUT_FRAMING = new Set(['HPE_INVALID_EOF_STATE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/**
 * undici looks its parser's codes up by number in a table that is keyed by name, so they come out
 * undefined; the reason in the message is what is left.
 */
function parserCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'HTTPParserError') return undefined;
  return error.message.includes('(Invalid EOF state)') ? 'HPE_INVALID_EOF_STATE' : 'HPE_INVALID';
}

/** Names the failure of an exchange on a connected socket. */
export function failureOf(
  error: unknown,
  fate: SocketFate,
  stage: 'headers' | 'body',
): TransportFailure {
  const reset = errorCode(fate.error);
  const code = errorCode(error) ?? parserCode(error) ?? 'unknown';
  const message = messageOf(error);
  // undici tells a reset as what its parser makes of it.
  if (reset !== undefined && (code === 'UND_ERR_SOCKET' || CUT_FRAMING.has(code))) {
    return { code: reset, stage, message: messageOf(fate.error) };
  }
  if (stage === 'body' && (CUT_FRAMING.has(code) || (code === 'UND_ERR_SOCKET' && fate.ended))) {
    return { code: 'truncated', stage, message };
  }
  return { code, stage, message };
}
