import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type GroundTruth, startGroundTruth } from '../../src/calibration/ground-truth.ts';
import { MeasuringThread } from '../../src/load/measuring-thread.ts';
import { renderTable } from '../../src/report/table.ts';
import { measureClientError } from '../../src/run/calibrate.ts';
import { beyondTrust, clientErrorAt } from '../../src/run/client-error.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { jobOf, MainThread } from '../load/main-thread.ts';
import { several } from '../load/requests.ts';
import { scratchFolder } from '../store/scratch.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

// Threads and the sender run compiled code: `npm test` builds before.
const MODEL = 'Qwen2.5-7B-chat';
const LOAD = { streams: 4, chunkRate: 100 };
const scratch = scratchFolder();

let thread: MeasuringThread;
let simulator: Simulator;
beforeEach(async () => {
  thread = new MeasuringThread();
  simulator = await startSimulator({ profile: 'fast' });
  vi.stubEnv('XDG_CACHE_HOME', mkdtempSync(path.join(scratch, 'cache-')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await thread.end();
  await simulator.close();
});

describe("the client's own error", () => {
  let truth: GroundTruth;
  beforeEach(async () => {
    truth = await startGroundTruth();
  });
  afterEach(() => truth.close());

  test('is measured at the load asked for, and leaves the thread free for a run', async () => {
    const error = await measureClientError(thread, truth.url, LOAD);
    expect(error).toMatchObject({ streams: 4, chunk_rate: 100, cached: false });
    // 1.5 s of 4 streams of 100 chunks/s, less the start, and what a busy machine could not send.
    expect(error.chunks).toBeGreaterThan(100);
    expect(error.chunks).toBeLessThan(700);
    expect(error.error_ms_p50).toBeGreaterThan(0);
    expect(error.error_ms_p99).toBeGreaterThanOrEqual(error.error_ms_p50);
    expect(error.error_ms_max).toBeGreaterThanOrEqual(error.error_ms_p999);
    expect((await truth.stats()).streamsOpen).toBe(0);

    const main = new MainThread();
    main.tell = (command) => thread.tell(command);
    const failures: Error[] = [];
    const job = jobOf(simulator.url, several(6, { model: MODEL }));
    await thread.begin(job, main.take, (failure) => failures.push(failure));
    await expect.poll(() => main.finished, { timeout: 10_000 }).toBe(true);
    expect(failures).toEqual([]);
    expect(main.taken.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
  });

  test('a command given with the next job goes to that one', async () => {
    await measureClientError(thread, truth.url, { streams: 1, chunkRate: 50 });
    const main = new MainThread();
    const beginning = thread.begin(
      jobOf(simulator.url, several(6, { model: MODEL })),
      main.take,
      () => {},
    );
    thread.tell({ type: 'stop', reason: 'interrupted', abort: true });
    await beginning;
    await expect.poll(() => main.finished, { timeout: 10_000 }).toBe(true);
    expect(main.unsent).toHaveLength(6);
  });
});

test('it is measured once for a host and load', async () => {
  const measured: number[] = [];
  const ask = (streams: number) =>
    clientErrorAt({ streams, chunkRate: 100 }, thread, (load) => measured.push(load.streams));
  const first = await ask(2);
  expect(first).toMatchObject({ streams: 2, cached: false });
  expect(await ask(2)).toEqual({ ...first, cached: true });
  expect(measured).toEqual([2]);
  expect(await ask(0)).toBeUndefined();
});

test('a run has it in the manifest, in the summary and under the table', async () => {
  const settings = settingsOf(path.join(scratch, 'results'), { calibrate: true });
  const target = targetOf(simulator.url, [modelOf(MODEL)]);
  const { manifest, rows } = await runOnce(
    [suiteOf([caseOf('a'), caseOf('b')])],
    [target],
    settings,
  );
  const { calibration, measured } = manifest.validity;
  expect(calibration).toMatchObject({ streams: 2, chunk_rate: 50, cached: false });
  expect(measured?.reads).toBeGreaterThan(0);
  const table = renderTable({ manifest, rows }, { columns: 200, colour: false });
  expect(table).toMatch(/^Client error: p99 [\d.,e+-]+ ms at 2 streams of 50 chunks\/s\.$/m);
});

describe('a run beyond what the host is trusted with', () => {
  const trusted = {
    chunk_rate: 50,
    trusted_streams: 200,
    limit_streams: 400,
    measured_at: '2026-01-02T03:04:05.000Z',
  };
  test.each([
    [
      'says so',
      201,
      trusted,
      /up to 201 streams of 50 chunks\/s .* trusted this host with 200 of 50 \(2026-01-02\)/,
    ],
    ['not one within', 200, trusted, null],
    ['nor where nobody asked', 5000, undefined, null],
  ])('%s', (_, streams, known, said) => {
    const note = beyondTrust({ streams, chunkRate: 50 }, known);
    if (said === null) expect(note).toBeNull();
    else expect(note).toMatch(said);
  });
});
