import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, type CliResult, configFor, readOnlyRun, runCli } from './run-cli.ts';

const KEY = 'sk-canary-5e0c7b1a92';
const TOOLS = 'vllm sglang guidellm aiperf inference-perf llmperf evalscope genai-bench'.split(' ');

let server: Simulator;
let cwd: string;
beforeAll(async () => {
  server = await startSimulator({
    keys: { [KEY]: 'all' },
    faults: [{ fault: 'truncated', model: 'DeepSeek-R1', nth: 3 }],
  });
  cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  await tokentape('run', '-n', '8', '-w', '1', '--seed', '1', '-m', 'r1,guard');
});
afterAll(() => server.close());

function tokentape(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd, env: { MARKET_KEY: KEY } });
}
const stored = () => readOnlyRun(path.join(cwd, 'results'));

describe('recompute', () => {
  test('writes the same bytes again, and says how many records they are', async () => {
    const before = await stored();
    for (const name of ['summary.json', 'summary.csv', 'requests.csv']) {
      await rm(path.join(before.path, name));
    }
    expect(await tokentape('recompute', 'latest')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Recomputed: results/latest (18 records)\n',
    });
    expect((await stored()).texts).toEqual(before.texts);
  });

  test('-o writes a folder that export, compare and list read as a run', async () => {
    const { name, texts } = await stored();
    const { code, stderr } = await tokentape('recompute', name, '-o', 'again/one');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Recomputed: again/one (18 records)\n' });
    const csv = await tokentape('export', 'again/one');
    expect(csv.stdout).toBe(texts['summary.csv']);
    const compared = await tokentape('compare', 'again/one', name, '--json');
    expect(compared.code).toBe(0);
    const { stdout } = await tokentape('list', '-o', 'again', '--json');
    expect(JSON.parse(stdout).runs).toMatchObject([{ run_id: name }]);
  });

  test('--json prints the document that it wrote', async () => {
    const { texts } = await stored();
    const { stdout } = await tokentape('recompute', 'latest', '--json');
    expect(stdout).toBe(texts['summary.json']);
  });

  test('a run without tapes says so, and what is left', async () => {
    await tokentape('run', '-n', '1', '-m', 'guard', '--no-tapes', '-o', 'untaped');
    for (const more of [[], ['--definitions', 'all']]) {
      const { code, stdout, stderr } = await tokentape('recompute', 'untaped/latest', ...more);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe(
        'tokentape: untaped/latest has no tapes: the run was told not to keep them\n' +
          '  without them a run is what its records say: `tokentape export`\n',
      );
    }
  });

  test('a run that is none', async () => {
    const { code, stderr } = await tokentape('recompute', 'nowhere');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tokentape: there is no run nowhere\n {2}the newest in results: /);
  });
});

describe('recompute --definitions', () => {
  test('puts every tool beside us, and touches no file', async () => {
    const before = await stored();
    const { code, stdout, stderr } = await tokentape('recompute', 'latest', '--definitions', 'all');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trimEnd());
    const at = lines.indexOf('r1');
    expect(lines.slice(at + 1, at + 10).map((line) => line.split(' ')[0])).toEqual([
      'tokentape',
      ...TOOLS,
    ]);
    // The stream that ended without its end is a failure to us alone.
    expect(lines[at + 1]).toMatch(/^tokentape +7 +1 /);
    expect(lines[at + 2]).toMatch(/^vllm +8 +0 /);
    expect(stdout).toContain('vllm counts a reply without usage with a tokenizer');
    expect(stdout).toMatch(/aiperf counts every reply .*: some figure of 16 replies is n\/a/s);
    expect((await stored()).texts).toEqual(before.texts);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('as JSON: figures, and null for what a tool does not have', async () => {
    const { records } = await stored();
    const { stdout } = await tokentape('recompute', 'latest', '--definitions=vllm', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema_version: 1, simulated: false, untaped: 0, unread: [] });
    const rows = document.rows as Record<string, unknown>[];
    expect(rows.map(({ label, definition }) => [label, definition])).toEqual([
      ['r1', 'tokentape'],
      ['r1', 'vllm'],
      ['guard', 'tokentape'],
      ['guard', 'vllm'],
    ]);
    const measured = records.filter(
      ({ phase, model }) => phase === 'measure' && model === 'DeepSeek-R1',
    );
    const firstEvents = measured.map(({ first_event_ms }) => first_event_ms ?? 0);
    const mean = firstEvents.reduce((sum, ms) => sum + ms, 0) / firstEvents.length;
    // The role chunk is the first event, and vLLM's first token.
    expect(rows[1]).toMatchObject({
      requests_ok: 8,
      ttft_ms: { n: 8, mean: expect.closeTo(mean, 6) },
      at_least: ['output_tokens'],
    });
    const genai = await tokentape('recompute', 'latest', '--definitions', 'genai-bench', '--json');
    expect(JSON.parse(genai.stdout).rows[1]).toMatchObject({ itl_ms: null });
  });

  test('as CSV, to a file or to stdout', async () => {
    const args = [
      'recompute',
      'latest',
      '--definitions',
      'sglang,llmperf',
      '--definitions',
      'vllm',
    ];
    const { stdout } = await tokentape(...args, '--csv', '-');
    const lines = parse(stdout, { columns: true }) as Record<string, string>[];
    expect(lines.map(({ definition }) => definition)).toEqual([
      ...['tokentape', 'sglang', 'llmperf', 'vllm'],
      ...['tokentape', 'sglang', 'llmperf', 'vllm'],
    ]);
    expect(lines[2]).toMatchObject({ tpot_ms_n: '', output_tokens: '', requests_ok: '8' });
    const filed = await tokentape(...args, '--csv', 'by.csv');
    expect(filed.stderr).toBe('Written: by.csv\n');
    expect(filed.stdout).toMatch(/^as defined/);
    expect(await readFile(path.join(cwd, 'by.csv'), 'utf8')).toBe(stdout);
  });

  test.each([
    [['--definitions', 'vlm'], /no tool is called vlm\n {2}did you mean vllm\?/],
    [['--definitions', 'all,k6'], /no tool is called k6\n {2}there are vllm, .*, all/],
    [['--definitions', ','], /names nothing/],
    [['--csv', 'x.csv'], /--csv is for the figures of --definitions\n/],
    [['--definitions', 'all', '-o', 'x'], /--output has no use/],
  ])('refuses %j', async (flags, message) => {
    const { code, stdout, stderr } = await tokentape('recompute', 'latest', ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(await readdir(cwd)).not.toContain('x.csv');
  });

  test('a narrow terminal leaves columns out and says which', async () => {
    const { stdout } = await runCli(['recompute', 'latest', '--definitions', 'vllm'], {
      cwd,
      env: { MARKET_KEY: KEY, COLUMNS: '60' },
    });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(stdout.replaceAll('\n', ' ')).toContain('Left out at 60 columns: TTFT p99');
  });
});

test('what another tool cannot read, only we count', async () => {
  const folder = await aFolder({
    'bench.config.yaml': configFor(new URL('/wrapper/v1', server.url).href).replace(
      '    models: [r1, guard]',
      '    models: [guard]\n    dialect: content',
    ),
  });
  const env = { MARKET_KEY: KEY };
  const ran = await runCli(['run', '-n', '2'], { cwd: folder, env });
  expect(ran.code).toBe(0);
  const { stdout } = await runCli(['recompute', 'latest', '--definitions', 'all'], {
    cwd: folder,
    env,
  });
  expect(stdout).toContain('No other tool reads the dialect of market');
  expect(stdout).not.toContain('sglang ');
});
