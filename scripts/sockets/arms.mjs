// Simulators in processes of their own, and the real command that checks one against another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export const MODELS = ['Qwen2.5-7B-chat', 'Llama-3.1-8B-Instruct'];

const TOPICS =
  'rivers bridges violins glaciers compilers lighthouses beehives volcanoes clocks kites tides maps ' +
  'chess moths ferries snow cellos libraries onions trams';

const SUITE = [
  'description: Short answers',
  'nonce: true',
  'parameters: { max_tokens: 16, temperature: 0 }',
  'cases:',
  ...TOPICS.split(' ').map(
    (topic) => `  - { id: ${topic}, prompt: Say one thing about ${topic}. }`,
  ),
].join('\n');

const CONFIG = ['candidate', 'baseline']
  .flatMap((arm) => [
    `  ${arm}:`,
    `    base_url: \${${arm.toUpperCase()}_BASE}`,
    '    api_key: $' + '{ANY_KEY}',
    `    models: [${MODELS.join(', ')}]`,
  ])
  .join('\n');

/**
 * @typedef {object} Simulator
 * @property {string} url
 * @property {() => Promise<unknown>} end
 */

/**
 * @param {string} seed
 * @param {string[]} flags
 * @returns {Promise<Simulator>}
 */
export async function startSimulator(seed, flags = []) {
  const args = [CLI, 'simulate', '--port', '0', '--seed', seed, ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).trim()),
    once(child, 'exit').then(() => Promise.reject(new Error('a simulator did not start'))),
  ]);
  const ended = once(child, 'exit');
  return {
    url,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** A folder with config and suite. */
export async function makeWorkplace() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tokentape-sockets-'));
  await writeFile(path.join(folder, 'bench.config.yaml'), `targets:\n${CONFIG}\n`);
  await writeFile(path.join(folder, 'short.yaml'), `${SUITE}\n`);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * One check by the compiled command, as a person would start it, at the looks that it has by itself.
 * @param {string} folder
 * @param {{ candidate: string, baseline: string }} urls
 * @param {{ seed: string, concurrency: number }} options
 * @returns {Promise<{ code: number | null, result: import('../../src/gate/types.ts').CheckResult }>}
 */
export async function checkOnce(folder, urls, { seed, concurrency }) {
  const args = [
    ...[CLI, 'check', '-t', 'candidate', '--against', 'baseline', '-s', 'short.yaml'],
    ...['--seed', seed, '-j', String(concurrency), '--no-calibrate', '--no-tapes', '--no-text'],
    ...['--no-ci-output', '--json', '-q', '-o', 'results'],
  ];
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    ANY_KEY: 'any',
    CANDIDATE_BASE: urls.candidate,
    BASELINE_BASE: urls.baseline,
  };
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  await rm(path.join(folder, 'results'), { recursive: true, force: true });
  try {
    return { code, result: JSON.parse(stdout) };
  } catch {
    throw new Error(`the check ended with ${code} and no result:\n${stderr}`);
  }
}
