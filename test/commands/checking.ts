import { afterEach } from 'vitest';
import type { CheckResult } from '../../src/gate/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { aFolder, readOnlyRun, runCli, type WrittenRun } from './run-cli.ts';

/** Those that the running test has started. */
export const simulators: Simulator[] = [];
/** Its answers come after this long, whatever the machine of the tests is doing besides. */
export async function simulate(
  overheadMs: number,
  options: SimulatorOptions = {},
): Promise<string> {
  const latency = { overheadMs, prefillBaseMs: 0, prefillMsPer1kTokens: 0, decodeMs: 0.2 };
  const habits = { answerTokens: [4, 8] as const };
  const changes = { latency: { ...latency, jitterSigma: 0.02 }, habits };
  const simulator = await startSimulator({ profile: 'fast', changes, ...options });
  simulators.push(simulator);
  return simulator.url;
}
/** Nothing answers any more. */
export async function closeSimulators(): Promise<void> {
  for (const simulator of simulators.splice(0)) await simulator.close();
}
afterEach(closeSimulators);

export const ENV = { KEY: 'sk-test' };
export const QWEN = 'Qwen2.5-7B-chat';
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

/** A folder with a config of these targets, and suites of single prompts and of conversations. */
export async function folderFor(targets: Record<string, string>, more: readonly string[] = [GATE]) {
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

/** `tokentape check --json`: its exit code, and its document. */
export async function check(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCli(['check', '--json', '-q', ...args], {
    cwd,
    env: ENV,
  });
  if (stdout === '') throw new Error(`exit ${code}: ${stderr}`);
  const result = JSON.parse(stdout) as CheckResult;
  return { code, result, verdicts: result.findings.map((one) => [one.metric, one.verdict]) };
}

export const SENT = ['-s', './tiny.yaml', '--seed', '1', '-m', 'qwen', '--pairs', '32'];
export const readRun = (cwd: string): Promise<WrittenRun> => readOnlyRun(`${cwd}/results`);

export function pairsOf(records: RequestRecord[]): RequestRecord[][] {
  const pairs = new Map<string, RequestRecord[]>();
  for (const record of records) {
    const id = record.pair_id ?? '';
    pairs.set(id, [...(pairs.get(id) ?? []), record]);
  }
  return [...pairs.values()];
}
