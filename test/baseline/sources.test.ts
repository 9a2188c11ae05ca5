import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBaseline } from '../../src/baseline/folder.ts';
import { baselineOf, identityOf } from '../../src/baseline/of-run.ts';
import { type History, readBaselines } from '../../src/baseline/sources/read-baselines.ts';
import { TokentapeError } from '../../src/errors.ts';
import { readEvidence } from '../../src/run/stored-evidence.ts';
import { openRun } from '../../src/store/read.ts';
import { aPlan, nightName, writeRun } from '../commands/stored-runs.ts';
import { nights } from '../gate/history/histories.ts';

const NIGHTS = 5;
const all = Array.from({ length: NIGHTS }, (_, night) => nightName(night));
const LAST = nightName(NIGHTS - 1);

let template: string;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((one) => rm(one, { recursive: true, force: true }))));

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokentape-history-'));
  folders.push(folder);
  return folder;
}

beforeAll(async () => {
  template = await aFolder();
  for (const [night, shape] of nights(NIGHTS, { requests: 20 }).entries()) {
    const name = await writeRun(path.join(template, 'results'), night, shape);
    const run = await openRun(name, path.join(template, 'results'));
    const baseline = baselineOf(run.manifest, await readEvidence(run), ['ttft_ms', 'tpot_ms']);
    await writeBaseline(path.join(template, 'baselines'), baseline);
  }
});

/** Five nights as run folders and as baseline files, of which a test may do what it likes. */
async function aHistory(): Promise<string> {
  const folder = await aFolder();
  await cp(template, folder, { recursive: true });
  return folder;
}

/** The history that the last night is judged by. */
function read(folder: string, ...sources: string[]): Promise<History> {
  return readFor(LAST, folder, ...sources);
}

async function readFor(run: string, folder: string, ...sources: string[]): Promise<History> {
  const outputDir = path.join(folder, 'results');
  const { manifest } = await openRun(run, outputDir);
  return readBaselines(
    sources.map((source) => (source.startsWith('git:') ? source : inside(folder, source))),
    {
      identity: identityOf(manifest),
      judged: manifest,
      outputDir,
      metrics: ['ttft_ms', 'tpot_ms'],
      cwd: folder,
    },
  );
}

/** A run's name is no path. */
function inside(folder: string, source: string): string {
  return all.includes(source) ? source : path.join(folder, source);
}

const namesOf = ({ baselines }: History) => baselines.map(({ run_id }) => run_id);

async function said(folder: string, ...sources: string[]): Promise<string> {
  const error = await read(folder, ...sources).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TokentapeError)) throw new Error(`no error of use: ${error}`);
  expect(error.exitCode).toBe(2);
  expect(error.remedy).toBeTruthy();
  return error.message;
}

describe('one history, wherever it lies', () => {
  test('in baseline files, run folders, runs by name, or a results folder', async () => {
    const folder = await aHistory();
    const files = await read(folder, 'baselines');
    expect(namesOf(files)).toEqual(all.slice(0, -1));
    expect(files.passedOver).toEqual([]);
    for (const sources of [
      ['results'],
      all,
      ['baselines', 'results'],
      [...all].reverse(),
      all.map((name) => `baselines/${name}.json`),
      all.map((name) => `results/${name}`),
      all.map((name) => `results/${name}/manifest.json`),
    ]) {
      expect((await read(folder, ...sources)).baselines).toEqual(files.baselines);
    }
  });

  test('in artifacts of CI, a folder each, among other files', async () => {
    const folder = await aHistory();
    for (const name of all) {
      const artifact = path.join(folder, 'artifacts', `run-${name}`, 'out');
      await mkdir(artifact, { recursive: true });
      await cp(
        path.join(folder, 'baselines', `${name}.json`),
        path.join(artifact, 'baseline.json'),
      );
      await writeFile(path.join(artifact, 'package.json'), '{"kind": "another"}');
    }
    const { baselines } = await read(folder, 'artifacts');
    expect(baselines).toEqual((await read(folder, 'baselines')).baselines);
  });

  test('on a branch that is not checked out', async () => {
    const folder = await aHistory();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: folder,
        stdio: 'pipe',
      });
    git('init', '-q', '-b', 'perf-data');
    git('add', 'baselines');
    git('commit', '-qm', 'Nights');
    git('checkout', '-q', '--orphan', 'main');
    git('rm', '-rqf', '--cached', '.');
    await writeFile(path.join(folder, 'readme.txt'), 'x');
    git('add', 'readme.txt');
    git('commit', '-qm', 'Start');
    const { baselines } = await read(folder, 'baselines');
    await rm(path.join(folder, 'baselines'), { recursive: true });
    for (const source of [
      'git:perf-data',
      'git:perf-data:baselines',
      'git:perf-data:./baselines/',
    ]) {
      expect((await read(folder, source)).baselines).toEqual(baselines);
    }
    expect(await said(folder, 'git:nowhere')).toBe('git knows no revision nowhere');
    expect(await said(folder, 'git:--output=x')).toContain('names no revision');
    expect(await said(folder, 'git:')).toContain('names no revision');
    expect(await said(folder, 'git:perf-data:elsewhere')).toBe(
      'there is no elsewhere in perf-data',
    );
    expect(await said(folder, 'git:perf-data:*')).toBe('there is no * in perf-data');
    expect(await said(folder, 'git:main')).toBe('no earlier run is in git:main');
  });
});

describe('what is passed over, or refused', () => {
  test('partial and invalid runs and other plans are passed over, each with its reason', async () => {
    const folder = await aHistory();
    const results = path.join(folder, 'results');
    const load = { ...aPlan().load, concurrency: 16 };
    const other = await writeRun(results, 20, { seed: 'x' }, { plan: aPlan({ load }) });
    const partial = await writeRun(results, 21, { seed: 'x' }, { manifest: { state: 'partial' } });
    const simulated = await writeRun(results, 22, { seed: 'x' }, { manifest: { simulated: true } });
    const history = await read(folder, 'results');
    expect(namesOf(history)).toEqual(all.slice(0, -1));
    expect(history.passedOver).toEqual([
      { name: partial, reason: 'it is partial: it never came to its end' },
      { name: other, reason: 'it is of another plan: concurrency 16 → 8' },
      { name: simulated, reason: "it is of another plan: figures simulated → a provider's" },
    ]);
    expect(await said(folder, `results/${other}`)).toContain('concurrency 16 → 8');
  });

  test('what is not earlier than the run that is judged is passed over', async () => {
    const folder = await aHistory();
    const later = (night: number) => ({
      name: nightName(night),
      reason: `it is not earlier: it started at 2026-01-0${night + 1}T02:00:00.000Z`,
    });
    for (const source of ['results', 'baselines']) {
      const history = await readFor(nightName(2), folder, source);
      expect(namesOf(history)).toEqual(all.slice(0, 2));
      expect(history.passedOver).toEqual([later(3), later(4)]);
    }
    const first = readFor(nightName(0), folder, 'baselines');
    await expect(first).rejects.toThrow(/can be a baseline: .*: it is not earlier/);
  });

  test('a source that is not there, is no baseline, or holds the run itself alone', async () => {
    const folder = await aHistory();
    await mkdir(path.join(folder, 'empty'));
    await writeFile(path.join(folder, 'notes.json'), '{}');
    expect(await said(folder, 'nowhere')).toContain('no folder, file or run');
    expect(await said(folder, 'notes.json')).toContain('notes.json is not a baseline');
    expect(await said(folder, 'empty')).toContain('no earlier run is in');
    expect(await said(folder, LAST)).toContain('no earlier run is in');
    expect(await said(folder, 'git:main')).toContain('in no git repository');
  });

  const BROKEN: [string, (text: string) => string, RegExp][] = [
    [
      'a conflict of a merge',
      (text) => text.replace('\n "git"', '\n<<<<<<< ours\n "git"'),
      /\.json:6:1 a conflict of a merge stands in it$/,
    ],
    ['half a file', (text) => text.slice(0, 900), /\.json(:\d+:\d+|:) ./],
    [
      'a value of another kind',
      (text) => text.replace('"metrics_version": 1', '"metrics_version": "one"'),
      /\.json:10:\d+ metrics_version: must be a (whole )?number, not/,
    ],
    [
      'a later version',
      (text) => text.replace('"schema_version": 1', '"schema_version": 7'),
      /\.json:3:\d+ schema_version: is 7, and this version of tokentape reads 1$/,
    ],
    [
      'a plan that was edited',
      (text) => text.replace('"concurrency":8', '"concurrency":9'),
      /\.json:11:\d+ plan_hash: it is not that of the plan below it$/,
    ],
    [
      'samples of no row',
      (text) => text.replace('{"row":0,', '{"row":9,'),
      /\.json:\d+:\d+ there is no such row$/,
    ],
    [
      'a name that leads elsewhere',
      (text) => text.replace(/"run_id": "[^"]+"/, '"run_id": "../../x"'),
      /\.json:4:\d+ run_id: must be the name of a run$/,
    ],
  ];
  test.each(BROKEN)('%s is refused with its place', async (_, broken, message) => {
    const folder = await aHistory();
    const file = path.join(folder, 'baselines', `${nightName(2)}.json`);
    await writeFile(file, broken(await readFile(file, 'utf8')));
    expect(await said(folder, 'baselines')).toMatch(message);
  });
});
