import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ModelShape, madeRun } from '../frontier/candidates.ts';
import { aFolder, type CliResult, runCli } from './run-cli.ts';

const MARKET: ModelShape[] = [
  { model: 'large', skill: 0.95, e2eMs: 4000, costUsd: 0.01 },
  { model: 'middle', skill: 0.92, e2eMs: 2000, costUsd: 0.004 },
  { model: 'small', skill: 0.4, e2eMs: 300, costUsd: 0.0005 },
];

/** Writes a run's folder as a run leaves it, but for tapes and reports. */
async function writeMade(cwd: string, name: string, shapes: readonly ModelShape[], graded = true) {
  const { manifest, records, grades } = madeRun(shapes, { run_id: name, seed: name });
  const folder = path.join(cwd, 'results', name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');
  await writeFile(path.join(folder, 'requests.ndjson'), lines(records));
  if (graded) await writeFile(path.join(folder, 'grades.ndjson'), lines(grades));
}

let cwd: string;
beforeAll(async () => {
  cwd = await aFolder();
  await writeMade(cwd, 'market', MARKET);
  await writeMade(
    cwd,
    'plain',
    [
      { model: 'a', skill: 1 },
      { model: 'b', skill: 1 },
    ],
    false,
  );
});
const tokentape = (...args: string[]): Promise<CliResult> => runCli(args, { cwd });

describe('pick', () => {
  test('0: picked, and sure', async () => {
    const { code, stdout, stderr } = await tokentape(
      'pick',
      'market',
      '--need',
      'score>0.7',
      '--minimise',
      'cost',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^middle: the lowest cost of 2 that meet score>0\.7/);
  });

  test('4: picked, but not as sure as was asked for', async () => {
    const args = ['pick', 'market', '--maximise', 'score', '--confidence', '99.9%', '--json'];
    const { code, stdout } = await tokentape(...args);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'unsure',
      picked: { label: expect.any(String) },
    });
  });

  test('99: none meets the needs', async () => {
    const { code, stdout } = await tokentape(
      'pick',
      'market',
      '--need',
      'e2e_ms:p(50)<1',
      '--minimise',
      'cost',
    );
    expect(code).toBe(99);
    expect(stdout).toMatch(/^No pick: no model meets/);
  });

  test('4: nobody can say, for nothing was graded', async () => {
    const { code } = await tokentape('pick', 'plain', '--need', 'score>0.5', '--minimise', 'e2e');
    expect(code).toBe(4);
  });

  test.each([
    [
      'no objective',
      ['market'],
      /nothing says which model is best\n {2}give one of --minimise cost/,
    ],
    ['two', ['market', '--minimise', 'cost', '--maximise', 'score'], /exclude one another/],
    ['the wrong way', ['market', '--minimise', 'score'], /use --maximise score/],
    ['no such figure', ['market', '--minimise', 'prize'], /'prize' is no figure to choose by/],
    [
      'no such need',
      ['market', '--minimise', 'cost', '--need', 'scored>1'],
      /did you mean score\?/,
    ],
    [
      'a need of no model that there is',
      ['market', '--minimise', 'cost', '--need', 'score{model:larg}>0.9'],
      /is meant for none of these models\n {2}there are large, middle, small/,
    ],
    [
      'a confidence that is none',
      ['market', '--minimise', 'cost', '--confidence', '2'],
      /write it as 0\.9/,
    ],
    ['no prices', ['plain', '--minimise', 'cost'], /n\/a for every model\n {2}give each a price/],
    ['no grades', ['plain', '--maximise', 'score'], /n\/a for every model\n {2}run a suite/],
    [
      'no such suite',
      ['market', '-s', 'reasonin', '--minimise', 'cost'],
      /did you mean reasoning\?/,
    ],
    ['no such run', ['nowhere', '--minimise', 'cost'], /there is no run nowhere/],
    ['one run twice', ['market', 'market', '--minimise', 'cost'], /named twice/],
  ])('2: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await tokentape('pick', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('frontier', () => {
  test('as a table, Markdown, JSON and CSV', async () => {
    const text = await tokentape('frontier', 'market');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^On the frontier: large, middle, small\./);
    expect((await tokentape('frontier', 'market', '--md')).stdout).toContain('| model | score % |');
    const json = JSON.parse((await tokentape('frontier', 'market', '--json')).stdout);
    expect(json).toMatchObject({ axes: ['quality', 'speed', 'cost'], speed: 'e2e_ms:p(50)' });
    const written = await tokentape('frontier', 'market', '--speed', 'ttft', '--csv', 'out.csv');
    expect(written).toMatchObject({ code: 0, stderr: 'Written: out.csv\n' });
    const rows = parse(await readFile(path.join(cwd, 'out.csv'), 'utf8'), { columns: true });
    expect(rows).toHaveLength(3);
    expect(rows).toMatchObject([{ speed_metric: 'ttft_ms:p(50)' }, {}, {}]);
  });

  test('over several runs', async () => {
    const json = JSON.parse((await tokentape('frontier', 'market', 'plain', '--json')).stdout);
    expect(json.models).toHaveLength(5);
    expect(json.runs).toEqual(['market', 'plain']);
  });

  test.each([
    ['score', /--speed: score is no speed/],
    ['requests_per_second', /one figure of a whole run/],
  ])('--speed %s is refused', async (speed, message) => {
    const { code, stderr } = await tokentape('frontier', 'market', '--speed', speed);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('show', () => {
  test('wrong answers of one model, plain in a pipe', async () => {
    const { code, stdout } = await tokentape(
      'show',
      'market',
      '--wrong',
      '-m',
      'small',
      '--limit',
      '2',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✗ wrong {2}small · reasoning · case-\d+\n/);
    expect(stdout).toMatch(/2 of \d+ answers: --limit 0 shows all\.\n$/);
    expect(stdout).not.toContain(String.fromCharCode(27));
  });

  test('one case with the answer of every model', async () => {
    const { stdout } = await tokentape('show', 'market', '--by', 'case', '--case', 'case-3');
    expect(stdout).toMatch(/^reasoning · case-3\n/);
    for (const { model } of MARKET)
      expect(stdout).toMatch(new RegExp(`(right|wrong) {2}${model}$`, 'm'));
  });

  test('JSON is one document', async () => {
    const shown = JSON.parse((await tokentape('show', 'market', '--failed', '--json')).stdout);
    expect(shown).toMatchObject({ schema_version: 1, marks: ['wrong', 'ungraded'], shown: 20 });
    expect(shown.cases).toHaveLength(20);
  });

  test('a run that was not graded says so', async () => {
    expect((await tokentape('show', 'plain', '--failed')).stdout).toMatch(
      /No answer of these was graded/,
    );
  });

  test('a model that the run does not have is refused, and is not said to be ungraded', async () => {
    const { code, stderr } = await tokentape('show', 'market', '--wrong', '-m', 'midle');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no model is called midle in this run\n {2}did you mean middle\?/);
  });

  test('a limit that is none is refused', async () => {
    const { code, stderr } = await tokentape('show', 'market', '--limit', 'many');
    expect(code).toBe(2);
    expect(stderr).toContain('0 for all');
  });
});

test('requests.csv has the grade of each', async () => {
  const { stdout } = await tokentape('export', 'market', '--to', 'requests-csv');
  const rows = parse(stdout, { columns: true }) as Record<string, string>[];
  expect(rows).toHaveLength(180);
  expect(new Set(rows.map(({ grade }) => grade))).toEqual(new Set(['right', 'wrong']));
  const plain = await tokentape('export', 'plain', '--to', 'requests-csv');
  expect(plain.stdout.split('\n')[0]).not.toContain('grade');
});
