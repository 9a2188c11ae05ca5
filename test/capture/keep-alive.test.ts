import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Sender } from '../../src/capture/sender.ts';
import { type Certificate, makeCertificate } from './certificates.ts';
import {
  CHUNKED,
  CLOSE,
  type FaultServer,
  framed,
  head,
  LAST_CHUNK,
  type Play,
  startFaultServer,
  whole,
} from './fault-server.ts';
import { eventually, REPLY, send, senderOf } from './sending.ts';

let server: FaultServer;
let sender: Sender;

async function serve(script: Play): Promise<void> {
  server = await startFaultServer(script);
  sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
}

afterEach(async () => {
  await sender.close();
  await server.close();
});

const answer: Play = (peer) => peer.write(whole(REPLY));

describe('kept connections', () => {
  test('are used again, one request after the other', async () => {
    await serve(answer);
    const first = await send(sender);
    const second = await send(sender);
    expect([first.outcome.class, second.outcome.class]).toEqual(['ok', 'ok']);
    expect(server.connections).toBe(1);
    expect(first.tape.connectedMs).toBeGreaterThan(0);
    expect(second.tape).toMatchObject({ connectedMs: 0, tcpMs: 0, dnsMs: null });
  });

  test('are as many as there are requests at once, and no more', async () => {
    await serve(async (peer) => {
      await peer.wait(30);
      await peer.write(whole(REPLY));
    });
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 5 }, () => send(sender)));
    }
    expect(server.hits).toBe(15);
    expect(server.connections).toBe(5);
  });

  test('closed by the server while idle: not used, nothing to tell', async () => {
    await serve(async (peer) => {
      await peer.write(whole(REPLY));
      peer.fin();
    });
    await send(sender);
    await eventually(() => server.open() === 0, 'the connection is closed');
    const { outcome, tape } = await send(sender);
    expect(outcome.class).toBe('ok');
    expect(tape.staleSocketRedials).toBe(0);
    expect(server.connections).toBe(2);
  });

  const DEATHS = ['reset', 'fin'] as const;
  test.each(DEATHS)('%s as the next request comes: dialled again once, one record', async (how) => {
    await serve((peer, _request, hit) => (hit === 2 ? peer[how]() : peer.write(whole(REPLY))));
    await send(sender);
    const { outcome, tape } = await send(sender);
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(tape.staleSocketRedials).toBe(1);
    // Instants are those of the second dial.
    expect(tape.connectedMs).toBeGreaterThan(0);
    expect(server.hits).toBe(3);
    expect(server.connections).toBe(2);
  });

  test('dead again on the fresh socket: reset_pre_headers, and no third try', async () => {
    await serve((peer, _request, hit) => (hit === 1 ? peer.write(whole(REPLY)) : peer.reset()));
    await send(sender);
    const { outcome, tape } = await send(sender);
    expect(outcome.class).toBe('reset_pre_headers');
    expect(tape.staleSocketRedials).toBe(1);
    expect(server.hits).toBe(3);
  });

  const ANSWERED: [string, string][] = [
    ['a part of the headers', 'HTTP/1.1 200 OK\r\nconte'],
    ['something that is not HTTP', 'SSH-2.0\r\n\r\n'],
    ['headers without end', head({ 'x-long': 'x'.repeat(100_000) })],
  ];
  test.each(ANSWERED)('%s is an answer: never sent again', async (_what, bytes) => {
    await serve(async (peer, _request, hit) => {
      if (hit === 1) return peer.write(whole(REPLY));
      await peer.write(bytes);
      await peer.wait(30);
      peer.reset();
    });
    await send(sender);
    const { outcome, tape } = await send(sender);
    expect(outcome.class).not.toBe('ok');
    expect(tape.staleSocketRedials).toBe(0);
    expect(server.hits).toBe(2);
  });

  test('reset on a fresh connection: reset_pre_headers, asked once', async () => {
    await serve((peer) => peer.reset());
    const { outcome, tape } = await send(sender);
    expect(outcome.class).toBe('reset_pre_headers');
    expect(tape.staleSocketRedials).toBe(0);
    expect(server.hits).toBe(1);
  });
});

describe('connections that are not kept', () => {
  test('[DONE] with the socket left open ends the request; another socket serves the next', async () => {
    await serve(async (peer) => {
      await peer.write(head(CHUNKED));
      await peer.write(framed(REPLY));
    });
    const first = await send(sender);
    expect(first.outcome).toEqual({ class: 'ok', message: null });
    expect(first.reply.flags.filter((flag) => flag !== 'coalesced')).toEqual([]);
    expect(first.tape.end).toMatchObject({ how: 'done', code: null });
    // The end is the instant of [DONE], not of the patience after it.
    expect(first.tape.end.atMs).toBe(first.tape.arrivalsMs.at(-1));
    const second = await send(sender);
    expect(second.tape.connectedMs).toBeGreaterThan(0);
    expect(second.tape.staleSocketRedials).toBe(0);
    expect(server.connections).toBe(2);
    await eventually(() => server.open() === 0, 'both are closed');
  });

  test('the last chunk a moment after [DONE] still counts as a proper end', async () => {
    await serve(async (peer) => {
      await peer.write(head(CHUNKED));
      await peer.write(framed(REPLY));
      await peer.wait(50);
      await peer.write(LAST_CHUNK);
    });
    await send(sender);
    const { outcome } = await send(sender);
    expect(outcome.class).toBe('ok');
    expect(server.connections).toBe(1);
  });

  test('connection: close', async () => {
    await serve((peer) => {
      const length = String(REPLY.length);
      return peer.write(head({ ...CLOSE, 'content-length': length }) + REPLY);
    });
    for (let i = 0; i < 3; i++) {
      const { outcome, tape } = await send(sender);
      expect(outcome.class).toBe('ok');
      expect(tape.staleSocketRedials).toBe(0);
    }
    expect(server.connections).toBe(3);
    await eventually(() => server.open() === 0, 'all are closed');
  });
});

describe('over TLS', () => {
  let certificate: Certificate;
  beforeAll(() => {
    certificate = makeCertificate('IP:127.0.0.1');
  });

  test('a connection closed in good order as the next request comes is dialled again', async () => {
    server = await startFaultServer(
      (peer, _request, hit) => (hit === 2 ? peer.fin() : peer.write(whole(REPLY))),
      { secure: certificate },
    );
    sender = senderOf({ baseUrl: `https://127.0.0.1:${server.port}/v1`, ca: certificate.cert });
    await send(sender);
    const { outcome, tape } = await send(sender);
    expect(outcome.class).toBe('ok');
    expect(tape.staleSocketRedials).toBe(1);
    expect(server.hits).toBe(3);
  });
});
