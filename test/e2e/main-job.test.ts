import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { SIMULATED_MODELS } from '../../src/simulator/profiles.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { type LiteLlm, startLiteLlm } from './litellm.ts';
import { startRelay } from './relay.ts';
import { readOnlyRun, runCli } from './run-cli.ts';

const MASTER_KEY = 'sk-e2e-master';
const UPSTREAM_KEY = 'e2e-upstream';

interface Stage {
  simulator: Simulator;
  proxy: LiteLlm;
}

/** The simulator with LiteLLM in front of it; `opens` is what the proxy's key is subscribed to. */
async function startStage(opens: string[] | 'all'): Promise<Stage> {
  const simulator = await startSimulator({
    keys: { [UPSTREAM_KEY]: opens },
    profile: 'fast',
    logRequests: true,
  });
  try {
    const proxy = await startLiteLlm({
      upstreamUrl: simulator.url,
      upstreamKey: UPSTREAM_KEY,
      models: SIMULATED_MODELS,
      masterKey: MASTER_KEY,
    });
    return { simulator, proxy };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

async function stopStage(stage: Stage | undefined): Promise<void> {
  await stage?.proxy.close();
  await stage?.simulator.close();
}

/** Completion requests that reached the simulator, refused ones included. */
function completionsSeen(simulator: Simulator): number {
  return Object.values(simulator.stats().models).reduce((sum, { requests }) => sum + requests, 0);
}

const byNumbers = ([a, b]: [number, number], [c, d]: [number, number]): number => a - c || b - d;

/** What a model's replies cost in tokens, as [prompt, output] pairs in an order of their own. */
function tokensOf(records: readonly RequestRecord[], model: string): [number, number][] {
  return records
    .filter((record) => record.model === model)
    .map((record): [number, number] => [record.prompt_tokens ?? -1, record.output_tokens ?? -1])
    .sort(byNumbers);
}

let output: string;
beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'tokentape-e2e-'));
});
afterEach(async () => {
  await rm(output, { recursive: true, force: true });
});

describe('the main job through LiteLLM', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage('all');
  });
  afterAll(() => stopStage(stage));

  /** A config with one target, whose every request asks the simulator for `fault`. */
  async function configWithFault(fault: string): Promise<string> {
    const file = join(output, 'fault.config.yaml');
    const target = {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the config
      base_url: '${MARKETPLACE_API_BASE}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the config
      api_key: '${MARKETPLACE_API_KEY}',
      headers: { 'x-simulate-fault': fault },
    };
    // JSON is YAML.
    await writeFile(
      file,
      JSON.stringify({ targets: { marketplace: target }, models: [{ name: 'Qwen2.5-7B-chat' }] }),
    );
    return file;
  }

  const run = (args: string[], apiBase = stage.proxy.url) =>
    runCli(['run', '-o', join(output, 'results'), ...args], { apiBase, apiKey: MASTER_KEY });
  const written = () => readOnlyRun(join(output, 'results'));

  test('the shipped config: twelve models, every request ok, tokens as they were sent', async () => {
    const before = stage.simulator.stats().log.length;
    const seenBefore = completionsSeen(stage.simulator);
    const { code, stdout, stderr } = await run([
      '--suite',
      'smoke',
      '-n',
      '6',
      '-w',
      '1',
      '-j',
      '2',
    ]);
    expect(code, stderr).toBe(0);
    const { manifest, records, rows, texts } = await written();

    expect(records.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'ok')).toEqual([]);
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(SIMULATED_MODELS));
    for (const { requests } of rows) expect(requests.ok).toBe(requests.planned);
    expect(manifest.state).toBe('complete');

    // No hidden retry, no probe: what reached the simulator is what the journal says.
    expect(completionsSeen(stage.simulator) - seenBefore).toBe(records.length);
    const log = stage.simulator.stats().log.slice(before);
    for (const model of SIMULATED_MODELS) {
      const sent = log
        .filter((request) => request.model === model)
        .map((request): [number, number] => [request.prompt_tokens, request.completion_tokens]);
      expect(tokensOf(records, model), model).toEqual(sent.sort(byNumbers));
    }
    for (const record of records) {
      expect(record).toMatchObject({
        token_source: 'usage',
        litellm_attempted_retries: 0,
        litellm_attempted_fallbacks: 0,
        stale_socket_redials: 0,
      });
      expect(record.litellm_call_id).toBeTruthy();
      expect(record.litellm_model_id).toBeTruthy();
    }

    // Real figures are not called simulated, and no key is written anywhere.
    for (const text of [stdout, texts['summary.csv'], texts['requests.csv']]) {
      expect(text).not.toMatch(/simulated (marketplace|figures)/i);
    }
    expect(manifest.simulated).toBe(false);
    for (const text of [stdout, stderr, ...Object.values(texts)]) {
      expect(text).not.toContain(MASTER_KEY);
    }
  });

  test('reasoning is told from the answer, in both spellings', async () => {
    const models = ['DeepSeek-R1', 'DeepSeek-R1-Distill-Qwen-32B'];
    const { code, stderr } = await run([
      ...['--suite', 'reasoning', '-n', '3', '-w', '0', '-j', '1'],
      ...models.flatMap((model) => ['-m', model]),
    ]);
    expect(code, stderr).toBe(0);
    const { records } = await written();
    expect(records).toHaveLength(6);
    for (const record of records) {
      expect(record.outcome).toBe('ok');
      expect(record.reasoning_text).toBeTruthy();
      expect(record.answer_text).toBeTruthy();
      expect(`${record.answer_text}${record.reasoning_text}`).not.toMatch(/<\/?think>/);
      expect(record.ttft_ms ?? 0).toBeLessThan(record.ttfat_ms ?? 0);
    }
    // R1's server counts its reasoning; the distills' template does not.
    const counted = records.filter(({ model }) => model === 'DeepSeek-R1');
    for (const record of counted) expect(record.reasoning_tokens).toBeGreaterThan(0);
  });

  test.each(['stream_error_before', 'stream_error_after'])(
    '%s is a stream_error, each sent once',
    async (fault) => {
      const before = completionsSeen(stage.simulator);
      const config = await configWithFault(fault);
      // Single turns: after a failure, the next turn of a conversation is not sent.
      const { code } = await run([
        '-c',
        config,
        '--suite',
        'reasoning',
        '-n',
        '3',
        '-w',
        '0',
        '-j',
        '1',
      ]);
      const { records } = await written();
      expect(records).toHaveLength(3);
      expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['stream_error']));
      for (const record of records) expect(record.error_message).toContain('the model failed');
      expect(completionsSeen(stage.simulator) - before).toBe(3);
      // Every request of the run failed.
      expect(code).toBe(69);
    },
  );

  test.each([
    { how: 'rst', outcome: 'reset_mid_stream' },
    { how: 'fin', outcome: 'truncated' },
  ] as const)('a $how between client and proxy is $outcome', async ({ how, outcome }) => {
    const relay = await startRelay(stage.proxy.port);
    try {
      // Past the headers (1.4 kB) and the role chunk, into the reasoning.
      relay.cutAfterBytes(3_000, how);
      const apiBase = stage.proxy.url.replace(String(stage.proxy.port), String(relay.port));
      const { code, stderr } = await run(
        ['--suite', 'reasoning', '-m', 'DeepSeek-R1', '-n', '4', '-w', '0', '-j', '1'],
        apiBase,
      );
      expect(code, stderr).toBe(0);
      const { records, rows } = await written();
      expect(records.map((record) => record.outcome).sort()).toEqual(
        ['ok', 'ok', 'ok', outcome].sort(),
      );
      const cut = records.find((record) => record.outcome === outcome);
      expect(cut).toMatchObject({ http_status: 200, e2e_ms: null, tpot_ms: null });
      expect(cut?.ttft_ms).toBeGreaterThan(0);
      expect(rows[0]?.failures).toEqual({ [outcome]: 1 });
    } finally {
      await relay.close();
    }
  });

  test('a cut behind the proxy that keeps the framing whole cannot be seen', async () => {
    const config = await configWithFault('truncated');
    await run(['-c', config, '--suite', 'smoke', '-n', '1', '-w', '0']);
    const { records } = await written();
    // docs/litellm.md: the proxy makes up finish_reason, usage and [DONE].
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok']);
  });

  test('a key that the proxy refuses ends in 69, with no request behind it', async () => {
    const before = completionsSeen(stage.simulator);
    const { code } = await runCli(
      ['run', '-o', join(output, 'results'), '--suite', 'smoke', '-n', '1', '-w', '0'],
      { apiBase: stage.proxy.url, apiKey: 'sk-wrong' },
    );
    expect(code).toBe(69);
    expect(completionsSeen(stage.simulator)).toBe(before);
  });
});

describe('a key that does not open every model', () => {
  const refused = 'Llama-Guard-3-8B';
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage(SIMULATED_MODELS.filter((model) => model !== refused));
  });
  afterAll(() => stopStage(stage));

  test('the refused model is skipped at the cost of one request', async () => {
    const { code, stdout, stderr } = await runCli(
      ['run', '-o', output, '--suite', 'smoke', '-n', '3', '-w', '0', '-j', '2'],
      { apiBase: stage.proxy.url, apiKey: MASTER_KEY },
    );
    expect(code, stderr).toBe(0);
    const { records, rows } = await readOnlyRun(output);
    const ofRefused = records.filter(({ model }) => model === refused);
    expect(ofRefused.map(({ outcome }) => outcome)).toEqual(['forbidden']);
    expect(stage.simulator.stats().models[refused]?.requests).toBe(1);
    for (const { model, requests, skipped_reason } of rows) {
      if (model === refused) {
        expect(requests).toMatchObject({ ok: 0, failed: 0, skipped: requests.planned });
        expect(skipped_reason).toContain('not subscribed');
      } else expect(requests.ok).toBe(requests.planned);
    }
    expect(stdout).toContain('not subscribed');
  });
});
