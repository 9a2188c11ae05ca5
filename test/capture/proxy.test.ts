import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeCertificate } from './certificates.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { type FaultServer, startFaultServer, whole } from './fault-server.ts';
import { REPLY, type SenderParts, type Sent, send, senderOf } from './sending.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0)) await one.close();
});

async function marketplace(secure?: { key: string; cert: string }): Promise<FaultServer> {
  const server = await startFaultServer(
    (peer) => peer.write(whole(REPLY)),
    secure === undefined ? {} : { secure },
  );
  open.push(server);
  return server;
}

async function proxyTo(port: number, refusal?: string): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(port, refusal);
  open.push(proxy);
  return proxy;
}

function useProxy(url: string, noProxy = ''): void {
  for (const name of ['http_proxy', 'https_proxy']) {
    vi.stubEnv(name, url);
    vi.stubEnv(name.toUpperCase(), url);
  }
  vi.stubEnv('no_proxy', noProxy);
  vi.stubEnv('NO_PROXY', noProxy);
}

async function sendTo(baseUrl: string, parts: SenderParts = {}): Promise<Sent> {
  const sender = senderOf({ baseUrl, ...parts });
  try {
    return await send(sender);
  } finally {
    await sender.close();
  }
}

describe('a proxy of the environment', () => {
  test('carries plain requests through a tunnel, with its own credentials only', async () => {
    const server = await marketplace();
    const proxy = await proxyTo(server.port);
    useProxy(`http://me:p%40ss@127.0.0.1:${proxy.port}`);
    const { outcome, tape } = await sendTo('http://api.example.test:8080/v1');
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(proxy.asked[0]).toMatch(/^CONNECT api\.example\.test:8080 HTTP\/1\.1\r\n/);
    expect(proxy.asked[0]).toContain(Buffer.from('me:p@ss').toString('base64'));
    expect(proxy.asked[0]).not.toContain('sk-secret');
    expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
    expect(server.requests[0]?.headers.host).toBe('api.example.test:8080');
    expect(tape.connectedMs).toBeGreaterThan(tape.tcpMs ?? 0);
  });

  test('carries TLS end to end: it sees neither key nor text', async () => {
    const certificate = makeCertificate('DNS:api.example.test');
    const server = await marketplace(certificate);
    const proxy = await proxyTo(server.port);
    useProxy(`http://127.0.0.1:${proxy.port}`);
    const { outcome } = await sendTo('https://api.example.test/v1', { ca: certificate.cert });
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(proxy.asked).toEqual([
      'CONNECT api.example.test:443 HTTP/1.1\r\nHost: api.example.test:443\r\n\r\n',
    ]);
  });

  test('still cannot stand in for the endpoint: a wrong certificate is tls', async () => {
    const certificate = makeCertificate('DNS:elsewhere.example');
    const server = await marketplace(certificate);
    const proxy = await proxyTo(server.port);
    useProxy(`http://127.0.0.1:${proxy.port}`);
    const { outcome } = await sendTo('https://api.example.test/v1', { ca: certificate.cert });
    expect(outcome.class).toBe('tls');
    expect(server.hits).toBe(0);
  });

  test.each([
    ['refuses', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', /refused the tunnel.*407/],
    ['speaks something else', 'SSH-2.0-nope\r\n\r\n', /refused the tunnel/],
    ['hangs up', '', /closed the connection/],
  ])('that %s: proxy', async (_what, refusal, says) => {
    const server = await marketplace();
    const proxy = await proxyTo(server.port, refusal);
    useProxy(`http://127.0.0.1:${proxy.port}`);
    const { outcome } = await sendTo('http://api.example.test/v1');
    expect(outcome.class).toBe('proxy');
    expect(outcome.message).toMatch(says);
    expect(server.hits).toBe(0);
  });

  test('that does not run: proxy, with the system’s word for it', async () => {
    const proxy = await startConnectProxy(1);
    await proxy.close();
    useProxy(`http://127.0.0.1:${proxy.port}`);
    const { outcome } = await sendTo('http://api.example.test/v1');
    expect(outcome.class).toBe('proxy');
    expect(outcome.message).toContain('ECONNREFUSED');
  });

  test('whose credentials are no proper text: proxy, and the socket is let go', async () => {
    const server = await marketplace();
    useProxy(`http://me:%zz@127.0.0.1:${server.port}`);
    const { outcome } = await sendTo('http://api.example.test/v1');
    expect(outcome.class).toBe('proxy');
    await expect.poll(() => server.open()).toBe(0);
  });

  test('that never answers: connect_timeout', async () => {
    const deaf = await startFaultServer(() => {});
    open.push(deaf);
    useProxy(`http://127.0.0.1:${deaf.port}`);
    const parts = { limits: { connectMs: 150 } };
    const { outcome } = await sendTo('http://api.example.test/v1', parts);
    expect(outcome.class).toBe('connect_timeout');
    await expect.poll(() => deaf.open()).toBe(0);
  });

  test.each(['127.0.0.1', 'localhost'])('never sees loopback: %s', async (host) => {
    const server = await marketplace();
    const proxy = await proxyTo(server.port);
    useProxy(`http://127.0.0.1:${proxy.port}`);
    const { outcome } = await sendTo(`http://${host}:${server.port}/v1`);
    expect(outcome.class).toBe('ok');
    expect(proxy.asked).toEqual([]);
  });

  test('never sees what NO_PROXY names', async () => {
    const server = await marketplace();
    const proxy = await proxyTo(server.port);
    useProxy(`http://127.0.0.1:${proxy.port}`, 'name.invalid');
    const { outcome } = await sendTo('http://name.invalid/v1');
    expect(outcome.class).toBe('dns');
    expect(proxy.asked).toEqual([]);
  });
});
