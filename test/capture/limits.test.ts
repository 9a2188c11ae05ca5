import { describe, expect, test } from 'vitest';
import { BodyPool } from '../../src/capture/body-pool.ts';
import { Recording } from '../../src/capture/recording.ts';
import { StreamScanner } from '../../src/capture/scanner.ts';
import type { RequestLimits } from '../../src/config/types.ts';
import { dialectOf } from '../../src/decode/dialect.ts';
import type { OutcomeClass } from '../../src/decode/types.ts';
import { CHUNKED, framed, head, type Peer, type Play, startFaultServer } from './fault-server.ts';
import { HELLO, play, REPLY, ROLE, read, requestOf, senderOf } from './sending.ts';

/** Late by more than this on a busy machine would be a bug, not a hiccup. */
const LATE_MS = 250;

const streaming =
  (then: (peer: Peer) => unknown): Play =>
  async (peer) => {
    await peer.write(head(CHUNKED));
    await then(peer);
  };

async function keepWriting(peer: Peer, text: string, everyMs: number): Promise<void> {
  while (peer.socket.writable) {
    await peer.write(framed(text));
    await peer.wait(everyMs);
  }
}

/** Keeps the event loop from turning. */
function holdUp(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

interface TimeLimit {
  what: string;
  serve: Play;
  limits: Partial<RequestLimits>;
  expected: OutcomeClass;
  /** Since the start of the request; for a stall, since the last progress. */
  firesMs: number;
  ttft: boolean;
}

const TIME_LIMITS: TimeLimit[] = [
  {
    what: 'no headers',
    serve: () => {},
    limits: { firstTokenMs: 150 },
    expected: 'ttft_timeout',
    firesMs: 150,
    ttft: false,
  },
  {
    what: 'headers, and no event',
    serve: streaming(() => {}),
    limits: { firstTokenMs: 150 },
    expected: 'ttft_timeout',
    firesMs: 150,
    ttft: false,
  },
  {
    what: 'role chunks, and no token',
    serve: streaming((peer) => keepWriting(peer, ROLE, 20)),
    limits: { firstTokenMs: 200, stallMs: 100 },
    expected: 'ttft_timeout',
    firesMs: 200,
    ttft: false,
  },
  {
    what: 'comments, and no token',
    serve: streaming((peer) => keepWriting(peer, ': keep-alive\n\n', 20)),
    limits: { firstTokenMs: 200 },
    expected: 'ttft_timeout',
    firesMs: 200,
    ttft: false,
  },
  {
    what: 'a stall after a token',
    serve: streaming((peer) => peer.write(framed(HELLO))),
    limits: { stallMs: 150 },
    expected: 'stalled',
    firesMs: 150,
    ttft: true,
  },
  {
    what: 'a stall that comments keep company',
    serve: streaming(async (peer) => {
      await peer.write(framed(HELLO));
      await keepWriting(peer, ': OPENROUTER PROCESSING\n\n', 20);
    }),
    limits: { stallMs: 150 },
    expected: 'stalled',
    firesMs: 150,
    ttft: true,
  },
  {
    what: 'a stall after finish_reason',
    serve: streaming((peer) => peer.write(framed(REPLY.replace('data: [DONE]\n\n', '')))),
    limits: { stallMs: 150 },
    expected: 'stalled',
    firesMs: 150,
    ttft: true,
  },
  {
    what: 'text without end',
    serve: streaming((peer) => keepWriting(peer, HELLO, 20)),
    limits: { stallMs: 150, totalMs: 300 },
    expected: 'total_timeout',
    firesMs: 300,
    ttft: true,
  },
];

describe('limits of time', () => {
  test.each(TIME_LIMITS)('$what: $expected', async (limit) => {
    const { outcome, tape, reply } = await play(limit.serve, { limits: limit.limits });
    expect(outcome.class).toBe(limit.expected);
    expect(outcome.message).toMatch(/after \d+\.\d s/);
    expect(tape.end).toMatchObject({ how: 'abort', code: limit.expected });
    expect(reply.firstTokenMs !== null).toBe(limit.ttft);
    const origin = limit.expected === 'stalled' ? (reply.lastTokenMs ?? 0) : 0;
    expect(tape.end.atMs - origin).toBeGreaterThanOrEqual(limit.firesMs - 1);
    expect(tape.end.atMs - origin).toBeLessThan(limit.firesMs + LATE_MS);
  });

  test('progress keeps a slow stream alive for longer than the stall limit', async () => {
    const { outcome, tape } = await play(
      async (peer) => {
        await peer.write(head(CHUNKED));
        for (const piece of REPLY.split(/(?<=\n\n)/)) {
          await peer.write(framed(piece));
          await peer.wait(80);
        }
      },
      { limits: { stallMs: 200 } },
    );
    expect(outcome.class).toBe('ok');
    expect(tape.end.atMs).toBeGreaterThan(200);
  });

  test('what comes while the thread is held up is taken before a limit is kept', async () => {
    const limits = { connectMs: 50, firstTokenMs: 50, stallMs: 50, totalMs: 5000 };
    const sizes = { bodyBytes: 1e6, eventBytes: 1e6, events: 1000, headerBytes: 1000 };
    const recording = new Recording({
      requestId: 'r1',
      scheduledAtMs: performance.now(),
      runOriginNs: process.hrtime.bigint(),
      turnDelayMs: null,
      limits: { ...limits, ...sizes, inFlightBytes: 1e6 },
      pool: new BodyPool(1e6),
      scanner: new StreamScanner(dialectOf('openai').carriesToken, sizes),
    });
    recording.start();
    recording.connected(null, 'http/1.1');
    recording.headers(200, { 'content-type': 'text/event-stream' }, performance.now());
    recording.data(Buffer.from(HELLO), performance.now());
    const arrive = (): void => recording.data(Buffer.from(REPLY), performance.now());
    // Stands for input: after the timers that are due by then.
    await new Promise((resolve) => setTimeout(resolve, 20));
    setImmediate(() => {
      setImmediate(arrive);
      holdUp(200);
    });
    const { outcome } = await read(await recording.finished);
    expect(outcome).toEqual({ class: 'ok', message: null });
  });

  test('a reply in time is not touched by a short connect limit', async () => {
    const { outcome } = await play(
      async (peer) => {
        await peer.wait(150);
        await peer.write(head(CHUNKED) + framed(REPLY).toString());
      },
      { limits: { connectMs: 60 } },
    );
    expect(outcome.class).toBe('ok');
  });
});

describe('giving up', () => {
  test('an abort ends the request at once and closes its socket', async () => {
    const server = await startFaultServer(streaming((peer) => peer.write(framed(HELLO))));
    const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
    const recording = sender.send(requestOf());
    expect(await recording.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 30));
    recording.abort('cancelled');
    const { outcome, reply } = await read(await recording.finished);
    expect(outcome.class).toBe('cancelled');
    expect(reply.firstTokenMs).not.toBeNull();
    await expect.poll(() => server.open()).toBe(0);
    await sender.close();
    await server.close();
  });

  test.each(['cancelled', 'limit_exceeded'] as const)(
    'a reply that had its [DONE] is whole, and not %s',
    async (code) => {
      const server = await startFaultServer(streaming((peer) => peer.write(framed(REPLY))));
      const seen: Uint8Array[] = [];
      const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
      const recording = sender.send(requestOf({ onBytes: (bytes) => seen.push(bytes) }));
      await expect.poll(() => Buffer.concat(seen).toString(), { interval: 5 }).toBe(REPLY);
      recording.abort(code);
      const { outcome, reply, tape } = await read(await recording.finished);
      expect(outcome).toEqual({ class: 'ok', message: null });
      expect(reply.terminal).toBe('done');
      expect(tape.end).toMatchObject({ how: 'done', code: null });
      await expect.poll(() => server.open()).toBe(0);
      await sender.close();
      await server.close();
    },
  );

  test('an abort before anything was sent sends nothing', async () => {
    const server = await startFaultServer((peer) => peer.write(head()));
    const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
    const recording = sender.send(requestOf());
    recording.abort('cancelled');
    const tape = await recording.finished;
    expect(await recording.status).toBeNull();
    expect(tape.end).toMatchObject({ how: 'abort', code: 'cancelled', atMs: 0 });
    expect(tape.startedMs).toBeGreaterThanOrEqual(0);
    expect(tape.scheduledMs).toBeLessThanOrEqual(0);
    expect(tape.scheduledMs).toBeGreaterThan(-1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections).toBe(0);
    await sender.close();
    await server.close();
  });
});
