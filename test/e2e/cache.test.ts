import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { type LiteLlm, startLiteLlm } from './litellm.ts';
import { readOnlyRun, runCli } from './run-cli.ts';

/** Replies that LiteLLM answers from its own cache, which is on here and nowhere else. */

const MASTER_KEY = 'sk-e2e-master';
const UPSTREAM_KEY = 'e2e-upstream';
const MODEL = 'Qwen2.5-7B-chat';
const CASES = 8;

let simulator: Simulator;
let proxy: LiteLlm;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokentape-e2e-'));
  simulator = await startSimulator({ keys: { [UPSTREAM_KEY]: 'all' }, profile: 'fast' });
  proxy = await startLiteLlm({
    upstreamUrl: simulator.url,
    upstreamKey: UPSTREAM_KEY,
    models: [MODEL],
    masterKey: MASTER_KEY,
    cache: true,
  });
});
afterAll(async () => {
  await proxy?.close();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(name: string, ...args: string[]) {
  const output = join(folder, name);
  const result = await runCli(
    ['run', '-o', output, '-m', MODEL, '-s', 'smoke', '-n', `${CASES}`, '-w', '0', ...args],
    { apiBase: proxy.url, apiKey: MASTER_KEY },
  );
  expect(result.code, result.stderr).toBe(0);
  return { ...result, ...(await readOnlyRun(output)) };
}

const completions = () => simulator.stats().models[MODEL]?.requests ?? 0;
/** Same prompts each time, one after another, so that the second time all are known. */
const SAME = ['--no-nonce', '--seed', '7', '-j', '1'];

test('headers: a hit names its key and has none of an upstream, a miss the other way round', async () => {
  const ask = async () => {
    const response = await fetch(`${proxy.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: MODEL,
        stream: true,
        messages: [{ role: 'user', content: 'What is a cache?' }],
      }),
    });
    await response.text();
    const names = [...response.headers.keys()];
    return {
      key: names.includes('x-litellm-cache-key'),
      upstream: names.some((name) => name.startsWith('llm_provider-')),
    };
  };
  expect(await ask()).toEqual({ key: false, upstream: true });
  expect(await ask()).toEqual({ key: true, upstream: false });
});

test('cached replies are flagged, counted, and left out of latencies and speeds', async () => {
  const atFirst = completions();
  const fresh = await run('fresh', ...SAME);
  const before = completions();
  // The suite asks some things twice.
  const answered = before - atFirst;
  const cached = await run('cached', ...SAME);
  expect(completions()).toBe(before);

  expect(answered).toBeGreaterThan(CASES / 2);
  expect(fresh.rows[0]?.flags.cached_reply ?? 0).toBe(CASES - answered);
  expect(fresh.rows[0]?.estimates.ttft_ms_p50.n).toBe(answered);

  expect(cached.records.every(({ flags }) => flags.includes('cached_reply'))).toBe(true);
  expect(cached.rows[0]).toMatchObject({
    requests: { ok: CASES, failed: 0 },
    flags: { cached_reply: CASES },
    estimates: {
      ttft_ms_p50: { value: null, n: 0 },
      e2e_ms_p50: { value: null, n: 0 },
      decode_tokens_per_second_p50: { value: null, n: 0 },
    },
  });
  expect(cached.stdout.replaceAll(/\s+/g, ' ')).toContain(
    `all ${CASES} replies came from the proxy's cache, not from the model, so latencies and speeds are n/a`,
  );
});

test('a nonce keeps prompts from being answered so', async () => {
  const before = completions();
  const { rows } = await run('nonce', '--seed', '7', '-j', '1');
  expect(completions()).toBe(before + CASES);
  expect(rows[0]?.flags).not.toHaveProperty('cached_reply');
});
