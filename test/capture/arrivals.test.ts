import { describe, expect, test, vi } from 'vitest';
import type { Tape } from '../../src/capture/tape.ts';
import { CHUNKED, framed, head, LAST_CHUNK, startFaultServer, whole } from './fault-server.ts';
import { eventually, play, REPLY, read, requestOf, senderOf } from './sending.ts';

function expectWellFormed(tape: Tape): void {
  expect(tape.arrivalsMs.length).toBe(tape.arrivalBytes.length);
  expect(tape.arrivalBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(tape.body.length);
  const ascending = [...tape.arrivalsMs].every(
    (ms, i) => i === 0 || ms > (tape.arrivalsMs[i - 1] ?? 0),
  );
  expect(ascending).toBe(true);
  expect(tape.arrivalsMs[0] ?? 0).toBeGreaterThanOrEqual(tape.headersMs ?? 0);
  expect(tape.headersMs ?? 0).toBeGreaterThanOrEqual(tape.connectedMs ?? 0);
}

describe('arrivals', () => {
  test('have an entry for each read, at its instant', async () => {
    const pieces = REPLY.split(/(?<=\n\n)/);
    const { tape, reply } = await play(async (peer) => {
      await peer.write(head(CHUNKED));
      for (const piece of pieces) {
        await peer.wait(25);
        await peer.write(framed(piece));
      }
      await peer.write(LAST_CHUNK);
    });
    expectWellFormed(tape);
    expect([...tape.arrivalBytes]).toEqual(pieces.map((piece) => Buffer.byteLength(piece)));
    expect(reply.lastTokenMs ?? 0).toBeGreaterThan((reply.firstTokenMs ?? 0) + 15);
  });

  test('several chunks of one read share its instant', async () => {
    const { tape } = await play(async (peer) => {
      const pieces = REPLY.split(/(?<=\n\n)/).map((piece) => framed(piece).toString());
      await peer.write(head(CHUNKED) + pieces.join('') + LAST_CHUNK);
    });
    expectWellFormed(tape);
    expect(tape.arrivalsMs.length).toBe(1);
    // Headers came in the same read.
    expect(tape.arrivalsMs[0]).toBe(tape.headersMs);
  });

  test('of a stream written byte by byte, with CRLF and multibyte text split', async () => {
    const body = Buffer.from(
      REPLY.replace('Hello', 'こんにちは \u{1f600}').replaceAll('\n', '\r\n'),
    );
    const { tape, reply, outcome } = await play(async (peer) => {
      const bytes = Buffer.concat([
        Buffer.from(head({ 'content-length': String(body.length) })),
        body,
      ]);
      for (let i = 0; i < bytes.length; i++) {
        await peer.write(bytes.subarray(i, i + 1));
        if (i % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(outcome).toEqual({ class: 'ok', message: null });
    expect(reply.answerText).toBe('こんにちは \u{1f600} world');
    expect(Buffer.from(tape.body)).toEqual(body);
    expectWellFormed(tape);
    expect(tape.arrivalsMs.length).toBeGreaterThan(20);
  });

  test('the BOM is kept in the body', async () => {
    const { tape } = await play((peer) => peer.write(whole(`\ufeff${REPLY}`)));
    expect([...tape.body.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  test('origin and started are one instant, on the clock of all processes', async () => {
    const beforeNs = process.hrtime.bigint();
    const { tape } = await play((peer) => peer.write(whole(REPLY)));
    const originNs = BigInt(tape.originNs);
    expect(originNs).toBeGreaterThan(beforeNs);
    expect(originNs).toBeLessThan(process.hrtime.bigint());
    expect(tape.startedMs).toBeGreaterThan(0);
    expect(tape.startedMs).toBeLessThan(5000);
    expect(tape.scheduledMs).toBeLessThanOrEqual(0);
  });
});

test('a step of the wall clock moves nothing', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(0);
  const { tape, outcome } = await play(async (peer) => {
    await peer.write(head(CHUNKED) + framed(REPLY).toString());
    clock.mockReturnValue(4e12);
    await peer.wait(20);
    await peer.write(LAST_CHUNK);
  });
  clock.mockRestore();
  expect(outcome.class).toBe('ok');
  expectWellFormed(tape);
  expect(tape.end.atMs).toBeLessThan(2000);
});

test('200 streams at once: all whole, no socket left, nothing unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const server = await startFaultServer(async (peer, _request, hit) => {
    await peer.write(head(CHUNKED));
    for (const piece of REPLY.split(/(?<=\n\n)/)) {
      await peer.wait(5);
      // One in ten dies in the middle.
      if (hit % 10 === 0 && piece.includes('world')) return peer.reset();
      await peer.write(framed(piece));
    }
    await peer.write(LAST_CHUNK);
  });
  const sender = senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1` });
  for (let round = 0; round < 2; round++) {
    const recordings = Array.from({ length: 200 }, () => sender.send(requestOf()));
    const sent = await Promise.all(
      recordings.map(async (recording) => read(await recording.finished)),
    );
    for (const { tape } of sent) expectWellFormed(tape);
    const classes = sent.map(({ outcome }) => outcome.class);
    expect(classes.filter((one) => one === 'ok').length).toBe(180);
    expect(classes.filter((one) => one === 'reset_mid_stream').length).toBe(20);
  }
  expect(server.hits).toBe(400);
  expect(server.connections).toBe(220);
  await sender.close();
  await eventually(() => server.open() === 0, 'every socket is closed');
  await server.close();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('2 MiB in one event cost the same per byte as a little', async () => {
  const text = 'x'.repeat(2 * 1024 * 1024);
  const event = `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
  const { outcome, tape, reply } = await play((peer) =>
    peer.write(whole(`${event}data: [DONE]\n\n`)),
  );
  expect(outcome.class).toBe('ok');
  expect(reply.answerText.length).toBe(text.length);
  expect(tape.end.atMs).toBeLessThan(2000);
});
