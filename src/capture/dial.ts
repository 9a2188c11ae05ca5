import net from 'node:net';
import tls from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { errorCode, messageOf } from '../errors.ts';
import type { TransportFailure } from './failure.ts';
import { isLoopback } from './loopback.ts';
import { openTunnel } from './tunnel.ts';

/** `performance.now()` of each step; `null` where a step was not taken. */
export interface DialInstants {
  dnsMs: number | null;
  tcpMs: number;
  readyMs: number;
}

export interface Dialled {
  socket: net.Socket;
  instants: DialInstants;
}

export interface DialOptions {
  alpn: 'http/1.1' | 'h2';
  /** PEM of an extra certificate authority. */
  ca: string | undefined;
  /**
   * Takes each read of the ready connection in place of the stream's own events, as soon as the
   * kernel gives it: the first `length` of `bytes`, which the next read overwrites.
   */
  onRead?: (bytes: Uint8Array, length: number) => void;
}

/** Read into by every socket of this thread: what was read is taken before the next read. */
const READ_BUFFER = new Uint8Array(64 * 1024);

/** Carries the step a connection failed in. */
export class DialError extends Error {
  override readonly name = 'DialError';
  readonly failure: TransportFailure;

  constructor(cause: unknown, stage: TransportFailure['stage']) {
    const message = messageOfAny(cause);
    super(message, { cause });
    this.failure = { code: errorCode(cause) ?? 'unknown', stage, message };
  }
}

/** Where a name has several addresses, the error of each is in a list, and the whole has no text. */
function messageOfAny(cause: unknown): string {
  if (!(cause instanceof AggregateError)) return messageOf(cause);
  return [...new Set(cause.errors.map(messageOf))].join('; ') || messageOf(cause);
}

/**
 * Opens a connection to `origin`, through a proxy where the environment names one, and stamps each
 * step. It has no time limit of its own: the caller aborts.
 * @throws DialError
 */
export async function dial(
  origin: URL,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Dialled> {
  const proxy = isLoopback(origin.hostname) ? '' : getProxyForUrl(origin.href);
  const { onRead } = options;
  if (proxy === '') {
    return origin.protocol === 'https:'
      ? dialTls(origin, options, signal)
      : dialTcp(origin, signal, onRead);
  }
  let { socket, instants } = await dialProxy(proxy, origin, signal);
  if (origin.protocol === 'https:') {
    socket = await startTls(socket, origin.hostname, options, signal);
    instants = { ...instants, readyMs: performance.now() };
  }
  // Read from before, or carried by another socket, it has no reads of its own.
  if (onRead !== undefined) {
    socket.on('data', (bytes: Uint8Array) => onRead(bytes, bytes.length));
  }
  return { socket, instants };
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

async function dialTcp(
  origin: URL,
  signal: AbortSignal,
  onRead?: DialOptions['onRead'],
): Promise<Dialled> {
  const socket = net.connect(addressOf(origin, onRead));
  const { dnsMs, tcpMs } = await tcpInstants(socket, signal);
  return { socket, instants: { dnsMs, tcpMs, readyMs: tcpMs } };
}

async function dialTls(origin: URL, options: DialOptions, signal: AbortSignal): Promise<Dialled> {
  const socket = tls.connect({
    ...addressOf(origin, options.onRead),
    ...tlsOptions(origin.hostname, options),
  });
  const { dnsMs, tcpMs } = await tcpInstants(socket, signal);
  const readyMs = await settled(socket, 'secureConnect', 'tls', signal);
  return { socket, instants: { dnsMs, tcpMs, readyMs } };
}

function addressOf(origin: URL, onRead: DialOptions['onRead']) {
  const name = bareHost(origin.hostname);
  // A name below it is this machine too (RFC 6761), whatever a resolver may say.
  const host = name.endsWith('.localhost') ? 'localhost' : name;
  const address = { host, port: portOf(origin), noDelay: true };
  if (onRead === undefined) return address;
  const callback = (length: number, bytes: Uint8Array): boolean => {
    onRead(bytes, length);
    return true;
  };
  // No stream and no allocation stand between the kernel and the stamp.
  return { ...address, onread: { buffer: READ_BUFFER, callback } };
}

async function tcpInstants(
  socket: net.Socket,
  signal: AbortSignal,
): Promise<{ dnsMs: number | null; tcpMs: number }> {
  let dnsMs: number | null = null;
  socket.once('lookup', () => {
    dnsMs = performance.now();
  });
  const tcpMs = await settled(socket, 'connect', 'connect', signal);
  socket.setKeepAlive(true, 60_000);
  return { dnsMs, tcpMs };
}

async function dialProxy(proxy: string, origin: URL, signal: AbortSignal): Promise<Dialled> {
  let socket: net.Socket | undefined;
  try {
    const url = new URL(proxy);
    const dialled = await dialTcp(url, signal);
    socket = dialled.socket;
    if (url.protocol === 'https:') {
      const options: DialOptions = { alpn: 'http/1.1', ca: undefined };
      socket = await startTls(socket, url.hostname, options, signal);
    }
    await openTunnel(socket, url, `${origin.hostname}:${portOf(origin)}`, signal);
    return { socket, instants: { ...dialled.instants, readyMs: performance.now() } };
  } catch (error) {
    socket?.destroy();
    throw new DialError(error instanceof DialError ? error.cause : error, 'proxy');
  }
}

async function startTls(
  socket: net.Socket,
  hostname: string,
  options: DialOptions,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({ socket, ...tlsOptions(hostname, options) });
  await settled(secured, 'secureConnect', 'tls', signal);
  return secured;
}

function tlsOptions(hostname: string, { alpn, ca }: DialOptions): tls.ConnectionOptions {
  const host = bareHost(hostname);
  return {
    ALPNProtocols: [alpn],
    ...(net.isIP(host) === 0 ? { servername: host } : { host }),
    ...(ca === undefined ? {} : { secureContext: trusting(ca) }),
  };
}

const CONTEXTS = new Map<string, tls.SecureContext>();

/** Trusts `ca` beside the usual authorities. Kept: to parse them all takes milliseconds. */
function trusting(ca: string): tls.SecureContext {
  let context = CONTEXTS.get(ca);
  if (context === undefined) {
    context = tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
    CONTEXTS.set(ca, context);
  }
  return context;
}

/** Waits for `event`; the instant of it. Destroys the socket on an error or an abort. */
function settled(
  socket: net.Socket,
  event: 'connect' | 'secureConnect',
  stage: 'connect' | 'tls',
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const forget = (): void => {
      socket.off(event, onReady);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (cause: unknown): void => {
      forget();
      // Late errors of a socket that was given up are of no interest, but must not be thrown.
      socket.on('error', () => {});
      socket.destroy();
      reject(new DialError(cause, stage));
    };
    const onReady = (): void => {
      forget();
      resolve(performance.now());
    };
    const onError = (error: Error): void => fail(error);
    const onClose = (): void =>
      fail(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    const onAbort = (): void => fail(signal.reason);
    socket.once(event, onReady);
    socket.once('error', onError);
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
