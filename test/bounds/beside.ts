import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RequestRecord } from '../../src/metrics/types.ts';
import {
  aFolder,
  type CliResult,
  readOnlyRun,
  startCli,
  type WrittenRun,
} from '../commands/run-cli.ts';

/** What a run of the command did, and what memory it took. */
export interface MeasuredRun extends CliResult {
  run: WrittenRun;
  /** The most that was resident, by the kernel's own mark. */
  peakMib: number;
  wallMs: number;
  /** Where it ran. */
  folder: string;
}

const CASES = Array.from(
  { length: 6 },
  (_, i) => `  - { id: c${i}, prompt: "Count to ${i + 3}." }`,
);
const SUITE = ['description: a few words', 'nonce: true', 'cases:', ...CASES].join('\n');

export interface Scene {
  /** Where the villain listens, and the models it plays. */
  port: number;
  models: readonly string[];
  protocol?: 'h2' | undefined;
  /** Port of the simulator that answers beside it. */
  steadyPort: number;
  args?: readonly string[] | undefined;
  defaults?: string;
}

/** The whole command, as a person runs it: one target with the villain, another that behaves. */
export async function runBeside(scene: Scene): Promise<MeasuredRun> {
  const folder = await aFolder({
    'suites/few.yaml': SUITE,
    'bench.config.yaml': [
      'targets:',
      '  market:',
      `    base_url: http://127.0.0.1:${scene.port}/v1`,
      ...(scene.protocol === undefined ? [] : [`    protocol: ${scene.protocol}`]),
      `    models: [${scene.models.join(', ')}]`,
      '  steady:',
      `    base_url: http://127.0.0.1:${scene.steadyPort}/v1`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config
      '    api_key: ${STEADY_KEY}',
      '    models: [Llama-3.1-8B-Instruct, Qwen2.5-7B-chat]',
      'models:',
      ...[...scene.models, 'Llama-3.1-8B-Instruct', 'Qwen2.5-7B-chat'].map(
        (name) => `  - { name: ${name}, parameters: { max_tokens: 60 } }`,
      ),
      'validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }',
      scene.defaults ?? '',
    ].join('\n'),
  });
  const args = [
    'run',
    '-t',
    'market',
    'steady',
    '-s',
    'few',
    '-n',
    '3',
    '-j',
    '1',
    '--seed',
    '1',
    '-q',
  ];
  const startedMs = performance.now();
  const { child, ended } = startCli([...args, ...(scene.args ?? [])], {
    cwd: folder,
    env: { STEADY_KEY: 'sk-any' },
  });
  let peakKib = 0;
  const sampler = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakKib = Math.max(peakKib, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
  }, 20);
  const result = await ended;
  clearInterval(sampler);
  const run = await readOnlyRun(path.join(folder, 'results'));
  return { ...result, run, peakMib: peakKib / 1024, wallMs: performance.now() - startedMs, folder };
}

export function recordsOf(run: WrittenRun, target: string): RequestRecord[] {
  return run.records.filter((record) => record.target === target);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
