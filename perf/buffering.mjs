// How well buffered streams are told from paced ones: real sockets, the product's own capture and
// decoding, the simulator, and proxies that buffer. Prints the table of docs/buffering.md.
//
//   node perf/buffering.mjs [--streams 1000] [--only WORDS]
//
// A proxy that flushes in pieces is held against what it wrote when, stream by stream. A stream during
// which this machine stood still for 20 ms, or the client's thread for so long on top of what it was
// kept busy, is left out and counted: it was bunched by neither model nor proxy.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Sender } from '../dist/capture/sender.js';
import { DEFAULT_REQUEST_LIMITS } from '../dist/config/settings.js';
import { dialectOf } from '../dist/decode/dialect.js';
import { inflateTape } from '../dist/decode/inflate.js';
import { decodeTape } from '../dist/decode/reply.js';
import { createRandom } from '../dist/random.js';
import { startSimulatorThread } from '../dist/simulator/start-thread.js';
import { watchStalls } from './stalls.mjs';

const { values: flags } = parseArgs({
  options: { streams: { type: 'string', default: '1000' }, only: { type: 'string', default: '' } },
});
const STREAMS = Number(flags.streams);
const MODEL = 'Qwen2.5-7B-chat';
const STALL_MS = 20;

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {number} msPerToken
 * @property {[number, number]} tokens of a reply, drawn evenly
 * @property {number} [several] share of chunks of 2 or 3 tokens
 * @property {number} [perFlush] tokens that the engine sends together
 * @property {number} [blockedMs] the client's own thread is busy so long, half of the time
 * @property {object} [buffering] see buffering-proxies.mjs; none: a paced stream
 * @property {string} [nginx] lines for a real nginx
 */

/** @type {[number, number]} */
const SHORT = [10, 30];
/** @type {[number, number]} */
const MIXED = [10, 150];

/** @type {Scenario[]} */
const PACED = [
  { name: '20 ms a token', msPerToken: 20, tokens: MIXED },
  { name: '10 ms a token', msPerToken: 10, tokens: MIXED },
  { name: '5 ms a token, short', msPerToken: 5, tokens: SHORT },
  { name: '3 ms a token, short', msPerToken: 3, tokens: SHORT },
  { name: '2 ms a token, short', msPerToken: 2, tokens: SHORT },
  { name: '5 ms, 1 to 3 tokens a chunk, short', msPerToken: 5, several: 0.8, tokens: SHORT },
  { name: '2 ms, 1 to 3 tokens a chunk, short', msPerToken: 2, several: 0.8, tokens: SHORT },
  { name: '5 ms, sent by 4 tokens, short', msPerToken: 5, perFlush: 4, tokens: SHORT },
  { name: '10 ms, sent by 8 tokens', msPerToken: 10, perFlush: 8, tokens: [30, 150] },
  {
    name: '3 ms, client busy for 5 ms at a time, short',
    msPerToken: 3,
    blockedMs: 5,
    tokens: SHORT,
  },
  {
    name: '3 ms, client busy for 10 ms at a time, short',
    msPerToken: 3,
    blockedMs: 10,
    tokens: SHORT,
  },
  { name: '10 ms, client busy for 20 ms at a time', msPerToken: 10, blockedMs: 20, tokens: MIXED },
];

/** @type {Scenario[]} */
const BUFFERED = [
  { name: 'whole, 2 ms, short', msPerToken: 2, tokens: SHORT, buffering: { kind: 'whole' } },
  { name: 'whole, 10 ms', msPerToken: 10, tokens: MIXED, buffering: { kind: 'whole' } },
  {
    name: 'whole, 10 ms, client busy',
    msPerToken: 10,
    tokens: MIXED,
    blockedMs: 5,
    buffering: { kind: 'whole' },
  },
  {
    name: 'whole, chunk by chunk at the end, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'chunks' },
  },
  {
    name: 'all but the first chunk, 5 ms, short',
    msPerToken: 5,
    tokens: SHORT,
    buffering: { kind: 'first' },
  },
  {
    name: 'all but the first chunk, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'first' },
  },
  { name: 'gzip without flush, 10 ms', msPerToken: 10, tokens: MIXED, buffering: { kind: 'gzip' } },
  {
    name: 'pieces of 4 KiB, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'bytes', bytes: 4096 },
  },
  {
    name: 'pieces of 8 KiB, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'bytes', bytes: 8192 },
  },
  {
    name: 'pieces of 16 KiB, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'bytes', bytes: 16384 },
  },
  {
    name: 'every 100 ms, 5 ms',
    msPerToken: 5,
    tokens: MIXED,
    buffering: { kind: 'timed', ms: 100 },
  },
  {
    name: 'every 250 ms, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'timed', ms: 250 },
  },
  {
    name: 'every 500 ms, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    buffering: { kind: 'timed', ms: 500 },
  },
  { name: 'nginx, buffering, 10 ms', msPerToken: 10, tokens: MIXED, nginx: 'proxy_buffering on;' },
  {
    name: 'nginx, buffering and gzip, 10 ms',
    msPerToken: 10,
    tokens: MIXED,
    nginx: 'proxy_buffering on; gzip on; gzip_types *; gzip_proxied any;',
  },
];

/**
 * As many streams as were asked for, those that were left out not counted; at most four rounds.
 * @param {Scenario} scenario
 */
async function measure(scenario) {
  const all = await measureOnce(scenario);
  for (let round = 1; round < 4 && all.verdicts.length < STREAMS; round++) {
    const more = await measureOnce(scenario);
    all.verdicts.push(...more.verdicts);
    all.leftOut += more.leftOut;
  }
  return all;
}

/** @param {Scenario} scenario */
async function measureOnce(scenario) {
  const simulator = await startSimulatorThread({
    changes: {
      latency: {
        overheadMs: 20,
        prefillBaseMs: 2,
        prefillMsPer1kTokens: 1,
        decodeMs: scenario.msPerToken,
        slowdownPerStream: 0,
        maxBatch: 1000,
        jitterSigma: 0.2,
      },
      habits: {
        severalTokensPerChunk: scenario.several ?? 0,
        tokensPerFlush: scenario.perFlush ?? 1,
        answerTokens: [160, 200],
      },
    },
  });
  const proxies = await proxiesOf(scenario, simulator.url);
  const blockedMs = scenario.blockedMs ?? 0;
  const machine = new Worker(new URL('stalls.mjs', import.meta.url), {
    workerData: { watchLimitMs: STALL_MS },
  });
  const stopBlocking = keepBusy(blockedMs);
  const ownStalls = watchStalls(STALL_MS + blockedMs);
  const tapes = await sendAll(scenario, proxies.at(-1)?.url ?? simulator.url);
  stopBlocking();
  machine.postMessage('stop');
  const [machineStalls] = await once(machine, 'message');
  const stalls = [...machineStalls, ...ownStalls()];
  const flushes = (await proxies.at(-1)?.flushes()) ?? new Map();
  for (const proxy of proxies.toReversed()) await proxy.close();
  await simulator.close();
  const kept = tapes.filter((tape) => !stalls.some((stall) => overlaps(tape, stall)));
  const verdicts = await Promise.all(kept.map((tape) => judge(tape, flushes.get(tape.requestId))));
  return { verdicts, leftOut: tapes.length - kept.length };
}

/** @param {import('../dist/capture/tape.js').Tape} tape @param {[number, number]} stall */
function overlaps({ originNs, end }, [fromMs, toMs]) {
  const startedMs = Number(originNs) / 1e6;
  return fromMs < startedMs + end.atMs && toMs > startedMs;
}

/** @param {import('../dist/capture/tape.js').Tape} tape @param {{ atMs: number, bytes: number }[] | undefined} flushes */
async function judge(tape, flushes) {
  const plain = await inflateTape(tape);
  const reply = decodeTape(plain, 'openai');
  const written = (flushes ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  const schedule =
    written > 0 && written === tape.body.length
      ? {
          ...tape,
          arrivalsMs: Float64Array.from(flushes ?? [], ({ atMs }) => atMs),
          arrivalBytes: Uint32Array.from(flushes ?? [], ({ bytes }) => bytes),
        }
      : null;
  return {
    tokens: reply.usage?.completionTokens ?? 0,
    flagged: reply.flags.includes('coalesced'),
    halfAtOnce: shareOfLastFlush(reply) >= 0.5,
    lastFlushShare:
      schedule === null
        ? null
        : shareOfLastFlush(decodeTape(await inflateTape(schedule), 'openai')),
  };
}

/** @param {import('../dist/decode/types.js').DecodedReply} reply */
function shareOfLastFlush({ tokenEvents, lastTokenMs }) {
  const bytes = tokenEvents.reduce((sum, { textBytes }) => sum + textBytes, 0);
  const last = tokenEvents.reduce(
    (sum, { atMs, textBytes }) => sum + (atMs >= (lastTokenMs ?? 0) - 5 ? textBytes : 0),
    0,
  );
  return last / bytes;
}

/** @param {Scenario} scenario @param {string} baseUrl */
async function sendAll({ tokens: [least, most], msPerToken }, baseUrl) {
  const random = createRandom('buffering');
  /** @type {import('../dist/capture/tape.js').Tape[]} */
  const tapes = [];
  let next = 0;
  const lane = async () => {
    while (next < STREAMS) {
      const requestId = `s${next++}`;
      const sender = new Sender({
        target: {
          baseUrl,
          path: '/chat/completions',
          apiKey: 'any',
          protocol: 'http/1.1',
          headers: { 'x-stream': requestId, 'accept-encoding': 'gzip' },
        },
        ca: undefined,
        limits: DEFAULT_REQUEST_LIMITS,
        carriesToken: dialectOf('openai').carriesToken,
        runOriginNs: process.hrtime.bigint(),
      });
      const recording = sender.send({
        requestId,
        model: MODEL,
        messages: [{ role: 'user', content: `Tell a story, number ${requestId}.` }],
        parameters: { max_tokens: random.integer(least, most) },
        scheduledAtMs: performance.now(),
        turnDelayMs: null,
      });
      tapes.push(await recording.finished);
      await sender.close();
    }
  };
  // As many at once as keep the machine from being the bottleneck: about 6,000 tokens a second.
  const lanes = Math.max(4, Math.min(60, Math.round(6 * msPerToken)));
  await Promise.all(Array.from({ length: lanes }, lane));
  return tapes;
}

/** Blocks this thread, which is the measuring one, at random for about half of the time. */
function keepBusy(/** @type {number} */ blockMs) {
  if (blockMs === 0) return () => {};
  const random = createRandom('busy');
  let stopped = false;
  const block = () => {
    if (stopped) return;
    const endMs = performance.now() + blockMs;
    while (performance.now() < endMs);
    setTimeout(block, 2 * blockMs * random.next());
  };
  block();
  return () => {
    stopped = true;
  };
}

/**
 * What stands between simulator and client, the last one nearest to the client. Behind a real nginx a
 * relay notes what it wrote when.
 * @param {Scenario} scenario
 * @param {string} upstreamUrl
 */
async function proxiesOf({ buffering, nginx }, upstreamUrl) {
  if (buffering !== undefined) return [await startProxy(buffering, upstreamUrl)];
  if (nginx === undefined) return [];
  const proxy = await startNginx(nginx, upstreamUrl);
  return [proxy, await startProxy({ kind: 'none' }, proxy.url)];
}

/** @param {object} buffering @param {string} upstreamUrl */
async function startProxy(buffering, upstreamUrl) {
  const worker = new Worker(new URL('buffering-proxies.mjs', import.meta.url), {
    workerData: { buffering, upstreamUrl },
  });
  const [{ url }] = await once(worker, 'message');
  return {
    url,
    flushes: async () => {
      worker.postMessage('flushes');
      const [told] = await once(worker, 'message');
      return told.flushes;
    },
    close: async () => void (await worker.terminate()),
  };
}

/** @param {string} lines @param {string} upstreamUrl */
async function startNginx(lines, upstreamUrl) {
  const folder = mkdtempSync(join(tmpdir(), 'tokentape-nginx-'));
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log;
events {}
http { access_log off; ${paths.join(' ')} keepalive_timeout 120s;
  server { listen 127.0.0.1:${port}; ${lines}
    location / { proxy_pass ${new URL(upstreamUrl).origin}; proxy_http_version 1.1;
      proxy_set_header connection ""; proxy_set_header accept-encoding ""; } } }`,
  );
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'log')], {
    stdio: 'ignore',
  });
  await sleep(500);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    flushes: async () => new Map(),
    close: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  return address.port;
}

/** @param {number} count @param {number} of */
const percent = (count, of) => (of === 0 ? 'n/a' : `${((100 * count) / of).toFixed(1)} %`);

/** @param {string} cells */
const row = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

const hasNginx = spawnSync('nginx', ['-v']).error === undefined;
const wanted = (/** @type {Scenario} */ { name, nginx }) => {
  if (nginx !== undefined && !hasNginx) process.stderr.write(`skipped, no nginx here: ${name}\n`);
  return name.includes(flags.only) && (nginx === undefined || hasNginx);
};

row('paced', 'left out', 'streams', 'half within 5 ms', 'flagged');
row('---', '---:', '---:', '---:', '---:');
for (const scenario of PACED.filter(wanted)) {
  const { verdicts, leftOut } = await measure(scenario);
  const flagged = verdicts.filter((one) => one.flagged).length;
  const half = verdicts.filter((one) => one.halfAtOnce).length;
  const { length } = verdicts;
  row(
    scenario.name,
    String(leftOut),
    String(length),
    percent(half, length),
    percent(flagged, length),
  );
}
row('buffered', 'left out', 'half or more in the last flush', 'flagged', 'less', 'flagged');
row('---', '---:', '---:', '---:', '---:', '---:');
for (const scenario of BUFFERED.filter(wanted)) {
  const { verdicts, leftOut } = await measure(scenario);
  const late = verdicts.filter(({ lastFlushShare: share }) => share === null || share >= 0.5);
  const spread = verdicts.filter((one) => !late.includes(one));
  const flaggedOf = (/** @type {typeof verdicts} */ some) =>
    some.filter((one) => one.flagged).length;
  row(
    scenario.name,
    String(leftOut),
    String(late.length),
    percent(flaggedOf(late), late.length),
    String(spread.length),
    percent(flaggedOf(spread), spread.length),
  );
}
