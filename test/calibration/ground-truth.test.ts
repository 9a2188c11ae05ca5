import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { type GroundTruth, startGroundTruth } from '../../src/calibration/ground-truth.ts';
import { type SenderOptions, startSender } from '../../src/calibration/sender.ts';

async function withTruth<T>(
  options: SenderOptions,
  use: (truth: GroundTruth) => Promise<T>,
): Promise<T> {
  const truth = await startGroundTruth(options);
  try {
    return await use(truth);
  } finally {
    await truth.close();
  }
}

const post = (url: string, body: object) =>
  fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });

const instantsIn = (text: string): bigint[] =>
  [...text.matchAll(/"content":"(\d{19}) /g)].map(([, digits]) => BigInt(digits as string));

async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = performance.now() + 5000; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("streams to the openai client, each chunk with an instant between the client's own", async () => {
  await withTruth({ schedule: { ratePerSecond: 500, chunks: 40 } }, async ({ url }) => {
    const client = new OpenAI({ baseURL: url, apiKey: 'any' });
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['ground-truth']);
    const startedNs = process.hrtime.bigint();
    const stream = await client.chat.completions.create({
      model: 'ground-truth',
      messages: [{ role: 'user', content: 'Go.' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const instants: bigint[] = [];
    let usage: unknown;
    let finish: string | null | undefined;
    for await (const part of stream) {
      const content = part.choices[0]?.delta.content;
      if (content) instants.push(BigInt(content.trim()));
      finish = part.choices[0]?.finish_reason ?? finish;
      usage = part.usage ?? usage;
    }
    expect(instants).toHaveLength(40);
    expect(instants).toEqual(instants.toSorted((a, b) => Number(a - b)));
    const [first, last] = [instants[0] as bigint, instants[39] as bigint];
    expect(first).toBeGreaterThan(startedNs - 20_000n);
    expect(last).toBeLessThan(process.hrtime.bigint() + 20_000n);
    // 39 periods of 2 ms; no chunk is sent before it is due.
    expect(Number(last - first) / 1e6).toBeGreaterThan(70);
    expect(finish).toBe('stop');
    expect(usage).toMatchObject({ completion_tokens: 40 });
  });
});

test('a request may set its own schedule, and is told where it makes no sense', async () => {
  await withTruth({}, async ({ url }) => {
    const ground_truth = {
      pace: 'bursts',
      burst: 4,
      ratePerSecond: 1000,
      chunks: 10,
      chunkBytes: 400,
    };
    const text = await (await post(url, { stream: true, ground_truth })).text();
    expect(instantsIn(text)).toHaveLength(10);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const sizes = text
      .split('\n\n')
      .filter((event) => /"content":"\d/.test(event))
      .map((event) => event.length + 2);
    expect(new Set(sizes)).toEqual(new Set([400]));
    const refused = await post(url, { stream: true, ground_truth: { pace: 'slow' } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('pace slow');
    expect((await post(url, { stream: false })).status).toBe(400);
    expect((await post(url, [])).status).toBe(400);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });
});

test('sends again on the same connection, after a body in chunks and byte by byte too', async () => {
  await withTruth({ schedule: { ratePerSecond: 1000, chunks: 3 } }, async (truth) => {
    const socket = connect(Number(new URL(truth.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    const ended = () => text.split('\r\n0\r\n\r\n').length - 1;
    const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n';
    for (const byte of `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"str\r\nd\r\neam": true  }\r\n0\r\n\r\n`) {
      socket.write(byte);
    }
    await eventually(() => ended() === 1);
    const body = '{"stream":true}';
    const second = `${head}content-length: ${body.length}\r\n\r\n${body}`;
    // Two at once: the second waits for the first.
    socket.write(second + second);
    await eventually(() => ended() === 3);
    expect(instantsIn(text)).toHaveLength(9);
    expect(await truth.stats()).toMatchObject({ chunks: 9, streamsFinished: 3, streamsOpen: 0 });
    socket.destroy();
  });
});

test('holds chunks back from a client that does not read, loses none and says so', async () => {
  const chunks = 60_000;
  await withTruth({ schedule: { pace: 'flooded', burst: 16, chunks } }, async (truth) => {
    const socket = connect({ port: Number(new URL(truth.url).port), host: '127.0.0.1' });
    const body = '{"stream":true}';
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let before = -1;
    await eventually(async () => {
      const now = (await truth.stats()).chunks;
      const still = now > 0 && now === before;
      before = now;
      return still;
    });
    expect(before).toBeLessThan(chunks);
    const pieces: Buffer[] = [];
    socket.on('data', (piece) => pieces.push(piece));
    await once(socket, 'end');
    const instants = instantsIn(Buffer.concat(pieces).toString('latin1'));
    expect(instants).toHaveLength(chunks);
    expect(
      instants.every((ns, index) => index === 0 || ns >= (instants[index - 1] as bigint)),
    ).toBe(true);
    const stats = await truth.stats({ reset: true });
    expect(stats.chunks).toBe(chunks);
    expect(stats.heldChunks).toBeGreaterThan(0);
    expect(stats.cpuUs).toBeGreaterThan(0);
    expect(await truth.stats()).toMatchObject({ chunks: 0, heldChunks: 0, streamsStarted: 0 });
  });
});

test('forgets a client that leaves', async () => {
  await withTruth({ schedule: { ratePerSecond: 100, chunks: 1_000_000 } }, async (truth) => {
    const leave = new AbortController();
    const response = await fetch(`${truth.url}/chat/completions`, {
      method: 'POST',
      body: '{"stream":true}',
      signal: leave.signal,
    });
    expect(response.status).toBe(200);
    expect(await truth.stats()).toMatchObject({ streamsOpen: 1 });
    leave.abort();
    await eventually(async () => (await truth.stats()).streamsOpen === 0);
    const { chunks, streamsFinished } = await truth.stats();
    expect(streamsFinished).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await truth.stats()).chunks).toBe(chunks);
  });
});

test('keeps the rate of many streams together, however they begin', async () => {
  await withTruth({ schedule: { ratePerSecond: 100, chunks: 20 } }, async (truth) => {
    const texts = await Promise.all(
      Array.from({ length: 50 }, async () => (await post(truth.url, { stream: true })).text()),
    );
    for (const text of texts) expect(instantsIn(text)).toHaveLength(20);
    const stats = await truth.stats();
    expect(stats).toMatchObject({ chunks: 1000, heldChunks: 0, streamsFinished: 50 });
    expect(stats.lateness.maxMs).toBeGreaterThanOrEqual(stats.lateness.p50Ms);
  });
});

test('says why it cannot start', async () => {
  await withTruth({}, async ({ url }) => {
    const port = Number(new URL(url).port);
    await expect(startGroundTruth({ port })).rejects.toMatchObject({ exitCode: 2 });
    await expect(startSender({ port })).rejects.toMatchObject({ exitCode: 2 });
  });
  const schedule = { ratePerSecond: -1 };
  await expect(startGroundTruth({ schedule })).rejects.toThrow('ratePerSecond');
});

test('ends with the process that started it', async () => {
  const code = `
    import { startGroundTruth } from './dist/calibration/ground-truth.js';
    const { pid } = await startGroundTruth();
    console.log(pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code]);
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  // Nothing keeps the parent, so it ends by itself.
  await once(parent, 'exit');
  const pid = Number(printed.toString());
  expect(pid).toBeGreaterThan(0);
  await eventually(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
});
