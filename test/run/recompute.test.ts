import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { definitionsOf } from '../../src/definitions/index.ts';
import { buildPlan, withNonces } from '../../src/plan/plan.ts';
import { byDefinitions } from '../../src/run/by-definitions.ts';
import { type Recomputed, recomputeRun } from '../../src/run/recompute.ts';
import { createRedactor } from '../../src/secrets.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { readPlan, writePlan } from '../../src/store/plan-file.ts';
import { openRun } from '../../src/store/read.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import { openTokenizer } from '../../src/tokens/tokenizer.ts';
import { scratchFolder } from '../store/scratch.ts';
import { fixturePath } from '../tokens/fixtures.ts';
import {
  caseOf,
  type FinishedRun,
  modelOf,
  runOnce,
  settingsOf,
  suiteOf,
  targetOf,
} from './running.ts';

const QWEN = 'Qwen2.5-7B-chat';
const R1 = 'DeepSeek-R1';
const KEY = 'sk-canary-0123456789';
const DERIVED = ['requests.ndjson', 'summary.json', 'summary.csv', 'requests.csv'] as const;

const scratch = scratchFolder();
let folders = 0;
const freshDir = (): string => path.join(scratch, String(folders++));

const simulators: Simulator[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(simulators.splice(0).map((one) => one.close()));
  for (const one of servers.splice(0)) one.close();
});
async function simulate(options: Parameters<typeof startSimulator>[0] = {}): Promise<string> {
  const simulator = await startSimulator({ profile: 'fast', ...options });
  simulators.push(simulator);
  return simulator.url;
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]),
  );

/** Takes away all that is derived, but for the records, and derives it again. */
async function again({ folder }: FinishedRun): Promise<Recomputed> {
  const before = contents(folder.path);
  for (const name of DERIVED.slice(1)) rmSync(path.join(folder.path, name));
  const recomputed = await recomputeRun(await openRun(folder.path, scratch));
  const after = contents(folder.path);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const name of Object.keys(before)) expect(after[name], name).toBe(before[name]);
  return recomputed;
}

const cases = (count: number, turns = 1) =>
  Array.from({ length: count }, (_, n) =>
    caseOf(
      `case-${n}`,
      Array.from({ length: turns }, (_each, turn) => `Say ${n}, turn ${turn}.`),
    ),
  );
const price = { input_per_mtok: 1.25, output_per_mtok: 5 };

describe('recomputing gives the bytes that the run wrote', () => {
  test('of several suites and targets, with warm-up, prices and objectives', async () => {
    const targets = [
      targetOf(await simulate(), [modelOf(QWEN, { price }), modelOf(R1)], { name: 'one' }),
      targetOf(await simulate({ seed: 'other' }), [modelOf(QWEN)], { name: 'two' }),
    ];
    const run = await runOnce(
      [suiteOf(cases(8), 'first'), suiteOf(cases(5), 'second')],
      targets,
      settingsOf(freshDir(), { warmup: 2, repeat: 2, slo: { ttft_ms: 500 } }),
    );
    expect(run.rows).toHaveLength(6);
    expect(await again(run)).toMatchObject({
      records: 6 * 2 + 3 * 2 * (8 + 5),
      kept: { no_tape: 0, blanked: 0 },
    });
  });

  test.each([
    'reset_pre_headers',
    'reset_mid_stream',
    'truncated',
    'truncated_json',
    'truncated_chunked',
    '429',
    '503',
    'html',
    'empty',
    'stream_error_after',
    'malformed_json',
    'invalid_utf8',
    'split_bytes',
    'crlf',
    'duplicate_done',
    'reset_after_done',
    'done_without_blank_line',
    'no_usage',
    'wrong_usage',
    'comments',
    'bom',
    'buffered',
    'gzip',
    'brotli',
    'two_choices',
    'no_tokens',
    'echo_key',
    'think_close_only',
  ] as const)('of replies with the fault %s', async (fault) => {
    const url = await simulate({ faults: [{ fault, nth: 2 }] });
    const run = await runOnce(
      [suiteOf(cases(3))],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir()),
    );
    expect((await again(run)).records).toBe(3);
  });

  test('of conversations, one of which breaks off', async () => {
    const url = await simulate({ faults: [{ fault: 'truncated', nth: 2 }] });
    const run = await runOnce(
      [suiteOf(cases(4, 3))],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir()),
    );
    expect(run.rows[0]?.requests.skipped).toBeGreaterThan(0);
    await again(run);
  });

  test.each(['parallel', 'interleaved', 'sequential'] as const)(
    'of a run bounded by time, whose passes over the cases are beyond its plan: %s',
    async (order) => {
      const url = await simulate();
      const run = await runOnce(
        [suiteOf(cases(2)), suiteOf(cases(1, 2), 'talks')],
        [targetOf(url, [modelOf(QWEN), modelOf(R1)])],
        settingsOf(freshDir(), {
          order,
          repeat: 2,
          runLimits: { durationMs: 1200, requests: null, outputTokens: null, costUsd: null },
        }),
      );
      expect(run.records.some(({ request_id }) => request_id.includes('.'))).toBe(true);
      expect(Math.max(...run.records.map(({ repeat }) => repeat))).toBeGreaterThan(1);
      await again(run);
    },
  );

  test('of a run that was stopped', async () => {
    const url = await simulate({ profile: 'slow' });
    const run = await runOnce(
      [suiteOf(cases(6))],
      [targetOf(url, [modelOf(R1)])],
      settingsOf(freshDir()),
      (started) => {
        const poll = setInterval(() => {
          if (started.progress.snapshot().models.every(({ inFlight }) => inFlight === 0)) return;
          clearInterval(poll);
          started.stop('interrupted', 'SIGINT');
        }, 10);
      },
    );
    expect(run.manifest.interrupted).toBe('SIGINT');
    expect(run.rows[0]?.requests.cancelled).toBeGreaterThan(0);
    await again(run);
  });

  test('of a model that the key does not open, and of one left out', async () => {
    const url = await simulate({ keys: { [KEY]: [QWEN, R1] } });
    const run = await runOnce(
      [suiteOf(cases(4))],
      [targetOf(url, [modelOf(QWEN), modelOf('Llama-3.1-8B-Instruct'), modelOf(R1)])],
      settingsOf(freshDir()),
      (started) => started.skip({ target: 'market', model: R1 }),
    );
    expect(run.rows.map(({ skipped_reason }) => skipped_reason !== null)).toEqual([
      false,
      true,
      true,
    ]);
    await again(run);
  });

  test('without the texts, where the run was told not to keep them', async () => {
    const url = await simulate();
    const run = await runOnce(
      [suiteOf(cases(3))],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir(), { keepText: false }),
    );
    expect(run.records.every(({ answer_text }) => answer_text === null)).toBe(true);
    await again(run);
  });

  test('where silence is the right answer', async () => {
    const url = await simulate({ faults: [{ fault: 'no_tokens' }] });
    const silent = {
      ...caseOf('silent'),
      turns: turnsGradedAtEnd(['Say nothing.'], [{ type: 'empty' }]),
    };
    const run = await runOnce(
      [suiteOf([silent])],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir()),
    );
    expect(run.records.map(({ outcome }) => outcome)).toEqual(['ok']);
    await again(run);
  });
});

describe('a run that counted with a tokenizer', () => {
  async function counted(): Promise<{ run: FinishedRun; file: string }> {
    const file = path.join(freshDir(), 'tokenizer.json');
    cpSync(fixturePath('simulator'), file);
    const tokenizer = openTokenizer(file, { shown: path.relative(process.cwd(), file) });
    if ('problem' in tokenizer) throw new Error(tokenizer.problem);
    const url = await simulate({ faults: [{ fault: 'no_usage', model: QWEN, nth: 2 }] });
    const run = await runOnce(
      [suiteOf(cases(4))],
      [targetOf(url, [modelOf(QWEN, { tokenizer: 'named' }), modelOf(R1)])],
      settingsOf(freshDir()),
      undefined,
      { tokenizers: new Map([['named', tokenizer]]) },
    );
    return { run, file };
  }

  test('counts with it again', async () => {
    const { run } = await counted();
    expect(run.records.map(({ token_source }) => token_source)).toContain('tokenizer');
    await again(run);
    const stored = await openRun(run.folder.path, scratch);
    const { rows } = await byDefinitions(stored, definitionsOf(['aiperf']));
    expect(rows.map(({ row, figures }) => [row.model, figures.output_tokens !== null])).toEqual([
      [QWEN, true],
      [QWEN, true],
      [R1, true],
      // Of this model, the config names no tokenizer.
      [R1, false],
    ]);
  });

  test('is left as it is where the tokenizer is gone or another one', async () => {
    const { run, file } = await counted();
    const before = contents(run.folder.path);
    const stored = await openRun(run.folder.path, scratch);
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ '));
    await expect(recomputeRun(stored)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('is not the tokenizer any more'),
    });
    rmSync(file);
    await expect(recomputeRun(stored)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('no such file'),
    });
    expect(contents(run.folder.path)).toEqual(before);
  });
});

/** A server whose every answer gives the key away: the first whole, the second in pieces. */
async function serveTheKey(): Promise<string> {
  const pieces = [[`your key is ${KEY}`], ['your key is ', ...(KEY.match(/.{1,3}/g) ?? [])]];
  let served = 0;
  const server = createServer((_request, response) => {
    const events = (pieces[served++ % 2] ?? []).map(
      (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}`,
    );
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end([...events, 'data: [DONE]', ''].join('\n\n'));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test('a reply that gave the key away keeps the record of it that the tape cannot give', async () => {
  const run = await runOnce(
    [suiteOf([caseOf('a'), caseOf('b'), caseOf('c', [`My key is ${KEY}.`])])],
    [targetOf(await serveTheKey(), [modelOf('m')])],
    settingsOf(freshDir(), { concurrency: 1 }),
  );
  expect(await again(run)).toMatchObject({ records: 3, kept: { no_tape: 0, blanked: 1 } });
  const plan = gunzipSync(readFileSync(path.join(run.folder.path, 'plan.ndjson.gz'))).toString();
  expect(plan).toContain(`My key is ${'*'.repeat(KEY.length)}.`);
  expect(plan).not.toContain(KEY);
});

describe('where something is missing', () => {
  async function aRun(settings: Parameters<typeof settingsOf>[1] = {}): Promise<FinishedRun> {
    const url = await simulate();
    return runOnce(
      [suiteOf(cases(12))],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir(), settings),
    );
  }

  test('a run that kept no tapes says so, and is left as it was', async () => {
    const { folder } = await aRun({ keepTapes: false });
    const before = contents(folder.path);
    const run = await openRun(folder.path, scratch);
    await expect(recomputeRun(run)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('told not to keep them'),
      remedy: expect.stringContaining('export'),
    });
    expect(contents(folder.path)).toEqual(before);
  });

  test.each([
    ['tapes.ndjson.gz', /has no tapes\.ndjson\.gz/],
    ['plan.ndjson.gz', /has no plan\.ndjson\.gz/],
  ])('a run whose %s was taken away says so', async (name, message) => {
    const { folder } = await aRun();
    rmSync(path.join(folder.path, name));
    const before = contents(folder.path);
    const run = await openRun(folder.path, scratch);
    await expect(recomputeRun(run)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect(contents(folder.path)).toEqual(before);
  });

  test('records whose tapes were cut off stand as recorded', async () => {
    const { folder, rows } = await aRun();
    const before = contents(folder.path);
    const tapes = path.join(folder.path, 'tapes.ndjson.gz');
    truncateSync(tapes, 10);
    const recomputed = await recomputeRun(await openRun(folder.path, scratch));
    expect(recomputed).toMatchObject({ records: 12, kept: { no_tape: 12 } });
    expect(recomputed.rows).toEqual(rows);
    for (const name of DERIVED) expect(contents(folder.path)[name]).toBe(before[name]);
  });

  test('a tape whose record was lost makes one', async () => {
    const { folder } = await aRun();
    const before = contents(folder.path);
    const journal = path.join(folder.path, 'requests.ndjson');
    const lines = before['requests.ndjson']?.split('\n') ?? [];
    const torn = Buffer.byteLength(`${lines.slice(0, 9).join('\n')}\n${lines[9]?.slice(0, 40)}`);
    truncateSync(journal, torn);
    await recomputeRun(await openRun(folder.path, scratch));
    expect(contents(folder.path)).toEqual(before);
  });
});

test('into another folder, which is a run too; another run there is not overwritten', async () => {
  const url = await simulate();
  const targets = [targetOf(url, [modelOf(QWEN)])];
  const run = await runOnce([suiteOf(cases(3))], targets, settingsOf(freshDir()));
  const other = await runOnce([suiteOf(cases(2))], targets, settingsOf(freshDir()));
  const to = path.join(freshDir(), 'deep', 'er');
  await recomputeRun(await openRun(run.folder.path, scratch), to);
  const before = contents(run.folder.path);
  expect(readdirSync(to).sort()).toEqual(['manifest.json', 'plan.ndjson.gz', ...DERIVED].sort());
  for (const [name, text] of Object.entries(contents(to))) expect(text).toBe(before[name]);
  await expect(
    recomputeRun(await openRun(run.folder.path, scratch), other.folder.path),
  ).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('holds another run') });
  expect(existsSync(path.join(other.folder.path, 'requests.ndjson.tmp'))).toBe(false);
});

test('another version of the tool names itself in the manifest, once', async () => {
  const url = await simulate();
  const targets = [targetOf(url, [modelOf(QWEN)])];
  const { folder } = await runOnce([suiteOf(cases(2))], targets, settingsOf(freshDir()));
  const run = await openRun(folder.path, scratch);
  const older = { ...run.manifest, versions: { ...run.manifest.versions, tokentape: '0.0.1' } };
  const { manifest } = await recomputeRun({ ...run, manifest: older });
  expect(manifest.versions).toMatchObject({
    tokentape: '0.0.1',
    recomputed_by: run.manifest.versions.tokentape,
  });
  const stored = await openRun(folder.path, scratch);
  expect(stored.manifest).toEqual(manifest);
  const before = contents(folder.path);
  await recomputeRun(stored);
  expect(contents(folder.path)).toEqual(before);
});

test('a plan reads back as it was written, each prompt once', async () => {
  const suite = suiteOf([{ ...caseOf('a', ['one', 'two']), system: 'Be brief.' }, caseOf('b')]);
  const targets = [targetOf('http://127.0.0.1:1', [modelOf(QWEN), modelOf(R1)])];
  const settings = settingsOf(freshDir(), { warmup: 1, repeat: 2 });
  const { requests } = withNonces(buildPlan({ suites: [suite], targets, settings }), 'nonce', [
    suite,
  ]);
  const folder = path.join(scratch, 'plan');
  const { folder: ran } = await runOnce(
    [suiteOf(cases(1))],
    [targetOf(await simulate(), [modelOf(QWEN)])],
    settingsOf(freshDir()),
  );
  cpSync(ran.path, folder, { recursive: true });
  rmSync(path.join(folder, 'plan.ndjson.gz'));
  const file = path.join(folder, 'plan.ndjson.gz');
  await writePlan(file, requests, { run_id: 'x', simulated: true }, createRedactor([]));
  const read = await readPlan(await openRun(folder, scratch));
  expect([...read.values()]).toEqual(
    requests.map((request) => ({ ...request, costUpperUsd: null })),
  );
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  expect(lines.filter((line) => line.startsWith('{"prompt_id"'))).toHaveLength(3);
});
