// Valid inputs to begin from: what the project ships, and what a run of it writes.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { freeze } from './freeze.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = path.join(ROOT, 'dist/cli.js');
const CASES = path.join(ROOT, '../shared/conformance/sse-cases.json');

/**
 * Where it all lies; handed from thread to thread.
 * @typedef {object} Corpus
 * @property {string} folder room to write in
 * @property {string} run folder of a whole, graded run on the simulator
 * @property {string} baseline file of the same run
 */

/**
 * @typedef {Corpus & {
 *   configs: Buffer[],
 *   suites: Buffer[],
 *   streams: Buffer[],
 *   tapeLines: string[],
 *   recordLines: string[],
 * }} Seeds
 */

/**
 * Sends two small suites to three models of the simulator, and makes a baseline of it.
 * @param {string} folder
 * @returns {Promise<Corpus>}
 */
export async function makeCorpus(folder) {
  const cli = (/** @type {string[]} */ ...args) =>
    promisify(execFile)(process.execPath, [CLI, ...args], { cwd: folder, env: quietEnv() });
  const results = path.join(folder, 'results');
  await cli(
    'run',
    '-s',
    'smoke',
    'safety',
    '-n',
    '6',
    '-t',
    'simulator',
    '-m',
    'DeepSeek-R1',
    'Llama-Guard-3-8B',
    '-o',
    results,
    '--no-calibrate',
    '--profile',
    'fast',
    '--seed',
    'fuzz',
    '--no-nonce',
    '-q',
  ).catch(tolerated);
  const [name] = readdirSync(results).filter((one) => one !== 'latest');
  const run = path.join(results, 'run');
  renameSync(path.join(results, name ?? ''), run);
  rmSync(path.join(results, 'latest'));
  symlinkSync('run', path.join(results, 'latest'));
  freeze(run);
  await cli('recompute', run, '--results', results);
  await cli('baseline', 'add', run, '--dir', path.join(folder, 'baselines')).catch(tolerated);
  const [baseline] = existsSync(path.join(folder, 'baselines'))
    ? readdirSync(path.join(folder, 'baselines'))
    : [];
  if (baseline === undefined) throw new Error('no baseline of the run could be made');
  return { folder, run, baseline: path.join(folder, 'baselines', baseline) };
}

function quietEnv() {
  const { PATH, HOME } = process.env;
  return { ...(PATH && { PATH }), ...(HOME && { HOME }) };
}

/**
 * A busy machine may make the run an invalid one; its files are as good.
 * @param {{ code?: number, stderr?: string }} error
 */
function tolerated(error) {
  if (error.code !== 3 && error.code !== 69) throw error;
}

/**
 * @param {Corpus} corpus
 * @returns {Seeds}
 */
export function openCorpus(corpus) {
  const tapes = readFileSync(path.join(corpus.run, 'tapes.ndjson.gz'));
  const tapeLines = gunzipSync(tapes).toString('utf8').split('\n').filter(Boolean);
  const bodies = tapeLines.map((line) => {
    const { body, body_encoding } = JSON.parse(line);
    return Buffer.from(body, body_encoding);
  });
  return {
    ...corpus,
    configs: [path.join(ROOT, 'bench.config.yaml')]
      .map((file) => readFileSync(file))
      .concat(CONFIG),
    suites: yamlIn(path.join(ROOT, 'suites')),
    streams: [...bodies.filter(({ length }) => length < 20_000), ...publishedCases(), ...STREAMS],
    tapeLines,
    recordLines: readFileSync(path.join(corpus.run, 'requests.ndjson'), 'utf8')
      .split('\n')
      .filter(Boolean),
  };
}

/** @param {string} folder */
function yamlIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => readFileSync(path.join(folder, name)));
}

/** Cases of public suites, where they lie beside this checkout. */
function publishedCases() {
  if (!existsSync(CASES)) return [];
  /** @type {{ input_b64: string }[]} */
  const cases = JSON.parse(readFileSync(CASES, 'utf8'));
  return cases
    .map(({ input_b64 }) => Buffer.from(input_b64, 'base64'))
    .filter(({ length }) => length < 5000);
}

const STREAMS = [
  'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n',
  'data: {"choices":[{"index":0,"delta":{"reasoning_content":"a"}}]}\r\n\r\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\n',
  ': keep-alive\n\nevent: ping\n\nevent: error\ndata: {"error":{"message":"busy","code":503}}\n\n',
  '\ufeffdata:{"content":"a"}\rid: 1\r\rdata: [DONE]\r\r',
  'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":1}}}\n\ndata: [DONE]',
  'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{"}}]}}]}\n\n',
].map((text) => Buffer.from(text));

/** More of what a config may hold than the shipped one does. */
const CONFIG = Buffer.from(`targets:
  one: &one
    base_url: \${BASE:-https://models.example.com/v1}
    api_key: \${KEY}
    dialect: openai
    protocol: h2
    headers: { x-team: "\${TEAM:-a}" }
    models: [r1, "Qwen/Qwen3-8B"]
  two:
    <<: *one
    models: subscribed
models:
  - { name: DeepSeek-R1, alias: r1, price: { input_per_million: 0.5, output_per_million: 2 }, tags: [reasoning] }
  - name: Qwen/Qwen3-8B
    parameters: { temperature: 0, max_tokens: 100 }
defaults:
  target: one
  suites: [smoke]
  concurrency: 4
  duration: 1m30s
  timeouts: { connect: 10s, first_token: 2m, stall: 60s, total: 10m }
thresholds:
  - "ttft_ms:p(95)<800"
  - "error_rate{model:DeepSeek-R1}<1%"
`);
