import type http2 from 'node:http2';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseBaseUrl } from '../../src/config/base-url.ts';
import { type Certificate, makeCertificate } from '../capture/certificates.ts';
import { startConnectProxy } from '../capture/connect-proxy.ts';
import { type FaultServer, head, startFaultServer, whole } from '../capture/fault-server.ts';
import { startHttp2Server } from '../capture/http2-server.ts';
import { REPLY, type SenderParts, type Sent, send, senderOf } from '../capture/sending.ts';
import { aFolder, readOnlyRun, runCli } from '../commands/run-cli.ts';

const HEADERS = { 'api-key': 'own-canary-key', 'x-tenant': 'canary-tenant' };
const CODES = [301, 302, 303, 307, 308];

let certificate: Certificate;
/** Whoever is sent elsewhere would come here. */
let elsewhere: FaultServer;
let secureElsewhere: FaultServer;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  certificate = makeCertificate('DNS:localhost,IP:127.0.0.1');
  elsewhere = await startFaultServer((peer) => peer.write(whole(REPLY)));
  secureElsewhere = await startFaultServer((peer) => peer.write(whole(REPLY)), {
    secure: certificate,
  });
});
afterAll(() => Promise.all([elsewhere.close(), secureElsewhere.close()]));
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0)) await one.close();
  expect([elsewhere.connections, secureElsewhere.connections]).toEqual([0, 0]);
});

/** Where a redirect may point, from a server on `port`. */
const LOCATIONS: [string, (port: number) => string][] = [
  ['another port', () => `http://127.0.0.1:${elsewhere.port}/v1/chat/completions`],
  ['another scheme', () => `https://127.0.0.1:${secureElsewhere.port}/v1/chat/completions`],
  ['another host', (port) => `http://localhost:${port}/v1/chat/completions`],
  ['another port without a scheme', () => `//127.0.0.1:${elsewhere.port}/v1`],
  ['a user at another port', () => `http://127.0.0.1:80@127.0.0.1:${elsewhere.port}/v1`],
  ['the same origin', () => '/v1/other'],
];

async function sendTo(baseUrl: string, parts: SenderParts = {}): Promise<Sent> {
  const sender = senderOf({ baseUrl, headers: HEADERS, ...parts });
  try {
    return await send(sender);
  } finally {
    await sender.close();
  }
}

const luring = (location: string): Record<string, string> => ({
  location,
  refresh: `0; url=${location}`,
  link: `<${location}>; rel=preconnect, <${location}>; rel=preload`,
  'alt-svc': `http/1.1="127.0.0.1:${elsewhere.port}"; ma=60, h2="127.0.0.1:${secureElsewhere.port}"`,
  'content-location': location,
  'content-length': '0',
});

describe.each(LOCATIONS)('a redirect to %s', (_where, locationFor) => {
  test.each(CODES)('by %i goes nowhere: class redirect', async (code) => {
    const server = await startFaultServer((peer) =>
      peer.write(head(luring(locationFor(server.port)), `${code} Elsewhere`)),
    );
    open.push(server);
    const { outcome } = await sendTo(`http://127.0.0.1:${server.port}/v1`);
    expect(outcome.class).toBe('redirect');
    expect(outcome.message).toMatch(/redirects are not followed/);
    expect([server.hits, server.connections]).toEqual([1, 1]);
  });

  test('over TLS goes nowhere', async () => {
    const server = await startFaultServer(
      (peer) => peer.write(head(luring(locationFor(server.port)), '307 Elsewhere')),
      { secure: certificate },
    );
    open.push(server);
    const parts = { ca: certificate.cert };
    const { outcome } = await sendTo(`https://127.0.0.1:${server.port}/v1`, parts);
    expect(outcome.class).toBe('redirect');
    expect(server.hits).toBe(1);
  });

  test('over HTTP/2 goes nowhere, whatever ALTSVC and ORIGIN frames say', async () => {
    const server = await startHttp2Server(({ stream }) => {
      const session = stream.session as http2.ServerHttp2Session;
      session.altsvc(`h2=":${secureElsewhere.port}"`, `https://127.0.0.1:${server.port}`);
      session.origin(`https://127.0.0.1:${secureElsewhere.port}`);
      const { 'content-length': _, ...headers } = luring(locationFor(server.port));
      stream.respond({ ':status': 308, ...headers }, { endStream: true });
    }, certificate);
    open.push(server);
    const parts = { ca: certificate.cert, protocol: 'h2' as const };
    const { outcome } = await sendTo(`https://127.0.0.1:${server.port}/v1`, parts);
    expect(outcome.class).toBe('redirect');
    expect([server.hits, server.sessions]).toEqual([1, 1]);
  });
});

test('a good reply that lures elsewhere by its headers is a good reply, and the next request stays too', async () => {
  const server = await startFaultServer((peer) => {
    const { 'content-length': _, ...headers } = luring(`http://127.0.0.1:${elsewhere.port}/`);
    return peer.write(head({ ...headers, 'content-length': String(REPLY.length) }) + REPLY);
  });
  open.push(server);
  const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1`, headers: HEADERS });
  const outcomes = [await send(sender), await send(sender)].map(({ outcome }) => outcome.class);
  await sender.close();
  expect(outcomes).toEqual(['ok', 'ok']);
  expect(server.hits).toBe(2);
});

test.each([301, 302, 303, 307, 308, 407])(
  'a proxy that answers %i is not followed, and sees no key',
  async (code) => {
    const proxy = await startConnectProxy(
      elsewhere.port,
      () => `HTTP/1.1 ${code} Elsewhere\r\nlocation: http://127.0.0.1:${elsewhere.port}/\r\n\r\n`,
    );
    open.push(proxy);
    for (const name of ['http_proxy', 'HTTP_PROXY'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '');
    const { outcome } = await sendTo('http://api.example.test/v1');
    expect(outcome.class).toBe('proxy');
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).not.toMatch(/canary|sk-secret|authorization/i);
  },
);

test('a name below localhost is this machine, without asking a resolver', async () => {
  const server = await startFaultServer((peer) => peer.write(whole(REPLY)));
  open.push(server);
  const { outcome } = await sendTo(`http://no-such-name.anywhere.localhost:${server.port}/v1`);
  expect(outcome.class).toBe('ok');
});

describe('no command follows a redirect', () => {
  test.each([
    ['run', ['run', '-s', 'one', '-n', '1'], 69],
    ['models', ['models'], 69],
    ['stream', ['stream', 'm', 'Hi'], 69],
    ['a judge', ['run', '-s', 'one', '-t', 'good', '--judge', 'market/m'], 0],
  ])('%s', async (what, args, expected) => {
    const server = await startFaultServer((peer) =>
      peer.write(head(luring(`http://127.0.0.1:${elsewhere.port}/v1`), '302 Elsewhere')),
    );
    const good = await startFaultServer((peer) => peer.write(whole(REPLY)));
    open.push(server, good);
    const target = (port: number): string =>
      `{ base_url: "http://127.0.0.1:${port}/v1", api_key: "\${MARKET_KEY}", headers: { x-own: "\${MARKET_KEY}" }, models: [m] }`;
    const cwd = await aFolder({
      'bench.config.yaml': `targets:\n  market: ${target(server.port)}\n  good: ${target(good.port)}\nmodels: [{ name: m }]\nvalidity: { late_ms: 60000, late_share: 1, cpu_share: 1 }\n`,
      'suites/one.yaml':
        'description: one\ncases: [{ id: a, prompt: Hi, expect: { type: model-graded, value: It is polite. } }]\n',
    });
    const { code, stderr } = await runCli(args, {
      cwd,
      env: { MARKET_KEY: 'sk-canary-0123456789' },
    });
    expect(code, stderr).toBe(expected);
    expect(server.hits).toBeGreaterThan(0);
    if (what !== 'a judge') return;
    const { texts } = await readOnlyRun(`${cwd}/results`);
    expect(texts['judge.ndjson']).toContain('"outcome":"redirect"');
  });
});

describe('http: leaves this machine only where allow_http says so', () => {
  const read = (text: string, allowHttp = false) =>
    parseBaseUrl(text, { path: '/chat/completions', allowHttp });

  test.each([
    ...['http://api.example.com/v1', 'http://localhost.evil.com/v1', 'http://127.0.0.1.nip.io/v1'],
    ...[
      'http://127.0.0.1.evil.com',
      'http://evil.com/localhost',
      'http://0.0.0.0:1/v1',
      'http://0/v1',
    ],
    ...[
      'http://10.0.0.1/v1',
      'http://128.0.0.1/v1',
      'http://2886729729/v1',
      'http://0xac100001/v1',
    ],
    ...['http://[::2]/v1', 'http://[::ffff:127.0.0.1]/v1', 'http://[fe80::1]/v1', 'http://[::]/v1'],
    ...[
      'http://localhost@evil.com/v1',
      'http://localhost:80@evil.com/v1',
      'http://127.0.0.1%2eevil.com/v1',
    ],
    ...[
      'http:\\\\evil.com\\@localhost/v1',
      'http://evil.com#@localhost/',
      'http://evil.com?@localhost/',
    ],
    ...[
      'http://localhost\t.evil.com/v1',
      'http://xlocalhost/v1',
      'http://locаlhost/v1',
      'HTTP://EVIL.com/v1',
    ],
  ])('%s is refused', (address) => {
    const told = read(address);
    expect(told).toHaveProperty('message');
    expect(JSON.stringify(told)).not.toContain('@');
  });

  test.each([
    ['http://localhost:8000/v1', 'http://localhost:8000/v1'],
    ['http://127.0.0.1/v1', 'http://127.0.0.1/v1'],
    ['http://2130706433/v1', 'http://127.0.0.1/v1'],
    ['http://0x7f.1/v1', 'http://127.0.0.1/v1'],
    ['http://[::1]:8/v1', 'http://[::1]:8/v1'],
    ['https://evil.com/v1', 'https://evil.com/v1'],
  ])('%s is taken as %s', (address, baseUrl) => {
    expect(read(address)).toEqual({ baseUrl });
  });

  test('a path cannot leave the origin', async () => {
    const server = await startFaultServer((peer) => peer.write(whole(REPLY)));
    open.push(server);
    const paths = [
      `//127.0.0.1:${elsewhere.port}/v1`,
      `/@127.0.0.1:${elsewhere.port}/`,
      '/../../x',
    ];
    for (const path of paths) {
      await sendTo(`http://127.0.0.1:${server.port}/v1`, { path });
    }
    expect(server.hits).toBe(3);
  });
});
