import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BodyPool } from '../../src/capture/body-pool.ts';
import { Recording } from '../../src/capture/recording.ts';
import { StreamScanner } from '../../src/capture/scanner.ts';
import type { Tape } from '../../src/capture/tape.ts';
import type { DialectName, RequestLimits } from '../../src/config/types.ts';
import { dialectOf } from '../../src/decode/dialect.ts';
import { inflateTape } from '../../src/decode/inflate.ts';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import type { OutcomeClass } from '../../src/decode/types.ts';
import { createRandom } from '../../src/random.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import {
  type FaultServer,
  framed,
  head,
  LAST_CHUNK,
  startFaultServer,
} from '../capture/fault-server.ts';
import { requestOf, senderOf } from '../capture/sending.ts';
import { startFaultEndpoints } from './endpoints.ts';
import { FAULT_SIZES, promptOf } from './fault.ts';
import { HEALTHY } from './rows.ts';
import { CUTS, type Cut, terminalStands } from './terminal.ts';

const LIMITS: RequestLimits = {
  connectMs: 10_000,
  firstTokenMs: 10_000,
  stallMs: 10_000,
  totalMs: 20_000,
  ...FAULT_SIZES,
};
const SOCKET_LIMITS = { ...LIMITS, firstTokenMs: 400, stallMs: 400 };
const SAMPLES_PER_TAPE = 6;
const SEED = process.env.FAULT_SEED ?? String(Math.floor(Math.random() * 1e9));

interface Recorded {
  name: string;
  dialect: DialectName;
  /** `ok` wherever its terminal came after a token; others are not even then. */
  sound: boolean;
  tape: Tape;
}

/** From the simulator, by fault (`none` is none), and path. */
const SIMULATED: readonly [name: string, fault: string | null, parts?: Simulated][] = [
  ['chat', null],
  ['thinking apart', null, { model: 'DeepSeek-R1' }],
  ['label', null, { model: 'Llama-Guard-3-8B' }],
  ['wrapper', null, { dialect: 'content' }],
  ['wrapper in CRLF', 'crlf', { dialect: 'content' }],
  ['BOM', 'bom'],
  ['finish without [DONE]', 'finish_no_done'],
  ['[DONE] without a blank line', 'done_without_blank_line'],
  ['no usage', 'no_usage'],
  ['comments', 'comments;ms=1'],
  ['gzip', 'gzip'],
  ['brotli', 'brotli'],
  ['line separators', 'u2028'],
];

interface Simulated {
  model?: string;
  dialect?: DialectName;
}

/** From the fault servers. */
const COMMITTED: readonly [name: string, sound: boolean][] = [
  ['bytewise-multibyte-crlf', true],
  ['cr', true],
  ['pings', true],
  ['usage', true],
  ['several-choices', true],
  ['text-after-finish', true],
  ['tool-calls', true],
  ['done-twice', true],
  ['deflate', true],
  ['invalid-utf8', true],
  ['error-then-done', false],
  ['error-after-finish', false],
  ['malformed-json', false],
  ['false-done', false],
  ['role-only', false],
];

let recorded: Recorded[] = [];

beforeAll(async () => {
  recorded = [...(await recordSimulator()), ...(await recordFaults())];
});

async function recordSimulator(): Promise<Recorded[]> {
  const simulator = await startSimulator({ profile: 'fast', seed: 'prefixes' });
  try {
    const tapes: Recorded[] = [];
    for (const [name, fault, parts = {}] of SIMULATED) {
      const { dialect = 'openai', model = 'Qwen2.5-7B-chat' } = parts;
      const baseUrl =
        dialect === 'content' ? simulator.url.replace(/v1$/, 'wrapper/v1') : simulator.url;
      const headers = fault === null ? {} : { 'x-simulate-fault': fault };
      const sender = senderOf({ baseUrl, headers });
      const tape = await sender.send(requestOf({ model, parameters: { max_tokens: 5 } })).finished;
      await sender.close();
      tapes.push({ name, dialect, sound: true, tape });
    }
    return tapes;
  } finally {
    await simulator.close();
  }
}

async function recordFaults(): Promise<Recorded[]> {
  const endpoints = await startFaultEndpoints();
  const sender = senderOf({ baseUrl: endpoints.baseUrl(HEALTHY, 'http') });
  try {
    const tapes: Recorded[] = [];
    for (const [name, sound] of COMMITTED) {
      const messages = [{ role: 'user' as const, content: promptOf({ name }, name) }];
      const tape = await sender.send(requestOf({ messages })).finished;
      tapes.push({ name, dialect: 'openai', sound, tape });
    }
    return tapes;
  } finally {
    await sender.close();
    await endpoints.close();
  }
}

/** What the bytes decode to, as far as they go. */
function decompressed(bytes: Uint8Array, coding: string | undefined): Uint8Array {
  const { Z_SYNC_FLUSH: finishFlush, BROTLI_OPERATION_FLUSH } = zlib.constants;
  if (coding === 'gzip') return zlib.gunzipSync(bytes, { finishFlush });
  if (coding === 'deflate') return zlib.inflateSync(bytes, { finishFlush });
  if (coding !== 'br') return bytes;
  return zlib.brotliDecompressSync(bytes, { finishFlush: BROTLI_OPERATION_FLUSH });
}

/** The class of a stream of these bytes that was cut so, as far as a recording decides. */
async function replay(
  { tape, dialect }: Recorded,
  bytes: Uint8Array,
  cut: Cut,
): Promise<OutcomeClass> {
  const { carriesToken } = dialectOf(dialect);
  const recording = new Recording({
    requestId: 'r1',
    scheduledAtMs: performance.now(),
    runOriginNs: 0n,
    turnDelayMs: null,
    limits: LIMITS,
    scanner: new StreamScanner(carriesToken, LIMITS),
    pool: new BodyPool(LIMITS.inFlightBytes),
  });
  recording.start();
  recording.connected(null, 'http/1.1');
  recording.headers(200, tape.headers, performance.now());
  // In two reads, cut anywhere.
  const half = (bytes.length * 7919) % (bytes.length + 1);
  recording.data(bytes.subarray(0, half), performance.now());
  recording.data(bytes.subarray(half), performance.now());
  const failed = { stage: 'body', message: 'cut' } as const;
  if (cut === 'clean') recording.complete();
  else if (cut === 'stalled') recording.abort('stalled');
  else recording.fail({ code: cut === 'reset' ? 'ECONNRESET' : 'truncated', ...failed });
  return classOf(await recording.finished, dialect);
}

async function classOf(tape: Tape, dialect: DialectName): Promise<OutcomeClass> {
  const plain = tape.headers['content-encoding'] === undefined ? tape : await inflateTape(tape);
  return outcomeOf(plain, decodeTape(plain, dialect)).class;
}

/** A prefix may be `ok` where its terminal stands in it, and must be where nothing else is wrong. */
function isWrong({ tape, sound }: Recorded, bytes: Uint8Array, cut: Cut, outcome: OutcomeClass) {
  const stands = terminalStands(decompressed(bytes, tape.headers['content-encoding']), cut);
  const isWhole = bytes.length === tape.body.length;
  return outcome === 'ok' ? !stands || (isWhole && !sound) : stands && sound;
}

describe('every prefix of a recorded stream', () => {
  test('the recordings are what they are to be', () => {
    expect(recorded.length).toBe(SIMULATED.length + COMMITTED.length);
    for (const { name, tape } of recorded) {
      expect(tape.status, name).toBe(200);
      expect(tape.body.length, name).toBeGreaterThan(30);
      const plain = decompressed(tape.body, tape.headers['content-encoding']);
      expect(terminalStands(plain, 'clean'), name).toBe(name !== 'false-done');
    }
  });

  test.each(CUTS)('%s: ok where its terminal had come, and nowhere else', async (cut) => {
    const wrong: string[] = [];
    let oks = 0;
    for (const one of recorded) {
      for (let length = 0; length <= one.tape.body.length; length++) {
        const bytes = one.tape.body.subarray(0, length);
        const outcome = await replay(one, bytes, cut);
        if (outcome === 'ok') oks += 1;
        // No time limit fires once `[DONE]` has come; where one did, nothing is `ok`.
        if (outcome !== 'stalled' && isWrong(one, bytes, cut, outcome)) {
          wrong.push(`${one.name} at ${length}: ${outcome}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(oks).toBeGreaterThan(recorded.length / 2);
  });
});

interface Sample {
  one: Recorded;
  bytes: Uint8Array;
  cut: Cut;
}

describe(`a sample of them over sockets, FAULT_SEED=${SEED}`, () => {
  let server: FaultServer;
  let samples: Sample[] = [];

  beforeAll(async () => {
    const random = createRandom(SEED).fork('prefixes');
    samples = recorded.flatMap((one) =>
      CUTS.flatMap((cut) =>
        Array.from({ length: SAMPLES_PER_TAPE }, (_, n): Sample => {
          const whole = one.tape.body.length;
          // The end is where it is decided.
          const length = n < 3 ? random.integer(0, whole) : whole - random.integer(0, 20);
          return { one, bytes: one.tape.body.subarray(0, Math.max(length, 0)), cut };
        }),
      ),
    );
    server = await startFaultServer(async (peer, { body }) => {
      const { one, bytes, cut } = samples[Number(/sample (\d+)\./.exec(body)?.[1])] as Sample;
      const { 'content-encoding': coding } = one.tape.headers;
      await peer.write(
        head({
          'transfer-encoding': 'chunked',
          ...(coding !== undefined && { 'content-encoding': coding }),
        }),
      );
      if (bytes.length > 0) await peer.write(framed(bytes));
      if (cut === 'clean') return peer.write(LAST_CHUNK);
      if (cut === 'stalled') return;
      await peer.wait(40);
      if (cut === 'reset') peer.reset();
      else peer.fin();
    });
  });
  afterAll(() => server.close());

  test('ok where its terminal had come, and nowhere else', async () => {
    const wrong: string[] = [];
    const senders = (['openai', 'content'] as const).map(
      (dialect) =>
        [
          dialect,
          senderOf({ baseUrl: `http://127.0.0.1:${server.port}/v1`, limits: SOCKET_LIMITS }),
        ] as const,
    );
    const sample = async (index: number): Promise<void> => {
      const { one, bytes, cut } = samples[index] as Sample;
      const sender = new Map(senders).get(one.dialect);
      const messages = [{ role: 'user' as const, content: `sample ${index}.` }];
      const tape = await sender?.send(requestOf({ messages })).finished;
      const outcome = await classOf(tape as Tape, one.dialect);
      if (isWrong(one, bytes, cut, outcome)) {
        wrong.push(`${one.name} at ${bytes.length} of ${one.tape.body.length}, ${cut}: ${outcome}`);
      }
    };
    let next = 0;
    const slot = async (): Promise<void> => {
      while (next < samples.length) await sample(next++);
    };
    await Promise.all(Array.from({ length: 48 }, slot));
    for (const [, sender] of senders) await sender.close();
    expect(wrong).toEqual([]);
  });
});
