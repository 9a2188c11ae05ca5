import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PowerResult } from '../../src/gate/power/types.ts';
import { aFolder, readOnlyRun, runCli } from './run-cli.ts';

const RUN = [
  ...['run', '-t', 'simulator', '-m', 'Llama-Guard-3-8B', '-s', 'smoke', '--profile', 'fast'],
  ...['--repeat', '4', '--seed', '1', '-q'],
];

describe('of a stored run', () => {
  test('says how many pairs, as a table and as JSON, and sends nothing', async () => {
    const cwd = await aFolder();
    await runCli(RUN, { cwd });
    const { name } = await readOnlyRun(`${cwd}/results`);
    const text = await runCli(['power'], { cwd, env: { COLUMNS: '80' } });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain(name);
    expect(text.stdout).toMatch(/^Llama-Guard-3-8B · smoke$/m);
    expect(text.stdout).toMatch(/two requests of one case/);

    const flags = ['--json', '--change', '+20%', '--certainty', '0.9', '--metric', 'ttft_ms'];
    const json = await runCli(['power', name, ...flags], { cwd });
    const result = JSON.parse(json.stdout) as PowerResult;
    expect(result).toMatchObject({ run_id: name, certainty: 0.9, tests: 1, simulated: true });
    const [metric] = result.rows[0]?.metrics ?? [];
    expect(metric?.changes.map(({ change }) => change)).toEqual([0.2]);
    expect(metric?.changes[0]?.pairs.value).toBeGreaterThan(1);
    const again = await runCli(['power', name, ...flags], { cwd });
    expect(again.stdout).toBe(json.stdout);
    // What was read is all there is.
    await readOnlyRun(`${cwd}/results`);
  });

  test('limits alone are decided without pairs', async () => {
    const cwd = await aFolder();
    await runCli(RUN, { cwd });
    const { stdout } = await runCli(
      ['power', 'latest', '--threshold', 'ttft_ms:p(50)<9s', 'error_rate<5%', '--json'],
      { cwd },
    );
    const { rows, limits, tests } = JSON.parse(stdout) as PowerResult;
    expect([rows.length, tests]).toEqual([0, 2]);
    expect(limits.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });

  test("the config's limits share α, for the check judges them as well", async () => {
    const cwd = await aFolder();
    await runCli(RUN, { cwd });
    const limits = ['error_rate<5%', 'ttft_ms{model:another}:p(50)<1s', 'ttft_ms:p(50)<9s'];
    const file = path.join(cwd, 'bench.config.yaml');
    await writeFile(file, `thresholds: ${JSON.stringify(limits)}\n`);
    const testsOf = async (...flags: string[]) => {
      const { stdout } = await runCli(['power', 'latest', '--json', ...flags], { cwd });
      const { tests, limits: asked } = JSON.parse(stdout) as PowerResult;
      return [tests, asked.length];
    };
    expect(await testsOf('--metric', 'ttft_ms')).toEqual([3, 0]);
    expect(await testsOf('--threshold', 'error_rate<1%')).toEqual([3, 1]);
    await writeFile(file, `thresholds: ['error_rate<5 pc']\n`);
    const { code, stderr } = await runCli(['power', 'latest'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('bench.config.yaml:1:')]);
  });

  test.each([
    [['power', 'nope'], /there is no run nope/],
    [
      ['power', 'latest', '-m', 'Lama-Guard-3-8B'],
      /no model Lama-Guard.*\n.*did you mean Llama-Guard-3-8B/,
    ],
    [['power', 'latest', '-s', 'chat'], /no suite chat in/],
    [['power', 'latest', '--threshold', 'ttft_ms{model:other}:p(50)<1'], /means no row of/],
    [['power', 'latest', '--pilot', '30'], /--pilot sends pairs of its own/],
  ])('%j is refused', async (args, message) => {
    const cwd = await aFolder();
    await runCli([...RUN, '-n', '1'], { cwd });
    const { code, stderr, stdout } = await runCli(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test('all mistakes of what is asked are told at once', async () => {
  const { code, stderr } = await runCli(
    ['power', '--change', '5', '--certainty', '20', '--metric', 'ttft', '--pairs', 'many'],
    { cwd: await aFolder() },
  );
  expect(code).toBe(2);
  for (const flag of ['--change', '--certainty', '--metric', '--pairs']) {
    expect(stderr).toContain(`${flag}: `);
  }
});

describe('a pilot', () => {
  const PILOT = ['power', '--pilot', '15', '-t', 'simulator', '-m', 'Llama-Guard-3-8B'];

  test('sends so many pairs of the model against itself, and goes by them', async () => {
    const cwd = await aFolder();
    const args = [...PILOT, '-s', 'smoke', '--profile', 'fast', '--seed', '1', '--json', '-q'];
    const { code, stdout } = await runCli(args, { cwd });
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout) as PowerResult;
    expect(rows.map(({ source, model }) => [source, model])).toEqual([
      ['pairs', 'Llama-Guard-3-8B'],
    ]);
    const { records } = await readOnlyRun(`${cwd}/results`);
    const measured = records.filter(({ phase }) => phase === 'measure');
    expect(measured).toHaveLength(30);
    expect(new Set(measured.map(({ pair_id }) => pair_id)).size).toBe(15);
  });

  test('asks the judge, where only a reader can grade', async () => {
    const cwd = await aFolder({
      'rain.yaml': [
        'description: Kind words.',
        'cases:',
        '  - id: rain',
        '    prompt: Say something kind about rain.',
        '    expect: { type: model-graded, value: It is kind. }',
        '    reference: Rain makes gardens grow.',
        '    wrong: Rain is a nuisance.',
      ].join('\n'),
    });
    const sent = ['power', '--pilot', '12', '-t', 'simulator', '-m', 'Qwen2.5-7B-chat'];
    const asked = [...sent, '-s', './rain.yaml', '--judge', 'simulator/DeepSeek-R1'];
    const { code } = await runCli([...asked, '--profile', 'fast', '--json', '-q'], { cwd });
    expect(code).toBe(0);
    const { manifest } = await readOnlyRun(`${cwd}/results`);
    expect(manifest.grading?.judge?.calls).toBeGreaterThanOrEqual(2);
  });

  test('keeps to a budget, and says beforehand what it would send', async () => {
    const cwd = await aFolder();
    const dry = await runCli([...PILOT, '-s', 'smoke', '--dry-run'], { cwd });
    expect(dry.stdout).toMatch(/^Nothing is sent/);
    expect(dry.stdout).toMatch(/: 30$/m);
    const costly = await runCli([...PILOT, '-s', 'smoke', '--max-cost', '0.01'], { cwd });
    expect(costly.code).toBe(2);
    expect(costly.stderr).toMatch(/--max-cost cannot be kept/);
  });

  test.each([
    [['--baseline', 'baselines'], /--pilot sends pairs, and no history is of such a plan/],
    [
      ['--threshold', 'ttft_ms{model:other}:p(50)<1'],
      /--threshold: 'ttft_ms\{model:other\}:p\(50\)<1' means no row of what would be sent/,
    ],
  ])('with %j is refused before anything is sent', async (more, message) => {
    const cwd = await aFolder();
    const { code, stderr } = await runCli([...PILOT, '-s', 'smoke', ...more], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(await readdir(cwd)).not.toContain('results');
  });

  test.each(['3', 'x', '1.5'])('of %s pairs is refused', async (count) => {
    const { code, stderr } = await runCli(['power', '--pilot', count], { cwd: await aFolder() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--pilot: must be a whole number from 12 to 10000/);
  });
});
