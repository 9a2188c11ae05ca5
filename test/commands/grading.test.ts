import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/store/types.ts';
import { aFolder, type CliResult, type RunningCli, runCli, startCli } from './run-cli.ts';

const SUITE = `
description: One of each kind.
cases:
  - id: capital
    prompt: What is the capital of France? Answer with the name alone.
    expect: {type: icontains, value: Paris}
  - id: code
    prompt: Write a Python function f that returns 1.
    expect: {type: code, value: {language: python, function: f, tests: [{args: [], equals: 1}]}}
    reference: |-
      \`\`\`python
      def f():
          return 1
      \`\`\`
    wrong: |-
      \`\`\`python
      def f():
          return 2
      \`\`\`
  - id: judged
    prompt: Say something kind about rain.
    expect: {type: model-graded, value: It is kind.}
    reference: Rain makes gardens grow.
    wrong: Rain is a nuisance.
`;
const RUN = ['run', '-s', 'mixed.yaml', '-t', 'simulator', '--profile', 'fast', '-m', 'qwen7b'];

let cwd: string;
beforeAll(async () => {
  const config = 'models: [{name: Qwen2.5-7B-chat, alias: qwen7b}, {name: DeepSeek-R1}]\n';
  cwd = await aFolder({ 'mixed.yaml': SUITE, 'bench.config.yaml': config });
});
const tokentape = (...args: string[]): Promise<CliResult> => runCli(args, { cwd });

interface Told {
  manifest: { grading: { state: string; not_run: object; judge?: { calls: number } } };
  rows: { grades: { right: number; wrong: number; ungraded: number } }[];
  changes: { from: string; to: string; count: number }[];
}
const told = ({ stdout }: CliResult) => JSON.parse(stdout) as Told;

describe('a run', () => {
  test('says beforehand what it would grade how', async () => {
    const unasked = await tokentape(...RUN, '--dry-run');
    expect(unasked.stdout).toContain(
      'Graded:        1 answer at once; 1 answer only with --run-code; ' +
        '1 answer only with --judge TARGET/MODEL\n',
    );
    const asked = [...RUN, '--dry-run', '--run-code', '--judge', 'simulator/DeepSeek-R1'];
    const { stdout } = await tokentape(...asked);
    expect(stdout).toContain(
      '1 answer afterwards, by running code; 1 answer afterwards, by asking the judge',
    );
    expect((await tokentape(...RUN, '--dry-run', '--no-grade')).stdout).toContain('switched off');
    const json = JSON.parse((await tokentape(...RUN, '--dry-run', '--json')).stdout);
    expect(json.grading).toEqual({
      ...{ not_graded: 0, at_once: 1, later: {}, not_run: { code: 1, 'model-graded': 1 } },
    });
  });

  test('refuses a judge at no target, with all other mistakes', async () => {
    const { code, stderr } = await tokentape(...RUN, '--judge', 'market/x', '-j', 'many');
    expect(code).toBe(2);
    expect(stderr).toContain('--judge: no target market');
    expect(stderr).toContain('--concurrency: must be');
  });

  test('with everything asked for grades everything, and says what it waits for', async () => {
    const asked = [...RUN, '--run-code', '--judge', 'simulator/DeepSeek-R1', '--json'];
    const result = await tokentape(...asked);
    expect(result.stderr).toContain('Grading 2 answers by ');
    const { manifest, rows } = told(result);
    expect(manifest.grading).toMatchObject({ state: 'complete', not_run: {} });
    expect(manifest.grading.judge?.calls).toBeGreaterThanOrEqual(2);
    const { right = 0, wrong = 0, ungraded = 0 } = rows[0]?.grades ?? {};
    expect(right + wrong + ungraded).toBe(3);
  }, 60_000);
});

describe('ended while a slow judge is asked', () => {
  /** A run that has measured everything, and waits for its judge. */
  async function judging(
    results: string,
  ): Promise<RunningCli & { file: (name: string) => string }> {
    const slow = RUN.map((word) => (word === 'fast' ? 'slow' : word));
    const running = startCli([...slow, '--judge', 'simulator/DeepSeek-R1', '-o', results], { cwd });
    await new Promise<void>((resolve) => {
      running.child.stderr?.on('data', (text: string) => {
        if (text.includes('Grading 1 answer by asking the judge')) resolve();
      });
    });
    const file = (name: string) => readFileSync(path.join(cwd, results, 'latest', name), 'utf8');
    return { ...running, file };
  }
  const manifestIn = (file: (name: string) => string) =>
    JSON.parse(file('manifest.json')) as Manifest;

  test('by Ctrl-C, a run is complete, and what waited is ungraded', async () => {
    const { child, ended, file } = await judging('interrupted');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(manifestIn(file)).toMatchObject({
      ...{ state: 'complete', interrupted: null, grading: { state: 'interrupted', ungraded: 2 } },
    });
    expect(file('grades.ndjson')).toContain('"reason":"grading was interrupted"');
    expect(file('summary.csv').split('\n')).toHaveLength(3);
  }, 60_000);

  test('by SIGKILL, a run has all that was measured and graded till then', async () => {
    const { child, ended, file } = await judging('killed');
    child.kill('SIGKILL');
    await ended;
    expect(manifestIn(file)).toMatchObject({
      ...{ state: 'complete', grading: { state: 'unfinished' } },
    });
    expect(file('grades.ndjson').trim().split('\n')).toHaveLength(2);
    expect(file('requests.ndjson').trim().split('\n')).toHaveLength(3);
    const again = await tokentape('recompute', 'killed/latest', '--grade');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('1 grade changed: 1 not graded → ungraded.');
    expect(manifestIn(file).grading).toMatchObject({ state: 'complete' });
  }, 60_000);
});

describe('recompute --grade', () => {
  test('takes verdicts of the run, runs code where it is told to, and asks nobody', async () => {
    const asked = [...RUN, '--run-code', '--judge', 'simulator/DeepSeek-R1', '--json'];
    const before = told(await tokentape(...asked));
    const again = await tokentape('recompute', 'latest', '--grade', '--run-code', '--json');
    expect(again.stderr).toContain('Graded again: results/latest (3 answers)\nNo grade changed.');
    expect(told(again).rows).toEqual(before.rows);
    expect(told(again).manifest.grading.judge).toEqual(before.manifest.grading.judge);
    const unrun = await tokentape('recompute', 'latest', '--grade', '--json');
    const graded = before.rows[0]?.grades.ungraded === 0;
    expect(told(unrun).changes).toHaveLength(graded ? 1 : 0);
    expect(told(unrun).manifest.grading.not_run).toEqual({ code: 1 });
  }, 60_000);

  test('takes the verdicts of the judge that was asked, whoever the config names by now', async () => {
    const before = told(await tokentape(...RUN, '--judge', 'simulator/DeepSeek-R1', '--json'));
    const other = 'grading: {judge: {model: simulator/Qwen2.5-7B-chat, retries: 1}}\n';
    const elsewhere = await aFolder({ 'bench.config.yaml': other });
    const run = (...args: string[]) =>
      runCli(['recompute', ...args, '--grade', '--json'], { cwd: elsewhere });
    const stored = path.join(cwd, 'results', 'latest');
    const again = told(await run(stored));
    expect(again.changes).toEqual([]);
    expect(again.rows).toEqual(before.rows);
    const theirs = told(await run(stored, '--judge', 'simulator/Qwen2.5-7B-chat'));
    expect(theirs.changes.map(({ to }) => to)).toEqual(['ungraded']);
  }, 60_000);

  test.each([['--grade'], []])(
    'into another folder, which can be graded again: %s',
    async (...how) => {
      await tokentape(...RUN, '--judge', 'simulator/DeepSeek-R1', '--json');
      const copy = `copy${how.length}`;
      expect(await tokentape('recompute', 'latest', ...how, '-o', copy)).toMatchObject({ code: 0 });
      const again = await tokentape('recompute', copy, '--grade');
      expect(again.stderr).toContain('(3 answers)\nNo grade changed.');
      expect(again.code).toBe(0);
    },
    60_000,
  );

  test('--from-suites grades by the suites as they are now', async () => {
    await tokentape(...RUN);
    const file = path.join(cwd, 'mixed.yaml');
    writeFileSync(file, SUITE.replace('value: Paris', 'value: Atlantis'));
    const { stdout, stderr } = await tokentape(
      ...['recompute', 'latest', '--grade', '--from-suites', '--json'],
    );
    writeFileSync(file, SUITE);
    expect(stderr).toMatch(/Graded again|No grade changed/);
    const { rows } = JSON.parse(stdout) as Told;
    expect(rows[0]?.grades).toMatchObject({ right: 0, wrong: 1, ungraded: 2 });
    const grades = readFileSync(path.join(cwd, 'results', 'latest', 'grades.ndjson'), 'utf8');
    expect(grades).toContain('"expected":"Atlantis"');
  }, 60_000);

  test('refuses what has no use', async () => {
    const alone = await tokentape('recompute', 'latest', '--run-code');
    expect(alone).toMatchObject({ code: 2 });
    expect(alone.stderr).toContain('--run-code is for grading again');
    const both = await tokentape('recompute', 'latest', '--grade', '--definitions', 'all');
    expect(both).toMatchObject({ code: 2 });
  });
});
