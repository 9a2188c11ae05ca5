import { copyFile, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, type CliResult, configFor, readOnlyRun, runCli, startCli } from './run-cli.ts';

const KEY = 'sk-canary-7d1f0a9b3c';
let server: Simulator;
beforeAll(async () => {
  server = await startSimulator({ profile: 'fast', keys: { [KEY]: 'all' } });
});
afterAll(() => server.close());

async function tokentape(cwd: string, ...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd, env: { MARKET_KEY: KEY } });
}

describe('a run and what is read of it', () => {
  let cwd: string;
  let ran: CliResult;
  beforeAll(async () => {
    cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
    ran = await tokentape(cwd, 'run', '-n', '8', '--seed', '1');
  });
  const stored = () => readOnlyRun(path.join(cwd, 'results'));

  test('ends with 0 and names its folder on stderr', async () => {
    const { name } = await stored();
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe(`Results: results/${name}\n`);
    expect(name).toMatch(/^\d{8}T\d{6}Z-smoke$/);
  });

  test('leaves every file of the contract, and a relative link to the newest', async () => {
    const { name, path: folder, manifest, records } = await stored();
    expect((await readdir(folder)).sort()).toEqual([
      'grades.ndjson',
      'manifest.json',
      'plan.ndjson.gz',
      'requests.csv',
      'requests.ndjson',
      'summary.csv',
      'summary.json',
      'tapes.ndjson.gz',
    ]);
    expect(await readlink(path.join(cwd, 'results/latest'))).toBe(name);
    expect(manifest).toMatchObject({ state: 'complete', seed: '1', interrupted: null });
    expect(records).toHaveLength(16);
  });

  test('export gives each form, on stdout alone', async () => {
    const { texts } = await stored();
    const csv = await tokentape(cwd, 'export', 'latest');
    expect(csv).toEqual({ code: 0, stdout: texts['summary.csv'], stderr: '' });
    const requests = await tokentape(cwd, 'export', 'latest', '--to', 'requests-csv');
    expect(requests.stdout).toBe(texts['requests.csv']);
    const json = await tokentape(cwd, 'export', 'latest', '--to', 'json');
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(texts['summary.json'] ?? ''));
    const table = await tokentape(cwd, 'export', 'latest', '--to', 'table');
    expect(table.stdout).toBe(ran.stdout);
    const markdown = await tokentape(cwd, 'export', 'latest', '--to', 'md', '-o', 'run.md');
    expect(markdown).toEqual({ code: 0, stdout: '', stderr: 'Written: run.md\n' });
    expect(await readFile(path.join(cwd, 'run.md'), 'utf8')).toContain(
      '| r1 | 8/8 | 0 \\[0–33\\] |',
    );
  });

  test('compare puts the models side by side, as text and as CSV', async () => {
    const text = await tokentape(cwd, 'compare', 'latest');
    expect(text.stdout).toMatch(/^A {2}r1 \(base\)\nB {2}guard$/m);
    const { stdout } = await tokentape(cwd, 'compare', 'latest', '--csv', '-');
    const lines = parse(stdout, { columns: true }) as Record<string, string>[];
    expect(new Set(lines.map(({ run }) => run))).toEqual(new Set(['r1', 'guard']));
    const wrong = await tokentape(cwd, 'compare', 'latest', '-m', 'guarf');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('did you mean guard?');
  });

  test('compare sorts, filters, turns round, and writes wide CSV', async () => {
    const league = await tokentape(cwd, 'compare', 'latest', '--by', 'model', '--sort=-ttft');
    expect(league).toMatchObject({ code: 0, stderr: '' });
    expect(league.stdout).toMatch(/^model +errors +/m);
    const flags = ['--format', 'wide', '--by', 'model', '--metric', 'ttft', '--csv', 'wide.csv'];
    const wide = await tokentape(cwd, 'compare', 'latest', '--base', 'guard', ...flags);
    expect(wide).toMatchObject({ code: 0, stderr: 'Written: wide.csv\n' });
    const lines = parse(await readFile(path.join(cwd, 'wide.csv'), 'utf8'), { columns: true });
    expect(lines).toMatchObject([
      { model: 'guard', ttft_ms_p50_n: '8' },
      { model: 'r1', ttft_ms_p50_n: '8' },
    ]);
    const only = await tokentape(
      cwd,
      'compare',
      'latest',
      'latest',
      '--only',
      'model=r1',
      '--json',
    );
    expect(JSON.parse(only.stdout)).toMatchObject({
      schema_version: 1,
      sides: 'run',
      rows: [{ label: 'r1' }],
    });
  });

  test('compare of a run whose records are gone gives its figures, and says so', async () => {
    const { name } = await stored();
    const kept = path.join(cwd, 'kept');
    await mkdir(kept);
    for (const file of ['manifest.json', 'summary.json']) {
      await copyFile(path.join(cwd, 'results', name, file), path.join(kept, file));
    }
    const { code, stdout } = await tokentape(cwd, 'compare', 'kept', 'latest');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^No records are left of \S+ \(requests\.ndjson\)/m);
    expect(stdout).toMatch(/^TTFT p50, ms +\S+/m);
  });

  test('list shows it', async () => {
    const { name } = await stored();
    const { stdout } = await tokentape(cwd, 'list', '--json');
    const { runs, suites } = JSON.parse(stdout);
    expect(runs).toMatchObject([{ run_id: name, state: 'complete', models: 2, requests: 16 }]);
    expect(suites.map((suite: { name: string }) => suite.name)).toContain('reasoning');
    expect((await tokentape(cwd, 'list')).stdout).toContain(name);
  });
});

test('compare of runs with nothing in common says so', async () => {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  for (const suite of ['smoke', 'chat']) {
    await tokentape(cwd, 'run', '-s', suite, '-n', '1', '-m', 'r1', '-o', suite);
  }
  const { code, stdout, stderr } = await tokentape(cwd, 'compare', 'smoke/latest', 'chat/latest');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('nothing to compare');
});

test('--json is one document on stdout, --quiet says nothing', async () => {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  const { code, stdout, stderr } = await tokentape(
    cwd,
    'run',
    '-n',
    '1',
    '-m',
    'r1',
    '--json',
    '-q',
  );
  expect(JSON.parse(stdout)).toMatchObject({ rows: [{ label: 'r1', requests: { ok: 1 } }] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('--dry-run sends nothing and writes nothing', async () => {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  const before = server.stats().requests;
  const text = await tokentape(cwd, 'run', '--dry-run', '-n', '5');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^Requests: +10,/m);
  const json = await tokentape(cwd, 'run', '--dry-run', '-n', '5', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ requests: 10, cost_usd_upper: null });
  expect(server.stats().requests).toBe(before);
  expect(await readdir(cwd)).toEqual(['bench.config.yaml']);
});

test('a results folder that cannot be written: exit 74, nothing sent', async () => {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url), results: 'a file' });
  const before = server.stats().requests;
  const { code, stdout, stderr } = await tokentape(cwd, 'run', '-n', '1');
  expect(stderr).toMatch(/^tokentape: cannot make a folder for the results in results: /);
  expect(stderr).toContain('--output');
  expect({ code, stdout }).toEqual({ code: 74, stdout: '' });
  expect(server.stats().requests).toBe(before);
  expect((await readdir(cwd)).sort()).toEqual(['bench.config.yaml', 'results']);
  expect(await readFile(path.join(cwd, 'results'), 'utf8')).toBe('a file');
});

describe('thresholds', () => {
  test.each([
    ['kept', 'error_rate{model:r1}<0.5', 8, 0],
    ['broken', 'ttft_ms{model:r1}:p(50)<0.001', 8, 99],
    ['undecided for want of samples', 'ttft_ms{model:r1}:p(95)<100000', 8, 4],
    ['of which one is broken and one undecided', "ttft_ms:p(95)<1'\n  - 'ttft_ms:med<0.001", 8, 99],
  ])('%s', async (_, threshold, requests, expected) => {
    const more = `thresholds:\n  - '${threshold}'\n`;
    const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url, more) });
    const { code, stdout } = await tokentape(cwd, 'run', '-n', String(requests), '-m', 'r1');
    expect(stdout).toContain('\nThresholds\n');
    expect(code).toBe(expected);
  });
});

test('with --json, the verdicts on thresholds are in the document', async () => {
  const more = `thresholds:\n  - 'ttft_ms{model:r1}:p(50)<0.001'\n`;
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url, more) });
  const { code, stdout } = await tokentape(cwd, 'run', '-n', '8', '-m', 'r1', '--json');
  expect(code).toBe(99);
  expect(JSON.parse(stdout).thresholds).toEqual([
    expect.objectContaining({
      threshold: 'ttft_ms{model:r1}:p(50)<0.001',
      model: 'DeepSeek-R1',
      n: 8,
      verdict: 'fail',
    }),
  ]);
});

describe('without a server of one’s own', () => {
  test('in an empty folder the simulator answers, says so in all it writes, and points to init', async () => {
    const cwd = await aFolder();
    const { code, stdout, stderr } = await runCli(['-n', '2', '--profile', 'fast'], { cwd });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^SIMULATED: /);
    expect(lines.at(-1)).toBe(lines[0]);
    expect(stdout.match(/ 2\/2 /g)).toHaveLength(12);
    expect(stderr).toContain('tokentape init');
    const { texts } = await readOnlyRun(path.join(cwd, 'results'));
    for (const [name, text] of Object.entries(texts)) {
      if (name !== 'tapes.ndjson.gz') expect(text, name).toMatch(/simulated/);
    }
  });

  test('init, validate and run, one after the other', async () => {
    const cwd = await aFolder();
    expect(await runCli(['init'], { cwd })).toMatchObject({ code: 0, stdout: '' });
    expect((await readdir(cwd)).sort()).toEqual(['.env.example', 'bench.config.yaml']);
    const valid = await runCli(['validate'], { cwd });
    expect(valid).toMatchObject({ code: 0, stderr: '' });
    expect(valid.stdout).toMatch(/^bench\.config\.yaml: ok$/m);
    const ran = await runCli(['run', '-n', '1', '-m', 'r1', '--profile', 'fast'], { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('The embedded simulator answers for marketplace');

    await writeFile(path.join(cwd, 'bench.config.yaml'), '# mine\n');
    expect(await runCli(['init'], { cwd })).toMatchObject({ code: 2 });
    expect(await readFile(path.join(cwd, 'bench.config.yaml'), 'utf8')).toBe('# mine\n');
    expect(await runCli(['init', '--force'], { cwd })).toMatchObject({ code: 0 });
  });
});

test('a reader that leaves early changes neither the exit code nor what is said', async () => {
  const more = `thresholds:\n  - 'ttft_ms:p(50)<0.001'\n`;
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url, more) });
  const { child, ended } = startCli(['run', '-n', '8', '-m', 'r1'], {
    cwd,
    env: { MARKET_KEY: KEY },
  });
  child.stdout?.destroy();
  const { code, stderr } = await ended;
  expect(stderr).toMatch(/^Results: \S+\n$/);
  expect(code).toBe(99);
});
