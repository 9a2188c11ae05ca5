// The two processes of a soak: the compiled command as a person would start it, and the simulator.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIMULATED_MODELS } from '../../dist/simulator/profiles.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const HEAP = new URL('./heap.mjs', import.meta.url).href;

/** Far above what the simulator takes, on a machine that is busy with other things, too. */
const TIMEOUTS = { first_token: '20s', stall: '15s', total: '60s' };
/** What is still under way when a short soak's time is up must not take longer than it did. */
const SHORT_TIMEOUTS = { first_token: '5s', stall: '4s', total: '10s' };

const SINGLES = 40;
const CONVERSATIONS = 10;

/** Prompts of one turn, and conversations of three whose first and last answers are graded. */
function suiteText() {
  const add = (/** @type {number} */ n, /** @type {number} */ more) =>
    `Add ${n} and ${more}. State the sum as a number.`;
  const expect = (/** @type {number} */ value) => `expect: { type: match, value: ${value} }`;
  return [
    'description: Sums, alone and in conversations',
    'nonce: true',
    'parameters: { max_tokens: 100, temperature: 0 }',
    'cases:',
    ...Array.from(
      { length: SINGLES },
      (_, n) => `  - { id: single-${n}, prompt: '${add(n, 17)}', ${expect(n + 17)} }`,
    ),
    ...Array.from({ length: CONVERSATIONS }, (_, n) =>
      [
        `  - id: talk-${n}`,
        '    turns:',
        `      - { user: '${add(n, 100)}', ${expect(n + 100)} }`,
        '      - Tell me something about that number.',
        `      - { user: '${add(n, 200)}', ${expect(n + 200)} }`,
      ].join('\n'),
    ),
  ].join('\n');
}

/** @param {string} url @param {boolean} isShort */
function configText(url, isShort) {
  const timeouts = Object.entries(isShort ? SHORT_TIMEOUTS : TIMEOUTS).map(
    ([name, time]) => `${name}: ${time}`,
  );
  return [
    'targets:',
    '  soak:',
    `    base_url: ${url}`,
    '    api_key: $' + '{SOAK_KEY}',
    `    models: [${SIMULATED_MODELS.join(', ')}]`,
    `defaults: { warmup: 0, timeouts: { ${timeouts.join(', ')} } }`,
  ].join('\n');
}

/** @param {string} folder @param {string[]} args @param {Record<string, string>} [more] */
function start(folder, args, more = {}) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, SOAK_KEY: 'sk-soak', ...more };
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({
    code: /** @type {number | null} */ (code),
    ...said,
  }));
  return { child, ended, said };
}

/** @param {string} folder @param {string[]} args */
export function runCommand(folder, args) {
  return start(folder, args).ended;
}

/**
 * @param {string} folder
 * @param {{ seed: string, rules: string[], scale: string, log: string }} options
 */
export async function startSimulator(folder, { seed, rules, scale, log }) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'soak.yaml'), `${suiteText()}\n`);
  const { child, ended, said } = start(folder, [
    ...['simulate', '--port', '0', '--seed', seed, '--scale', scale, '--log', log],
    ...['--suite', './soak.yaml', '--fault', ...rules],
  ]);
  while (!said.stdout.includes('\n')) {
    await Promise.race([
      once(child.stdout, 'data'),
      ended.then(({ stderr }) => Promise.reject(new Error(`the simulator ended: ${stderr}`))),
    ]);
  }
  const url = said.stdout.trim();
  return {
    pid: child.pid,
    url,
    /** @returns {Promise<import('../../src/simulator/stats.ts').SimulatorStats>} */
    stats: async () => {
      const response = await fetch(new URL('/stats', url), { headers: { connection: 'close' } });
      return /** @type {any} */ (await response.json());
    },
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/**
 * @param {string} folder
 * @param {{ url: string, seed: string, streams: number, durationS: number, isShort: boolean, heapFile: string }} options
 */
export async function startClient(folder, options) {
  const { url, seed, streams, durationS, isShort, heapFile } = options;
  await writeFile(path.join(folder, 'bench.config.yaml'), `${configText(url, isShort)}\n`);
  const { child, ended } = start(
    folder,
    [
      ...['run', '--suite', './soak.yaml', '--order', 'interleaved', '-j', String(streams)],
      ...['--duration', `${durationS}s`, '--seed', seed, '--no-calibrate', '-q'],
      ...['--output', 'results'],
    ],
    { NODE_OPTIONS: `--import=${HEAP}`, TOKENTAPE_SOAK_HEAP: heapFile },
  );
  return { pid: child.pid, ended, kill: () => child.kill('SIGKILL') };
}
