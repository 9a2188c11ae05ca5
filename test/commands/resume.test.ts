import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grade } from '../../src/score/types.ts';
import type { RequestLine } from '../../src/store/plan-line.ts';
import type { TapeLine } from '../../src/store/tape-line.ts';
import { type RecordingFront, startRecordingFront } from './recording-front.ts';
import {
  aFolder,
  type RunningCli,
  readOnlyRun,
  runCli,
  startCli,
  type WrittenRun,
} from './run-cli.ts';

const KEY = 'sk-canary-5c1f7e0b92';
const SUITES = ['-s', 'chat', 'reasoning', '-n', '24', '-w', '2', '-j', '3', '--seed', '7'];

/** A dozen processes, on a machine that others may use too. */
const PATIENCE_MS = 120_000;

let simulator: RunningCli;
let front: RecordingFront;
beforeAll(async () => {
  const cwd = await aFolder();
  const args = ['simulate', '--port', '0', '--api-key', KEY, '--profile', 'fast'];
  simulator = startCli(args, { cwd });
  const url = await new Promise<string>((resolve) => {
    let said = '';
    const hear = (part: string) => {
      said += part;
      const [found] = /http:\/\/[\d.]+:\d+\/v1/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    };
    simulator.child.stdout?.on('data', hear);
    simulator.child.stderr?.on('data', hear);
  });
  front = await startRecordingFront(url);
});
afterAll(async () => {
  simulator.child.kill('SIGKILL');
  await front.close();
});

function configText(changes: { url?: string; temperature?: number; models?: string } = {}): string {
  const { url = front.url, temperature = 0.5, models = '[llama, qwen]' } = changes;
  return [
    'targets:',
    '  market:',
    `    base_url: ${url}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config
    '    api_key: ${MARKET_KEY}',
    `    models: ${models}`,
    'models:',
    `  - { name: Llama-3.1-8B-Instruct, alias: llama, temperature: ${temperature} }`,
    '  - { name: Qwen2.5-7B-chat, alias: qwen }',
    // The machine of the tests may be as busy as it likes.
    'validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }',
  ].join('\n');
}

interface Place {
  cwd: string;
  env: Record<string, string>;
}

async function aPlace(): Promise<Place> {
  const cwd = await aFolder({ 'bench.config.yaml': configText() });
  return { cwd, env: { MARKET_KEY: KEY } };
}

const resultsOf = ({ cwd }: Place) => path.join(cwd, 'results');

function recordsIn(place: Place): number {
  const [folder] = existsSync(resultsOf(place))
    ? readdirSync(resultsOf(place)).filter((name) => name !== 'latest')
    : [];
  const journal = path.join(resultsOf(place), folder ?? '', 'requests.ndjson');
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0;
}

/** Runs until there are so many records, then gives it a signal. */
async function cutOff(place: Place, args: string[], records: number, signal: NodeJS.Signals) {
  const { child, ended } = startCli(['run', '-q', ...args], place);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (recordsIn(place) < records && !isOver) await new Promise((go) => setTimeout(go, 5));
  child.kill(signal);
  return await ended;
}

function linesOf<Line>(text = ''): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function plannedIn({ texts }: WrittenRun): RequestLine[] {
  return linesOf<RequestLine>(texts['plan.ndjson.gz']).filter((line) => 'request_id' in line);
}

/** All that has to hold of a run once it is whole, however often it was cut off. */
async function expectWhole(place: Place, seen: RecordingFront['seen']): Promise<WrittenRun> {
  const run = await readOnlyRun(resultsOf(place));
  const { manifest, records, texts } = run;
  const planned = plannedIn(run);
  const ids = records.map(({ request_id }) => request_id);
  expect([...ids].sort()).toEqual(planned.map(({ request_id }) => request_id).sort());
  expect(manifest.state).toBe('complete');
  const { rows } = JSON.parse(texts['summary.json'] ?? '');
  for (const { requests } of rows) {
    expect(requests).toEqual({
      ...requests,
      planned: 24,
      ok: 24,
      cancelled: 0,
      skipped: 0,
      lost: 0,
    });
  }
  // What was expected of is graded, once each.
  const graded = linesOf<Grade>(texts['grades.ndjson']).map(({ request_id }) => request_id);
  expect(new Set(graded).size).toBe(graded.length);
  const expected = records.filter(
    ({ phase, suite }) => phase === 'measure' && suite === 'reasoning',
  );
  expect(graded.length).toBeGreaterThanOrEqual(expected.length);
  // The server was shown the planned nonces, and no others.
  const nonces = seen.map(({ messages }) => /nonce (\S+)\]/.exec(messages[0]?.content ?? '')?.[1]);
  expect(new Set(nonces)).toEqual(new Set(planned.map(({ nonce }) => nonce)));
  expectClock(run);
  expect(Object.keys(texts).filter((name) => /writer|\.tmp/.test(name))).toEqual([]);
  expect(Object.values(texts).join('')).not.toContain(KEY);

  const again = path.join(place.cwd, 'again');
  expect((await runCli(['recompute', 'latest', '-o', again], place)).code).toBe(0);
  for (const name of ['requests.ndjson', 'summary.json', 'summary.csv', 'requests.csv']) {
    expect(readFileSync(path.join(again, name), 'utf8')).toBe(texts[name]);
  }
  return run;
}

/** Instants of a tape on the clock of the part that it is of, and no time between the parts. */
function expectClock({ manifest, texts, records }: WrittenRun): void {
  const parts = [{ clock: manifest.clock, elapsed_ms: 0 }, ...(manifest.resumed ?? [])];
  const tapes = linesOf<TapeLine>(texts['tapes.ndjson.gz']);
  const seen = new Set<number>();
  for (const { origin_ns, started_ms } of tapes) {
    const at = parts.findIndex(({ clock }) => {
      const ms = Number(BigInt(origin_ns) - BigInt(clock.monotonic_ns)) / 1e6;
      return Math.abs(ms - started_ms) < 0.001;
    });
    expect(at).toBeGreaterThanOrEqual(0);
    expect(started_ms).toBeGreaterThanOrEqual(parts[at]?.elapsed_ms ?? Infinity);
    seen.add(at);
  }
  expect(seen.size).toBe(parts.length);
  const last = Math.max(...records.map(({ ended_ms }) => ended_ms));
  expect(manifest.duration_ms).toBeGreaterThan(0.9 * last);
  // The order of the tapes is that of the journal.
  const order = new Map(records.map(({ request_id }, index) => [request_id, index]));
  const places = tapes.map(({ request_id }) => order.get(request_id) ?? -1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
}

describe('a run that was cut off, resumed', () => {
  test('after SIGKILL, is the run that it would have been', { timeout: PATIENCE_MS }, async () => {
    const [place, other] = [await aPlace(), await aPlace()];
    front.seen.splice(0);
    expect((await cutOff(place, SUITES, 40, 'SIGKILL')).code).toBeNull();
    const before = await readOnlyRun(resultsOf(place));
    expect(Object.keys(before.texts)).toContain('writer-1.json');
    const listed = await runCli(['list'], place);
    expect(listed.stdout).toContain(`tokentape run --resume ${before.name}`);
    const dry = await runCli(['run', '--resume', 'latest', '--dry-run', '--json'], place);
    const resumed = await runCli(['run', '--resume', 'latest'], place);
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('Going on with') });
    expect(resumed.stdout).toMatch(
      /Resumed on \d{4}-\d\d-\d\d at \d\d:\d\d UTC; \d+ requests were/,
    );
    expect(resumed.stdout.replaceAll(/\s+/g, ' ')).toContain('ended without a word');
    const run = await expectWhole(place, front.seen);
    expect(run.name).toBe(before.name);
    expect(run.manifest.validity.verdict).toBe('warned');
    expect(run.manifest.resumed).toHaveLength(1);
    expect(run.manifest.resumed?.[0]?.missing).toBe(JSON.parse(dry.stdout).requests);
    expect(run.manifest.plan_hash).toBe(before.manifest.plan_hash);
    // Records that stood still do.
    const kept = new Set(run.records.map((record) => JSON.stringify(record)));
    const standing = before.records.filter((record) => kept.has(JSON.stringify(record)));
    expect(standing).toHaveLength(run.manifest.resumed?.[0]?.records_before ?? -1);
    const moved = linesOf(run.texts['superseded.ndjson']);
    expect(standing.length + moved.length).toBe(before.records.length);

    front.seen.splice(0);
    expect((await runCli(['run', '-q', ...SUITES], other)).code).toBe(0);
    const whole = await expectWholeAlone(other);
    const asked = (of: WrittenRun) =>
      plannedIn(of).map(({ nonce: _, ...request }) => JSON.stringify(request));
    expect(asked(run)).toEqual(asked(whole));
    expect(run.manifest.prompts_hash).toBe(whole.manifest.prompts_hash);

    for (const command of [
      ['export', 'latest', '--to', 'md'],
      ['compare', path.join(resultsOf(place), run.name), path.join(resultsOf(other), whole.name)],
      ['check', 'latest', '--threshold', 'error_rate<1'],
      ['baseline', 'add', 'latest'],
    ]) {
      const { code, stdout, stderr } = await runCli(command, place);
      expect({ command, code }).toEqual({ command, code: 0 });
      expect(`${stdout}${stderr}`).toMatch(/[Rr]esumed on/);
    }
    const complete = await runCli(['run', '--resume', 'latest'], place);
    expect(complete).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing is missing'),
    });
  });

  test('after SIGINT, interleaved, then twice more, once killed', {
    timeout: PATIENCE_MS,
  }, async () => {
    const place = await aPlace();
    front.seen.splice(0);
    const first = await cutOff(place, [...SUITES, '--order', 'interleaved'], 20, 'SIGINT');
    expect(first.code).toBe(130);
    expect((await cutOff(place, ['--resume', 'latest'], 50, 'SIGKILL')).code).toBeNull();
    expect((await cutOff(place, ['--resume', 'latest'], 70, 'SIGTERM')).code).toBe(143);
    expect((await runCli(['run', '--resume', 'latest', '-q'], place)).code).toBe(0);
    const { manifest, texts } = await expectWhole(place, front.seen);
    expect(manifest.resumed?.map(({ before }) => before.interrupted)).toEqual([
      'SIGINT',
      null,
      'SIGTERM',
    ]);
    expect(manifest.validity.verdict).toBe('warned');
    const superseded = linesOf<{ outcome: string }>(texts['superseded.ndjson']);
    expect(superseded.some(({ outcome }) => outcome === 'cancelled')).toBe(true);
    expect(texts['superseded-tapes.ndjson.gz']).toContain('cancelled');
  });
});

async function expectWholeAlone(place: Place): Promise<WrittenRun> {
  const run = await readOnlyRun(resultsOf(place));
  expect(run.manifest).toMatchObject({ state: 'complete' });
  expect(run.manifest).not.toHaveProperty('resumed');
  expect(Object.keys(run.texts).filter((name) => /writer|superseded/.test(name))).toEqual([]);
  return run;
}

describe('a run is not resumed', () => {
  test('with other settings, by another config, or twice at once', {
    timeout: PATIENCE_MS,
  }, async () => {
    const place = await aPlace();
    await cutOff(place, SUITES, 10, 'SIGKILL');
    const before = readFileSync(path.join(resultsOf(place), 'latest', 'requests.ndjson'));
    const refused = async (args: string[], env = place.env) => {
      const { code, stderr } = await runCli(['run', '--resume', 'latest', ...args], {
        ...place,
        env,
      });
      expect(code).toBe(2);
      return stderr;
    };
    const flags = await refused([
      '-s',
      'chat',
      '-j',
      '9',
      '--no-tapes',
      '--seed',
      '8',
      '-t',
      'market',
    ]);
    for (const flag of ['--suite', '--concurrency', '--no-tapes', '--seed', '--target']) {
      expect(flags).toContain(flag);
    }
    expect(await refused([], {})).toContain('MARKET_KEY is not set');
    const config = path.join(place.cwd, 'bench.config.yaml');
    await writeFile(
      config,
      configText({ url: `${front.url}/x`, temperature: 0.9, models: '[llama]' }),
    );
    const differences = await refused([]);
    expect(differences).toContain('base_url was');
    expect(differences).toContain('parameters of Llama-3.1-8B-Instruct were');
    expect(differences).toContain('no model Qwen2.5-7B-chat any more');
    await writeFile(config, configText().replaceAll('market', 'elsewhere'));
    expect(await refused([])).toContain('no target market');
    await writeFile(config, configText());
    expect(readFileSync(path.join(resultsOf(place), 'latest', 'requests.ndjson'))).toEqual(before);

    const both = await Promise.all(
      [1, 2].map(() => runCli(['run', '--resume', 'latest', '-q'], place)),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect(both.map(({ stderr }) => stderr).join('')).toContain('is being written to by');
    const { records } = await expectWholeOf(place);
    expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(records.length);
  });

  test('while it still runs, which `list` says too', { timeout: PATIENCE_MS }, async () => {
    const place = await aPlace();
    const { child, ended } = startCli(['run', '-q', ...SUITES], place);
    while (recordsIn(place) < 5) await new Promise((go) => setTimeout(go, 5));
    child.kill('SIGSTOP');
    const listed = await runCli(['list'], place);
    const resumed = await runCli(['run', '--resume', 'latest'], place);
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended;
    expect(listed.stdout).toMatch(/ running\s/);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain(`is being written to by process ${child.pid}`);
  });
});

async function expectWholeOf(place: Place): Promise<WrittenRun> {
  const run = await readOnlyRun(resultsOf(place));
  expect(run.manifest.state).toBe('complete');
  expect(run.records).toHaveLength(plannedIn(run).length);
  return run;
}
