import { afterEach, describe, expect, test } from 'vitest';
import type { CheckResult } from '../../src/gate/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { aFolder, readOnlyRun, runCli, type WrittenRun } from './run-cli.ts';

const simulators: Simulator[] = [];
/** Its answers come after this long, whatever the machine of the tests is doing besides. */
async function simulate(overheadMs: number, options: SimulatorOptions = {}): Promise<string> {
  const latency = { overheadMs, prefillBaseMs: 0, prefillMsPer1kTokens: 0, decodeMs: 0.2 };
  const habits = { answerTokens: [4, 8] as const };
  const changes = { latency: { ...latency, jitterSigma: 0.02 }, habits };
  const simulator = await startSimulator({ profile: 'fast', changes, ...options });
  simulators.push(simulator);
  return simulator.url;
}
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.close();
});

const ENV = { KEY: 'sk-test' };
const QWEN = 'Qwen2.5-7B-chat';
/** Only large changes tell: the machine of the tests is shared. */
const GATE =
  'gate: { metrics: ["ttft_ms", error_rate], fail_from: 50%, pass_below: 400%, error_rate: { pass_below: 70% } }';
const SUITE = [
  'description: Short ones.',
  'cases:',
  ...['one', 'two', 'three'].map((word) => `  - { id: ${word}, prompt: Say ${word}. }`),
].join('\n');

const TALK = [
  'description: Conversations.',
  'cases:',
  ...['one', 'two'].map((word) => `  - { id: ${word}, turns: [Say ${word}., Say it again.] }`),
].join('\n');

async function folderFor(targets: Record<string, string>, more: readonly string[] = [GATE]) {
  const config = [
    'targets:',
    ...Object.entries(targets).map(
      ([name, url]) => `  ${name}: { base_url: "${url}", api_key: "\${KEY}" }`,
    ),
    'models:',
    `  - { name: ${QWEN}, alias: qwen, price: { input_per_mtok: 1000, output_per_mtok: 1000 }, max_tokens: 20 }`,
    '  - { name: Llama-Guard-3-8B, alias: guard, max_tokens: 20 }',
    'validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }',
    ...more,
  ].join('\n');
  return aFolder({ 'bench.config.yaml': config, 'tiny.yaml': SUITE, 'talk.yaml': TALK });
}

async function check(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCli(['check', '--json', '-q', ...args], {
    cwd,
    env: ENV,
  });
  if (stdout === '') throw new Error(`exit ${code}: ${stderr}`);
  const result = JSON.parse(stdout) as CheckResult;
  return { code, result, verdicts: result.findings.map((one) => [one.metric, one.verdict]) };
}

const SENT = ['-s', './tiny.yaml', '--seed', '1', '-m', 'qwen', '--pairs', '32'];
const readRun = (cwd: string): Promise<WrittenRun> => readOnlyRun(`${cwd}/results`);

function pairsOf(records: RequestRecord[]): RequestRecord[][] {
  const pairs = new Map<string, RequestRecord[]>();
  for (const record of records) {
    const id = record.pair_id ?? '';
    pairs.set(id, [...(pairs.get(id) ?? []), record]);
  }
  return [...pairs.values()];
}

describe('a check against a second arm', () => {
  test('passes a model that is held against itself, and says so in its folder', async () => {
    const cwd = await folderFor({ market: await simulate(30) });
    const { code, result, verdicts } = await check(cwd, ...SENT, '--against', 'qwen');
    expect({ code, verdicts }).toEqual({
      code: 0,
      verdicts: [
        ['ttft_ms:p(50)', 'pass'],
        ['error_rate', 'pass'],
      ],
    });
    const { manifest, records, texts } = await readRun(cwd);
    expect(JSON.parse(texts['check.json'] ?? '')).toEqual(result);
    expect(manifest).toMatchObject({ state: 'complete', interrupted: null });
    expect(manifest.check?.comparisons).toEqual([
      {
        suite: 'tiny',
        candidate: { target: 'market', model: QWEN, label: 'qwen' },
        baseline: { target: 'market', model: QWEN, label: 'qwen' },
      },
    ]);
    for (const pair of pairsOf(records)) {
      expect(new Set(pair.map(({ case_id }) => case_id)).size).toBe(1);
      expect(
        pair
          .map(({ arm }) => arm)
          .sort()
          .join(),
      ).toMatch(/^baseline(,candidate)?$|^candidate$/);
    }
  });

  test('fails a slower target early, with every pair that it looked at whole', async () => {
    const targets = { staging: await simulate(200), market: await simulate(40) };
    const cwd = await folderFor(targets);
    const slow = [...SENT, '--pairs', '64', '-t', 'staging', '--against', 'market'];
    const { code, result } = await check(cwd, ...slow);
    const [ttft] = result.findings;
    expect(code).toBe(99);
    expect(ttft).toMatchObject({ verdict: 'fail', target: 'staging', against: 'qwen at market' });
    expect(ttft?.change?.low).toBeGreaterThan(0);
    expect(ttft?.samples.count).toBeLessThanOrEqual(32);
    expect(result.requests).toMatchObject({ planned: 128, ok: result.requests.sent });
    expect(result.requests.sent).toBeLessThan(128);
    const { records, manifest } = await readRun(cwd);
    const whole = pairsOf(records).filter((pair) => pair.length === 2);
    expect(whole.length).toBeGreaterThanOrEqual(ttft?.samples.count ?? 64);
    expect(manifest.planned.map(({ target }) => target)).toEqual(['staging', 'market']);
    for (const { skipped_reason } of manifest.planned) {
      expect(skipped_reason).toBe('the verdict was reached');
    }
  });

  test('is judged again to the same findings, and derived again to the same bytes', async () => {
    const targets = { staging: await simulate(200), market: await simulate(40) };
    const cwd = await folderFor(targets);
    const sent = await check(cwd, ...SENT, '-t', 'staging', '--against', 'market/qwen');
    const again = await check(cwd, 'latest');
    expect(again).toEqual(sent);
    const { texts } = await readRun(cwd);
    const { code } = await runCli(['recompute', 'latest'], { cwd, env: ENV });
    expect(code).toBe(0);
    const { texts: derived } = await readRun(cwd);
    for (const name of ['requests.ndjson', 'requests.csv', 'summary.json', 'summary.csv']) {
      expect(derived[name]).toBe(texts[name]);
    }
    expect(texts['requests.csv']?.split('\n')[0]).toContain('pair_id,arm');
  });

  test('judges limits on the candidate alone', async () => {
    const faults = [{ fault: '429' as const }];
    const targets = { staging: await simulate(30), market: await simulate(30, { faults }) };
    const cwd = await folderFor(targets);
    const against = ['-t', 'staging', '--against', 'market', '--metric', 'error_rate'];
    const { result } = await check(cwd, ...SENT, ...against, '--threshold', 'error_rate<60%');
    expect(result.findings.map(({ form, verdict }) => [form, verdict])).toEqual([
      ['paired', 'pass'],
      ['threshold', 'pass'],
    ]);
  });

  test('ended by its budget, it looks once more, and is complete but undecided', async () => {
    const cwd = await folderFor({ market: await simulate(30) });
    const { code, result } = await check(cwd, ...SENT, '--against', 'qwen', '--max-cost', '1');
    expect(code).toBe(4);
    expect(result.requests.sent).toBeLessThan(64);
    expect(result.remarks.join()).toContain('the budget (max cost) was spent');
    const { manifest } = await readRun(cwd);
    expect(manifest.state).toBe('complete');
    const again = await check(cwd, 'latest');
    expect(again.result).toEqual(result);
  });

  test('pairs the turns of conversations, and goes on where one breaks off', async () => {
    const faults = [{ fault: 'truncated' as const, nth: 3 }];
    const cwd = await folderFor({ market: await simulate(20, { faults }) });
    const talk = ['-s', './talk.yaml', '-m', 'qwen', '--pairs', '16', '--against', 'qwen'];
    const { result } = await check(cwd, ...talk, '--metric', 'error_rate', '--seed', '1');
    const { records } = await readRun(cwd);
    const whole = pairsOf(records).filter((pair) => pair.length === 2);
    for (const [one, other] of whole) expect(one?.turn).toBe(other?.turn);
    expect(records.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
    const [errors] = result.findings;
    expect(errors?.looks.taken).toBe(3);
    expect(errors?.samples.count).toBe(whole.length);
    expect((await check(cwd, 'latest')).result).toEqual(result);
  });
});

describe('a check of limits', () => {
  const limit = (text: string, ...more: string[]) => [
    ...['-s', './tiny.yaml', '--seed', '1', '-m', 'qwen', '-n', '20', '--threshold', text, ...more],
  ];

  test('sends no more than it takes', async () => {
    const cwd = await folderFor({ market: await simulate(60) });
    const { code, result } = await check(cwd, ...limit('error_rate<60%', '-j', '2'));
    expect(code).toBe(0);
    expect(result.findings[0]?.looks).toEqual({ taken: 1, planned: 3 });
    expect(result.requests.planned).toBe(80);
    expect(result.requests.sent).toBeLessThan(80);
    const again = await check(cwd, 'latest');
    expect(again.result).toEqual(result);
  });

  test('grows the sample while a limit is within the bounds', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const { code, result } = await check(cwd, ...limit('error_rate<10%'));
    expect(result.findings[0]).toMatchObject({
      verdict: 'pass',
      looks: { taken: 3, planned: 3 },
      samples: { count: 80, of: 'requests' },
    });
    expect(code).toBe(0);
  });

  test('fails one that is surely broken', async () => {
    const faults = [{ fault: '429' as const, share: 0.5 }];
    const cwd = await folderFor({ market: await simulate(10, { faults }) });
    const { code, result } = await check(cwd, ...limit('error_rate<1%'));
    expect([code, result.verdict]).toEqual([99, 'fail']);
  });

  test('where every request fails, nothing was there to be judged', async () => {
    const cwd = await folderFor({ market: await simulate(10, { faults: [{ fault: '500' }] }) });
    const { code } = await check(cwd, ...limit('error_rate<1%'));
    expect(code).toBe(69);
  });

  test('is undecided on a model of which nothing could be sent', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const { code, verdicts } = await check(
      cwd,
      ...limit('error_rate{model:Nobody}<1%', '--threshold', 'error_rate<60%'),
    );
    expect(code).toBe(4);
    expect(verdicts).toEqual([
      ['error_rate', 'pass'],
      ['error_rate', 'inconclusive'],
    ]);
  });
});

describe('a stored run', () => {
  test('is judged by limits with nothing sent', async () => {
    const url = await simulate(10);
    const cwd = await folderFor({ market: url });
    const run = ['run', '-q', '-s', './tiny.yaml', '-m', 'qwen', '-n', '20'];
    await runCli(run, { cwd, env: ENV });
    for (const simulator of simulators.splice(0)) await simulator.close();
    expect((await check(cwd, 'latest', '--threshold', 'error_rate<60%')).code).toBe(0);
    expect((await check(cwd, 'latest', '--threshold', 'error_rate<5%')).code).toBe(4);
  });
});
