import { beforeAll, describe, expect, test } from 'vitest';
import { type Certificate, makeCertificate, makeExpiredCertificate } from './certificates.ts';
import { closedPort, startDeafListener } from './deaf-ports.ts';
import { type FaultServer, startFaultServer, whole } from './fault-server.ts';
import { REPLY, type SenderParts, type Sent, send, senderOf } from './sending.ts';

async function sendTo(baseUrl: string, parts: SenderParts = {}): Promise<Sent> {
  const sender = senderOf({ baseUrl, ...parts });
  try {
    return await send(sender);
  } finally {
    await sender.close();
  }
}

describe('a connection that does not come about', () => {
  test('unknown host: dns', async () => {
    const { outcome, tape } = await sendTo('http://name.invalid/v1');
    expect(outcome.class).toBe('dns');
    expect(outcome.message).toContain('name.invalid');
    expect(tape).toMatchObject({ status: null, connectedMs: null, tcpMs: null, headersMs: null });
    expect(tape.end).toMatchObject({ how: 'error', stage: 'connect' });
  });

  test('nobody listens: connect', async () => {
    const { outcome, tape } = await sendTo(`http://127.0.0.1:${await closedPort()}/v1`);
    expect(outcome.class).toBe('connect');
    expect(outcome.message).toContain('ECONNREFUSED');
    expect(tape.connectedMs).toBeNull();
  });

  test('nobody listens on any of a name’s addresses: connect, with a message', async () => {
    const port = await closedPort();
    const { outcome } = await sendTo(`http://localhost:${port}/v1`);
    expect(outcome.class).toBe('connect');
    expect(outcome.message).toContain(`ECONNREFUSED`);
    expect(outcome.message).toContain(String(port));
  });

  test('a listener whose queue is full: connect_timeout', async () => {
    const { port, close } = await startDeafListener();
    try {
      const { outcome, tape } = await sendTo(`http://127.0.0.1:${port}/v1`, {
        limits: { connectMs: 200 },
      });
      expect(outcome.class).toBe('connect_timeout');
      expect(outcome.message).toMatch(/after 0\.\d s/);
      expect(tape.end.atMs).toBeGreaterThanOrEqual(199);
      expect(tape.end.atMs).toBeLessThan(450);
      expect(tape.connectedMs).toBeNull();
    } finally {
      close();
    }
  });
});

describe('TLS', () => {
  let own: Certificate;
  let foreign: Certificate;
  let expired: Certificate;

  beforeAll(() => {
    own = makeCertificate('DNS:localhost,IP:127.0.0.1');
    foreign = makeCertificate('DNS:elsewhere.example');
    expired = makeExpiredCertificate('DNS:localhost,IP:127.0.0.1');
  });

  async function sendSecurely(
    certificate: Certificate,
    parts: SenderParts = {},
    host = '127.0.0.1',
  ): Promise<Sent & { server: FaultServer }> {
    const server = await startFaultServer((peer) => peer.write(whole(REPLY)), {
      secure: certificate,
    });
    try {
      return { ...(await sendTo(`https://${host}:${server.port}/v1`, parts)), server };
    } finally {
      await server.close();
    }
  }

  test('an unknown authority fails closed: nothing is sent', async () => {
    const { outcome, tape, server } = await sendSecurely(own);
    expect(outcome.class).toBe('tls');
    expect(outcome.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(tape.end.stage).toBe('tls');
    expect(server.hits).toBe(0);
  });

  test('another name fails closed', async () => {
    const { outcome, server } = await sendSecurely(foreign, { ca: foreign.cert });
    expect(outcome.class).toBe('tls');
    expect(outcome.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(server.hits).toBe(0);
  });

  test('an expired certificate fails closed', async () => {
    const { outcome, server } = await sendSecurely(expired, { ca: expired.cert });
    expect(outcome.class).toBe('tls');
    expect(outcome.message).toContain('CERT_HAS_EXPIRED');
    expect(server.hits).toBe(0);
  });

  test.each(['127.0.0.1', 'localhost'])(
    'the authority of the config is trusted, %s',
    async (host) => {
      const { outcome, tape } = await sendSecurely(own, { ca: own.cert }, host);
      expect(outcome).toEqual({ class: 'ok', message: null });
      expect(tape.tcpMs).toBeGreaterThan(0);
      expect(tape.connectedMs).toBeGreaterThan(tape.tcpMs ?? 0);
      expect(tape.headersMs).toBeGreaterThanOrEqual(tape.connectedMs ?? 0);
    },
  );

  test('a server that does not speak TLS: tls', async () => {
    const server = await startFaultServer(() => {}, {
      onConnection: (peer) => void peer.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });
    const { outcome } = await sendTo(`https://127.0.0.1:${server.port}/v1`);
    await server.close();
    expect(outcome.class).toBe('tls');
  });

  test('a server that never answers the handshake: connect_timeout, and the socket is let go', async () => {
    const server = await startFaultServer(() => {});
    const { outcome } = await sendTo(`https://127.0.0.1:${server.port}/v1`, {
      limits: { connectMs: 150 },
    });
    expect(outcome.class).toBe('connect_timeout');
    await expect.poll(() => server.open()).toBe(0);
    await server.close();
  });

  test('a server that hangs up in the handshake: tls', async () => {
    const server = await startFaultServer(() => {}, {
      onConnection: (peer) => void peer.wait(30).then(() => peer.reset()),
    });
    const { outcome } = await sendTo(`https://127.0.0.1:${server.port}/v1`);
    await server.close();
    expect(outcome.class).toBe('tls');
  });
});
