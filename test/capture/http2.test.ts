import { afterEach, describe, expect, test } from 'vitest';
import type { Sender } from '../../src/capture/sender.ts';
import { makeCertificate } from './certificates.ts';
import { resetNow, startFaultServer } from './fault-server.ts';
import { frames, startFrameServer } from './http2-frames.ts';
import { type Http2Exchange, type Http2Server, startHttp2Server } from './http2-server.ts';
import {
  eventually,
  HELLO,
  REPLY,
  read,
  requestOf,
  type SenderParts,
  type Sent,
  send,
  senderOf,
} from './sending.ts';

let server: Http2Server;
let sender: Sender;

/** One request to a server that writes its frames by hand. */
async function playFrames(play: Parameters<typeof startFrameServer>[0]): Promise<Sent> {
  const raw = await startFrameServer(play);
  sender = senderOf({ baseUrl: `http://127.0.0.1:${raw.port}/v1`, protocol: 'h2' });
  const sent = await send(sender);
  await raw.close();
  return sent;
}

async function serve(
  play: Parameters<typeof startHttp2Server>[0],
  parts: SenderParts = {},
  secure?: { key: string; cert: string },
): Promise<void> {
  server = await startHttp2Server(play, secure);
  const scheme = secure === undefined ? 'http' : 'https';
  const baseUrl = `${scheme}://127.0.0.1:${server.port}/v1`;
  sender = senderOf({ baseUrl, protocol: 'h2', ...parts });
}

afterEach(async () => {
  await sender.close();
  await server.close();
});

const EVENT_STREAM = { ':status': 200, 'content-type': 'text/event-stream' };

function answer({ stream }: Http2Exchange): void {
  stream.respond(EVENT_STREAM);
  stream.end(REPLY);
}

describe('HTTP/2', () => {
  test('in clear text, by prior knowledge', async () => {
    await serve(answer);
    const { outcome, tape, reply } = await send(sender);
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(reply.answerText).toBe('Hello world');
    expect(tape).toMatchObject({ protocol: 'h2', status: 200, staleSocketRedials: 0 });
    expect(tape.connectedMs).toBeGreaterThan(0);
    expect(tape.headersMs).toBeGreaterThanOrEqual(tape.connectedMs ?? 0);
  });

  test('over TLS', async () => {
    const certificate = makeCertificate('IP:127.0.0.1');
    await serve(answer, { ca: certificate.cert }, certificate);
    const { outcome, tape } = await send(sender);
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(tape.protocol).toBe('h2');
  });

  test('an untrusted certificate: tls', async () => {
    await serve(answer, {}, makeCertificate('IP:127.0.0.1'));
    const { outcome } = await send(sender);
    expect(outcome.class).toBe('tls');
    expect(server.hits).toBe(0);
  });

  test('20 streams at once on one connection; who waited for it says so', async () => {
    await serve(async ({ stream }, wait) => {
      stream.respond(EVENT_STREAM);
      for (const piece of REPLY.split(/(?<=\n\n)/)) {
        stream.write(piece);
        await wait(10);
      }
      stream.end();
    });
    const all = await Promise.all(Array.from({ length: 20 }, () => send(sender)));
    expect(all.map(({ outcome }) => outcome.class)).toEqual(all.map(() => 'ok'));
    expect(all.every(({ tape }) => (tape.connectedMs ?? 0) > 0)).toBe(true);
    const later = await send(sender);
    expect(later.tape).toMatchObject({ connectedMs: 0, tcpMs: 0 });
    expect(server.sessions).toBe(1);
    expect(server.hits).toBe(21);
  });

  test('[DONE] with the stream left open ends the request, not the connection', async () => {
    await serve(({ stream }) => {
      stream.respond(EVENT_STREAM);
      stream.write(REPLY);
    });
    expect((await send(sender)).outcome.class).toBe('ok');
    expect((await send(sender)).tape.connectedMs).toBe(0);
    expect(server.sessions).toBe(1);
  });

  test('a refusal', async () => {
    await serve(({ stream }) => {
      stream.respond({ ':status': 403, 'content-type': 'application/json' });
      stream.end('{"error":{"message":"not yours"}}');
    });
    expect((await send(sender)).outcome).toEqual({ class: 'forbidden', message: 'not yours' });
  });

  test('an empty body', async () => {
    await serve(({ stream }) => stream.respond(EVENT_STREAM, { endStream: true }));
    expect((await send(sender)).outcome.class).toBe('empty');
  });

  test('a body that ends without a terminal: truncated', async () => {
    await serve(({ stream }) => {
      stream.respond(EVENT_STREAM);
      stream.end(HELLO);
    });
    expect((await send(sender)).outcome.class).toBe('truncated');
  });
});

describe('faults of HTTP/2', () => {
  const started = async (
    { stream }: Http2Exchange,
    wait: (ms: number) => Promise<void>,
  ): Promise<void> => {
    stream.respond(EVENT_STREAM);
    stream.write(HELLO);
    await wait(30);
  };

  test.each([0x2, 0x7, 0x8, 0xb])(
    'RST_STREAM with code %i: h2_stream, token kept',
    async (code) => {
      const { outcome, reply } = await playFrames(async (peer) => {
        await peer.write(Buffer.concat([frames.headers(), frames.data(HELLO)]));
        await peer.wait(30);
        await peer.write(frames.rstStream(code));
      });
      expect(outcome.class).toBe('h2_stream');
      expect(outcome.message).toContain(`code ${code}`);
      expect(reply.firstTokenMs).not.toBeNull();
    },
  );

  test('RST_STREAM after [DONE] does no harm', async () => {
    const { outcome } = await playFrames(async (peer) => {
      await peer.write(Buffer.concat([frames.headers(), frames.data(REPLY)]));
      await peer.write(frames.rstStream(0x8));
    });
    expect(outcome.class).toBe('ok');
  });

  test('GOAWAY that disowns the stream: h2_goaway', async () => {
    const { outcome } = await playFrames((peer) => peer.write(frames.goaway(0, 0)));
    expect(outcome.class, outcome.message ?? '').toBe('h2_goaway');
  });

  test('FIN before the headers: reset_pre_headers', async () => {
    const { outcome } = await playFrames((peer) => peer.fin());
    expect(outcome.class, outcome.message ?? '').toBe('reset_pre_headers');
  });

  test('RST_STREAM before the headers: h2_stream', async () => {
    await serve(({ stream }) => stream.close(0x7));
    const { outcome } = await send(sender);
    expect(outcome.class).toBe('h2_stream');
    expect(server.hits).toBe(1);
  });

  test('RST_STREAM of one stream leaves the others alone', async () => {
    await serve(async (exchange, wait) => {
      if (exchange.hit === 1) return exchange.stream.close(0x2);
      await started(exchange, wait);
      exchange.stream.end(REPLY);
    });
    const [one, other] = await Promise.all([send(sender), send(sender)]);
    expect([one?.outcome.class, other?.outcome.class]).toEqual(['h2_stream', 'ok']);
  });

  test('GOAWAY with an error: h2_goaway; the next request opens another connection', async () => {
    await serve(async (exchange, wait) => {
      if (exchange.hit > 1) return answer(exchange);
      await started(exchange, wait);
      exchange.stream.session?.goaway(0xb);
      await wait(20);
      exchange.socket.destroy();
    });
    const { outcome, reply } = await send(sender);
    expect(outcome.class).toBe('h2_goaway');
    expect(outcome.message).toMatch(/GOAWAY with code 11/);
    expect(reply.firstTokenMs).not.toBeNull();
    expect((await send(sender)).outcome.class).toBe('ok');
    expect(server.sessions).toBe(2);
  });

  test('a graceful GOAWAY lets the stream end, and moves the next one on', async () => {
    await serve(async (exchange, wait) => {
      if (exchange.hit > 1) return answer(exchange);
      await started(exchange, wait);
      exchange.stream.session?.goaway(0);
      await wait(20);
      exchange.stream.end(REPLY);
    });
    expect((await send(sender)).outcome.class).toBe('ok');
    expect((await send(sender)).outcome.class).toBe('ok');
    expect(server.sessions).toBe(2);
  });

  test('the socket is reset mid-stream: reset_mid_stream', async () => {
    await serve(async (exchange, wait) => {
      await started(exchange, wait);
      resetNow(exchange.socket);
    });
    const { outcome, reply } = await send(sender);
    expect(outcome.class, outcome.message ?? '').toBe('reset_mid_stream');
    expect(reply.firstTokenMs).not.toBeNull();
  });

  test('the socket is reset before the headers: reset_pre_headers', async () => {
    await serve(({ socket }) => resetNow(socket));
    const { outcome } = await send(sender);
    expect(outcome.class, outcome.message ?? '').toBe('reset_pre_headers');
    expect(server.hits).toBe(1);
  });

  test('the socket is closed mid-stream, without a word: truncated', async () => {
    await serve(async (exchange, wait) => {
      await started(exchange, wait);
      exchange.socket.end();
    });
    const { outcome } = await send(sender);
    expect(outcome.class, outcome.message ?? '').toBe('truncated');
  });

  test('a server of HTTP/1.1: protocol', async () => {
    const plain = await startFaultServer(() => {}, {
      onConnection: (peer) => void peer.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });
    sender = senderOf({ baseUrl: `http://127.0.0.1:${plain.port}/v1`, protocol: 'h2' });
    const { outcome } = await send(sender);
    expect(outcome.class, outcome.message ?? '').toBe('protocol');
    await plain.close();
  });

  test.each([
    ['ttft_timeout', { firstTokenMs: 150 }],
    ['stalled', { stallMs: 150 }],
  ] as const)('%s ends one stream, and leaves the connection', async (expected, limits) => {
    await serve(
      ({ stream, hit }) => {
        stream.respond(EVENT_STREAM);
        if (hit === 1) stream.write(expected === 'stalled' ? HELLO : ': wait\n\n');
        else stream.end(REPLY);
      },
      { limits },
    );
    const { outcome, tape } = await send(sender);
    expect(outcome.class).toBe(expected);
    expect(tape.end.atMs).toBeLessThan(400);
    expect((await send(sender)).outcome.class).toBe('ok');
    expect(server.sessions).toBe(1);
  });

  test('one request given up in the dial does not take the others with it', async () => {
    const certificate = makeCertificate('IP:127.0.0.1');
    await serve(answer, { ca: certificate.cert }, certificate);
    const first = sender.send(requestOf());
    const second = sender.send(requestOf());
    await new Promise((resolve) => setImmediate(resolve));
    first.abort('cancelled');
    expect((await read(await first.finished)).outcome.class).toBe('cancelled');
    expect((await read(await second.finished)).outcome).toEqual({ class: 'ok', message: null });
  });

  test('a dial that hangs is connect_timeout for each who waits, and let go', async () => {
    const deaf = await startFaultServer(() => {});
    const baseUrl = `https://127.0.0.1:${deaf.port}/v1`;
    sender = senderOf({ baseUrl, protocol: 'h2', limits: { connectMs: 150 } });
    const first = send(sender);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const both = await Promise.all([first, send(sender)]);
    expect(both.map(({ outcome }) => outcome.class)).toEqual([
      'connect_timeout',
      'connect_timeout',
    ]);
    await eventually(() => deaf.open() === 0, 'the socket is let go');
    await deaf.close();
  });
});
