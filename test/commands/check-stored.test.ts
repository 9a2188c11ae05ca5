import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  check,
  closeSimulators,
  ENV,
  folderFor,
  readRun,
  SENT,
  simulate,
  simulators,
} from './checking.ts';
import { runCli } from './run-cli.ts';

describe('a check against earlier runs', () => {
  test('sends the same plan, and says how many runs are missing', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const sent = ['-s', './tiny.yaml', '-m', 'qwen', '-n', '12'];
    await runCli(['run', '-q', ...sent], { cwd, env: ENV });
    const baseline = ['--baseline', 'results', '--metric', 'error_rate'];
    const { result } = await check(cwd, ...sent, ...baseline, '--threshold', 'error_rate<70%');
    expect(result.findings.map(({ form, advisory }) => [form, advisory])).toEqual([
      ['threshold', false],
      ['history', true],
    ]);
    expect(result.requests).toEqual({ planned: 12, sent: 12, ok: 12 });
    const again = await check(cwd, result.run_id, ...baseline, '--threshold', 'error_rate<70%');
    expect(again.result).toEqual(result);
  });

  test('of another plan sends nothing', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const sent = ['-s', './tiny.yaml', '-m', 'qwen', '-n'];
    await runCli(['run', '-q', ...sent, '12'], { cwd, env: ENV });
    const before = simulators[0]?.stats().requests;
    const other = ['check', ...sent, '13', '--baseline', 'results'];
    const { code, stderr } = await runCli(other, { cwd, env: ENV });
    expect(code).toBe(2);
    expect(stderr).toContain('requests of each 12 → 13');
    expect(simulators[0]?.stats().requests).toBe(before);
  });
});

describe('a stored run', () => {
  test('is judged by limits with nothing sent', async () => {
    const url = await simulate(10);
    const cwd = await folderFor({ market: url });
    const run = ['run', '-q', '-s', './tiny.yaml', '-m', 'qwen', '-n', '20'];
    await runCli(run, { cwd, env: ENV });
    await closeSimulators();
    expect((await check(cwd, 'latest', '--threshold', 'error_rate<60%')).code).toBe(0);
    expect((await check(cwd, 'latest', '--threshold', 'error_rate<5%')).code).toBe(4);
  });

  test('is told from one that was never whole', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    await runCli(['run', '-q', '-s', './tiny.yaml', '-m', 'qwen'], { cwd, env: ENV });
    const { path: folder, manifest } = await readRun(cwd);
    const partial = { ...manifest, state: 'partial' };
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(partial));
    const { code, result } = await check(cwd, 'latest', '--threshold', 'error_rate<60%');
    expect([code, result.verdict]).toEqual([3, 'invalid']);
  });
});

describe('what a check is told', () => {
  const LIMIT = ['--threshold', 'error_rate<5%'];
  test.each<[string, string[], RegExp]>([
    [
      'nothing to judge by',
      [],
      /nothing to judge by[\s\S]*--threshold[\s\S]*--against[\s\S]*--baseline/,
    ],
    [
      'a second arm that is none',
      ['--against', 'marke'],
      /no model or target marke\n.*mean market/,
    ],
    ['two arms', ['--against', 'qwen', '--baseline', 'x'], /--against: cannot go with --baseline/],
    ['an unknown metric', [...LIMIT, '--metric', 'tfft_ms'], /unknown metric 'tfft_ms'/],
    ['a report of no form', [...LIMIT, '--report', 'x=y'], /unknown form 'x'/],
    ['a run and what to send', ['latest', ...LIMIT, '--pairs', '10'], /--pairs has no use/],
    ['a run that is not there', ['20260101T000000Z-x', ...LIMIT], /there is no run 2026/],
  ])('%s is refused, and nothing is sent', async (_, args, message) => {
    const cwd = await folderFor({ market: await simulate(10) });
    const { code, stderr, stdout } = await runCli(['check', ...args], { cwd, env: ENV });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(simulators[0]?.stats().requests).toBe(0);
  });

  test('to send nothing: pairs, looks and findings, and what it may cost', async () => {
    const cwd = await folderFor({ market: await simulate(10) });
    const args = ['check', ...SENT, '--dry-run', '--against', 'guard', ...LIMIT];
    const { code, stdout } = await runCli(args, { cwd, env: ENV });
    expect(code).toBe(0);
    expect(stdout).toMatch(/market \/ qwen \/ tiny: 32\n.*market \/ guard \/ tiny: 32/);
    expect(stdout).toContain('qwen at market against guard at market, tiny');
    expect(stdout).toMatch(/Findings: +3, .*\nLooks: +after 8, 16, 32 pairs/);
    const json = await runCli([...args, '--json'], { cwd, env: ENV });
    expect(JSON.parse(json.stdout).check).toMatchObject({ findings: 3, looks: [8, 16, 32] });
    expect(simulators[0]?.stats().requests).toBe(0);
  });
});
