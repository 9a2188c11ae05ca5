import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DECODED_FROM } from '../../src/decode/headers.ts';
import { inflateTape } from '../../src/decode/inflate.ts';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import { chunk, DONE, type TapeParts, tapeOf } from './tapes.ts';

const EVENTS = [chunk({ content: 'one ' }), chunk({ content: 'two' }), DONE];

const CODERS: [coding: string, create: () => zlib.Gzip | zlib.BrotliCompress][] = [
  ['gzip', () => zlib.createGzip()],
  ['x-gzip', () => zlib.createGzip()],
  ['deflate', () => zlib.createDeflate()],
  ['Deflate', () => zlib.createDeflateRaw()],
  ['br', () => zlib.createBrotliCompress()],
];

/** What a server sends that flushes its coder after each event; the last read ends the coding. */
async function codedReads(create: () => zlib.Gzip | zlib.BrotliCompress): Promise<Buffer[]> {
  const coder = create();
  const reads: Buffer[] = [];
  const taken = (): Buffer => coder.read() ?? Buffer.alloc(0);
  for (const event of EVENTS) {
    await new Promise<void>((resolve) => coder.write(event, () => coder.flush(resolve)));
    reads.push(taken());
  }
  const rest: Buffer[] = [];
  coder.on('data', (piece: Buffer) => rest.push(piece));
  await new Promise((resolve) => coder.on('end', resolve).end());
  return [...reads, Buffer.concat(rest)];
}

function coded(coding: string, reads: readonly Uint8Array[], parts: TapeParts = {}) {
  return tapeOf({
    headers: { 'content-type': 'text/event-stream', 'content-encoding': coding },
    reads: reads.map((read, i) => [10 * (i + 1), read] as const),
    ...parts,
  });
}

describe.each(CODERS)('%s', (coding, create) => {
  test('each byte arrives with the read that made it decodable', async () => {
    const tape = await inflateTape(coded(coding, await codedReads(create)));
    expect(Buffer.from(tape.body).toString()).toBe(EVENTS.join(''));
    expect(Array.from(tape.arrivalsMs)).toEqual([10, 20, 30, 40]);
    expect(Array.from(tape.arrivalBytes)).toEqual([...EVENTS.map((event) => event.length), 0]);
    const reply = decodeTape(tape, 'openai');
    expect(reply.tokenEvents.map((event) => event.atMs)).toEqual([10, 20]);
    expect(reply.flags).toEqual(['compressed']);
    expect(outcomeOf(tape, reply).class).toBe('ok');
  });

  test('in single bytes', async () => {
    const body = Buffer.concat(await codedReads(create));
    const tape = await inflateTape(
      coded(
        coding,
        Array.from(body, (byte) => Buffer.of(byte)),
      ),
    );
    expect(Buffer.from(tape.body).toString()).toBe(EVENTS.join(''));
  });

  test('a cut body gives what came of it', async () => {
    const [first, second] = await codedReads(create);
    const cut = coded(coding, [first as Buffer, (second as Buffer).subarray(0, 3)]);
    const tape = await inflateTape(cut);
    expect(
      Buffer.from(tape.body)
        .toString()
        .startsWith(EVENTS[0] as string),
    ).toBe(true);
    expect(tape.end).toEqual(cut.end);
    expect(outcomeOf(tape, decodeTape(tape, 'openai')).class).toBe('truncated');
  });
});

test('an identity tape is returned as it is, and so is a decoded one', async () => {
  const plain = tapeOf({ reads: [[1, DONE]] });
  expect(await inflateTape(plain)).toBe(plain);
  const once = await inflateTape(coded('gzip', [zlib.gzipSync(DONE)]));
  expect(once.headers).toMatchObject({ [DECODED_FROM]: 'gzip' });
  expect(await inflateTape(once)).toBe(once);
});

test('codings are undone from the last to the first', async () => {
  const body = zlib.gzipSync(zlib.brotliCompressSync(EVENTS.join('')));
  const tape = await inflateTape(coded('br, gzip', [body]));
  expect(Buffer.from(tape.body).toString()).toBe(EVENTS.join(''));
});

test('a read that holds far more than one buffer of the decoder', async () => {
  const body = `data: ${'x'.repeat(300_000)}\n\n`;
  const tape = await inflateTape(coded('gzip', [zlib.gzipSync(body), Buffer.alloc(0)]));
  expect(Array.from(tape.arrivalBytes)).toEqual([body.length, 0]);
});

test('no body', async () => {
  const tape = await inflateTape(coded('gzip', []));
  expect(tape.body).toHaveLength(0);
  expect(outcomeOf(tape, decodeTape(tape, 'openai')).class).toBe('empty');
});

describe('where decoding fails', () => {
  const bomb = [zlib.gzipSync(Buffer.alloc(10 * 1024 * 1024)), Buffer.from('never reached')];

  test('a bomb ends at the limit', async () => {
    const tape = await inflateTape(coded('gzip', bomb), 1024 * 1024);
    expect(tape.body.length).toBeLessThanOrEqual(1024 * 1024);
    expect(tape.end).toMatchObject({ atMs: 10, how: 'abort', code: 'limit_exceeded' });
    expect(outcomeOf(tape, decodeTape(tape, 'openai')).class).toBe('limit_exceeded');
    expect(tape.cut).toEqual({ bytes: 0, reads: 0 });
  });

  test('of what the client ended, the first half MiB', async () => {
    const end = { how: 'abort', code: 'stalled' } as const;
    const long = await inflateTape(coded('gzip', bomb, { end }));
    expect(long.body).toHaveLength(512 * 1024);
    expect(long.cut).toEqual({ bytes: 0, reads: 0 });
    const cut = { bytes: 1, reads: 1 };
    expect((await inflateTape(coded('gzip', bomb, { end, cut }))).cut).toEqual(cut);
    const short = await inflateTape(coded('gzip', [zlib.gzipSync(EVENTS.join(''))], { end }));
    expect(Buffer.from(short.body).toString()).toBe(EVENTS.join(''));
    expect(short.cut).toBeUndefined();
  });

  test('a broken body is no proper HTTP, up to the break', async () => {
    const [first] = await codedReads(() => zlib.createGzip());
    const tape = await inflateTape(coded('gzip', [first as Buffer, Buffer.alloc(64, 0xff)]));
    expect(Buffer.from(tape.body).toString()).toBe(EVENTS[0]);
    expect(outcomeOf(tape, decodeTape(tape, 'openai'))).toMatchObject({
      class: 'protocol',
      message: expect.stringContaining('the compressed body is broken'),
    });
  });

  test('an unknown coding', async () => {
    const tape = await inflateTape(coded('compress', [Buffer.from('x')]));
    expect(outcomeOf(tape, decodeTape(tape, 'openai'))).toEqual({
      class: 'protocol',
      message: expect.stringContaining('content-encoding compress cannot be decoded'),
    });
  });

  test('an end of the transport stays', async () => {
    const end = { how: 'error', code: 'ECONNRESET', stage: 'body' } as const;
    const tape = await inflateTape(coded('gzip', bomb, { end }), 1024);
    expect(tape.end).toMatchObject(end);
  });
});
