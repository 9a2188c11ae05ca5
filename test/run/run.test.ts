import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { scratchFolder } from '../store/scratch.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

const scratch = scratchFolder();
const random = createRandom('folders');
const freshDir = (): string => path.join(scratch, String(random.integer(0, 2 ** 31)));

let simulator: Simulator;
async function simulate(options: SimulatorOptions = {}): Promise<string> {
  simulator = await startSimulator({ profile: 'fast', logRequests: true, ...options });
  return simulator.url;
}
afterEach(() => simulator.close());

const QWEN = 'Qwen2.5-7B-chat';
const LLAMA = 'Llama-3.1-8B-Instruct';
const R1 = 'DeepSeek-R1';
const TEN = suiteOf(Array.from({ length: 10 }, (_, index) => caseOf(`case-${index}`)));

describe('a run', () => {
  test('sends what was planned, once each, and every token is accounted for', async () => {
    const url = await simulate();
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(R1)])];
    const { rows, records, manifest } = await runOnce([TEN], targets, settingsOf(freshDir()));
    expect(manifest.state).toBe('complete');
    expect(rows.map(({ model, requests }) => [model, requests.planned, requests.ok])).toEqual([
      [QWEN, 10, 10],
      [R1, 10, 10],
    ]);
    for (const { model, output_tokens } of rows) {
      expect(simulator.stats().models[model]).toMatchObject({
        requests: 10,
        completion_tokens: output_tokens,
      });
    }
    expect(
      records.filter(({ model }) => model === R1).every(({ reasoning_text }) => reasoning_text),
    ).toBe(true);
    expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(20);
  });

  test('writes its folder: every file of the contract, and no key in any', async () => {
    const url = await simulate({ faults: [{ fault: 'echo_key', model: LLAMA }] });
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const { folder } = await runOnce([TEN], targets, settingsOf(freshDir()));
    const files = readdirSync(folder.path).sort();
    expect(files).toEqual([
      'manifest.json',
      'plan.ndjson.gz',
      'requests.csv',
      'requests.ndjson',
      'summary.csv',
      'summary.json',
      'tapes.ndjson.gz',
    ]);
    for (const file of files) {
      const bytes = readFileSync(path.join(folder.path, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      expect(text).not.toContain('sk-canary');
      if (file === 'requests.ndjson') expect(text).toContain('*'.repeat(20));
    }
  });

  test('a model that the key does not open is skipped for the price of one request', async () => {
    const url = await simulate({ keys: { 'sk-canary-0123456789': [QWEN] } });
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const { rows, records, allRefused } = await runOnce([TEN], targets, settingsOf(freshDir()));
    expect(allRefused).toBe(false);
    expect(rows[1]).toMatchObject({
      model: LLAMA,
      requests: { planned: 10, ok: 0, failed: 0, skipped: 10 },
      skipped_reason: expect.stringMatching(/^not subscribed \(403: /),
    });
    expect(records.filter(({ model }) => model === LLAMA).map(({ outcome }) => outcome)).toEqual([
      'forbidden',
    ]);
    expect(simulator.stats().models[LLAMA]?.requests).toBe(1);
  });

  test('where every model refuses, the key is to blame', async () => {
    const url = await simulate({ keys: { another: 'all' } });
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const { allRefused, rows, refusal } = await runOnce([TEN], targets, settingsOf(freshDir()));
    expect(allRefused).toBe(true);
    expect(refusal).toContain('Incorrect API key');
    expect(rows.map(({ requests }) => requests)).toEqual([
      expect.objectContaining({ planned: 10, failed: 1, skipped: 9 }),
      expect.objectContaining({ planned: 10, failed: 1, skipped: 9 }),
    ]);
  });

  test('a conversation goes on with what the model said, in one slot', async () => {
    const url = await simulate();
    const talk = suiteOf([caseOf('talk', ['Say one.', 'Say two.', 'Say three.'])]);
    const targets = [targetOf(url, [modelOf(QWEN)])];
    const { records } = await runOnce([talk], targets, settingsOf(freshDir()));
    expect(records.map(({ turn, outcome }) => [turn, outcome])).toEqual([
      [0, 'ok'],
      [1, 'ok'],
      [2, 'ok'],
    ]);
    const prompts = records.map(({ prompt_tokens }) => prompt_tokens ?? 0);
    const answers = records.map(({ output_tokens }) => output_tokens ?? 0);
    expect(prompts[1]).toBeGreaterThan((prompts[0] ?? 0) + (answers[0] ?? 0));
    expect(records.map(({ turn_delay_ms }) => turn_delay_ms !== null)).toEqual([false, true, true]);
  });

  test('a conversation that breaks off skips its other turns', async () => {
    const url = await simulate({ faults: [{ fault: 'truncated', nth: 1 }] });
    const talk = suiteOf([caseOf('talk', ['Say one.', 'Say two.', 'Say three.'])]);
    const { rows } = await runOnce(
      [talk],
      [targetOf(url, [modelOf(QWEN)])],
      settingsOf(freshDir()),
    );
    expect(rows[0]).toMatchObject({
      requests: { planned: 3, ok: 0, failed: 1, skipped: 2 },
      skipped_reason: 'an earlier turn of the conversation failed',
    });
  });

  test('warm-up is sent and recorded, and left out of the figures', async () => {
    const url = await simulate();
    const settings = settingsOf(freshDir(), { warmup: 2 });
    const { rows, records } = await runOnce([TEN], [targetOf(url, [modelOf(QWEN)])], settings);
    expect(rows[0]?.requests).toMatchObject({ planned: 10, ok: 10 });
    expect(records.filter(({ phase }) => phase === 'warmup')).toHaveLength(2);
    const lastWarmup = Math.max(
      ...records.filter(({ phase }) => phase === 'warmup').map((one) => one.ended_ms),
    );
    const firstMeasured = Math.min(
      ...records.filter(({ phase }) => phase === 'measure').map((one) => one.started_ms),
    );
    expect(firstMeasured).toBeGreaterThan(lastWarmup);
  });

  test('never spends more than it may', async () => {
    const url = await simulate();
    const price = { input_per_mtok: 1000, output_per_mtok: 1000 };
    const settings = settingsOf(freshDir(), {
      runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: 1 },
    });
    const { rows } = await runOnce([TEN], [targetOf(url, [modelOf(QWEN, { price })])], settings);
    const [row] = rows;
    expect(row?.cost_usd).toBeGreaterThan(0);
    expect(row?.cost_usd).toBeLessThanOrEqual(1);
    expect(row?.requests.skipped).toBeGreaterThan(0);
    expect(row?.skipped_reason).toBe('the budget (max cost) was spent');
  });

  test('with a duration, cycles through the cases until its time is up', async () => {
    const url = await simulate();
    const settings = settingsOf(freshDir(), {
      runLimits: { durationMs: 1500, requests: null, outputTokens: null, costUsd: null },
    });
    const { rows, records } = await runOnce(
      [suiteOf([caseOf('a'), caseOf('b')])],
      [targetOf(url, [modelOf(QWEN)])],
      settings,
    );
    expect(rows[0]?.requests.ok).toBeGreaterThan(4);
    expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(records.length);
    expect(Math.max(...records.map(({ repeat }) => repeat))).toBeGreaterThan(1);
    expect(Math.max(...records.map(({ started_ms }) => started_ms))).toBeLessThan(2500);
  });

  test('stopped early, it accounts for every request and says that it is partial', async () => {
    const url = await simulate({ profile: 'slow' });
    const { rows, manifest } = await runOnce(
      [TEN],
      [targetOf(url, [modelOf(R1)])],
      settingsOf(freshDir()),
      (run) => {
        const poll = setInterval(() => {
          if (run.progress.snapshot().models.every(({ inFlight }) => inFlight === 0)) return;
          clearInterval(poll);
          run.stop('interrupted', 'SIGINT');
        }, 10);
      },
    );
    expect(manifest).toMatchObject({ state: 'partial', interrupted: 'SIGINT' });
    const { planned, ok, failed, dropped, cancelled, skipped, lost } = rows[0]?.requests ?? {};
    expect(cancelled).toBeGreaterThan(0);
    expect(planned).toBe(
      [ok, failed, dropped, cancelled, skipped, lost].reduce<number>((sum, n) => sum + (n ?? 0), 0),
    );
  });

  test('a model can be left out while the run goes on', async () => {
    const url = await simulate();
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const { rows, manifest } = await runOnce([TEN], targets, settingsOf(freshDir()), (run) =>
      run.skip({ target: 'market', model: LLAMA }),
    );
    expect(manifest.state).toBe('complete');
    expect(rows[0]?.requests.ok).toBe(10);
    expect(rows[1]).toMatchObject({
      requests: { planned: 10, ok: 0, skipped: 10 },
      skipped_reason: 'left out on request',
    });
  });

  test.each(['interleaved', 'sequential'] as const)(
    '%s models each get every case',
    async (order) => {
      const url = await simulate();
      const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
      const { rows, records } = await runOnce([TEN], targets, settingsOf(freshDir(), { order }));
      expect(rows.map(({ requests }) => requests.ok)).toEqual([10, 10]);
      const changes = records.filter(
        (one, index) => one.model !== records[index - 1]?.model,
      ).length;
      if (order === 'sequential') expect(changes).toBe(2);
      else expect(changes).toBeGreaterThan(2);
    },
  );

  test('the same seed draws the same plan; only the nonce differs', async () => {
    const url = await simulate();
    const targets = [targetOf(url, [modelOf(QWEN)])];
    const one = await runOnce([TEN], targets, settingsOf(freshDir()));
    const other = await runOnce([TEN], targets, settingsOf(freshDir(), { seed: '8' }));
    expect(one.manifest.plan_hash).toBe(other.manifest.plan_hash);
    expect(one.manifest.prompts_hash).not.toBe(other.manifest.prompts_hash);
    expect(one.manifest.nonce).toMatch(/^[0-9a-f]{8}$/);
  });
});
