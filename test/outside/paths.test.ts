import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunFolder } from '../../src/store/folder.ts';
import { listRuns, openRun } from '../../src/store/read.ts';
import { loadSuite, suiteSearchDirs } from '../../src/suite/load.ts';
import { listSuites } from '../../src/suite/read.ts';
import { aFolder, type CliResult, runCli } from '../commands/run-cli.ts';
import { writeRun } from '../commands/stored-runs.ts';
import { HOSTILE } from './hostile.ts';

const TREASURE = 'ssh-ed25519 AAAA owner@home\n';
const CASES = 'description: sent\ncases: [{ id: a, prompt: Hi }]\n';
const SUITE_OF = (file: string) =>
  `description: sent\ndata: [{ file: ${JSON.stringify(file)}, format: jsonl }]\n`;

interface Place {
  cwd: string;
  results: string;
  /** Lies outside of all that the tool may write to. */
  treasure: string;
  /** A whole run, and its folder. */
  run: string;
  folder: string;
}

/** A folder with a run that somebody sent, and a file beside it that is none of its business. */
async function aPlace(files: Record<string, string> = {}): Promise<Place> {
  const base = await aFolder({
    'home/treasure': TREASURE,
    'home/other.jsonl': '{"prompt":"secret"}\n',
  });
  const cwd = path.join(base, 'work');
  await mkdir(cwd);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(cwd, name)), { recursive: true });
    await writeFile(path.join(cwd, name), text);
  }
  const results = path.join(cwd, 'results');
  const run = await writeRun(results, 0, { requests: 3, seed: 'any' });
  return {
    cwd,
    results,
    run,
    folder: path.join(results, run),
    treasure: path.join(base, 'home/treasure'),
  };
}

const load = (name: string, { cwd }: Place) => loadSuite(name, suiteSearchDirs(cwd), 'seed');

const unharmed = async ({ treasure }: Place) =>
  expect(await readFile(treasure, 'utf8')).toBe(TREASURE);

function refused({ code, stdout, stderr }: CliResult, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(`${stdout}${stderr}`).not.toMatch(/AAAA|this should not have happened/);
}

describe('a run that somebody sent', () => {
  const READING: [string, (run: string) => string[]][] = [
    ['recompute', (run) => ['recompute', run]],
    ['baseline add', (run) => ['baseline', 'add', run]],
    ['run --resume', (run) => ['run', '--resume', run]],
  ];

  test.each(READING)('with a link in its folder is refused: %s', async (_, args) => {
    const place = await aPlace();
    for (const name of ['summary.json.tmp', 'summary.csv', 'grades.ndjson']) {
      await symlink(place.treasure, path.join(place.folder, name));
    }
    refused(await runCli(args(place.run), place), /is a link: the folder of a run has only files/);
    await unharmed(place);
  });

  test.each(['manifest.json', 'requests.ndjson'])(
    'with a pipe or device as %s holds nobody up',
    async (name) => {
      const place = await aPlace();
      const file = path.join(place.folder, name);
      await rename(file, `${file}.old`);
      execFileSync('mkfifo', [file]);
      await expect(openRun(place.run, place.results)).rejects.toThrow(/is a pipe/);
      expect(await listRuns(place.results)).toEqual([]);
    },
  );

  test('cannot name its baseline with a path', async () => {
    const place = await aPlace();
    const manifest = path.join(place.folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    const run_id = '../../../home/treasure';
    await writeFile(manifest, JSON.stringify({ ...JSON.parse(text), run_id }));
    refused(await runCli(['baseline', 'add', place.run], place), /cannot be a baseline/);
    await unharmed(place);
  });

  test('cannot have a suite read that is not in this folder', async () => {
    const place = await aPlace();
    const manifest = path.join(place.folder, 'manifest.json');
    const { config, ...rest } = JSON.parse(await readFile(manifest, 'utf8'));
    const settings = { suites: ['../home/other.jsonl'], seed: '1' };
    await writeFile(manifest, JSON.stringify({ ...rest, config: { ...config, settings } }));
    const args = ['recompute', place.run, '--grade', '--from-suites'];
    refused(await runCli(args, place), /a suite that is not in this folder/);
  });
});

describe('latest', () => {
  test('as a link out of the results folder is refused', async () => {
    const place = await aPlace();
    const elsewhere = path.join(path.dirname(place.treasure), 'run');
    await cp(place.folder, elsewhere, { recursive: true });
    await symlink(elsewhere, path.join(place.results, 'latest'));
    for (const name of ['latest', path.join(place.results, 'latest')]) {
      await expect(openRun(name, place.results)).rejects.toThrow(/is a link that leads out of/);
    }
  });

  test.each(['..', '.', '../home', '/tmp'])(
    'as a file that holds %j leads nowhere',
    async (held) => {
      const place = await aPlace({ 'results/latest': held });
      await expect(openRun('latest', place.results)).rejects.toThrow(/there is no run latest/);
    },
  );

  test('within the folder is followed, whether link or file', async () => {
    for (const make of [symlink, (run: string, file: string) => writeFile(file, `${run}\n`)]) {
      const place = await aPlace();
      await make(place.run, path.join(place.results, 'latest'));
      expect((await openRun('latest', place.results)).manifest.run_id).toBe(place.run);
    }
  });
});

describe('a folder of baselines', () => {
  test('with a link in the place of a new one is not written through', async () => {
    const place = await aPlace();
    const dir = path.join(place.cwd, 'baselines');
    await mkdir(dir);
    await symlink(place.treasure, path.join(dir, `${place.run}.json`));
    const { stderr } = await runCli(['baseline', 'add', place.run], place);
    expect(stderr).toMatch(/is a link, and no baseline|cannot be a baseline/);
    await unharmed(place);
  });
});

describe('a suite that somebody sent', () => {
  test.each([
    ['../', '../../home/other.jsonl'],
    ['an absolute path', '/dev/null'],
    ['a link', './link.jsonl'],
    ['a folder that is a link', './away/other.jsonl'],
    ['a device', '/dev/zero'],
  ])('does not read data by %s', async (_, file) => {
    const place = await aPlace({ 'suites/sent.yaml': SUITE_OF(file) });
    const home = path.dirname(place.treasure);
    await symlink(path.join(home, 'other.jsonl'), path.join(place.cwd, 'suites/link.jsonl'));
    await symlink(home, path.join(place.cwd, 'suites/away'));
    const { suite, problems } = load('sent', place);
    expect(suite).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/leads out of the folder of the suite/);
  });

  test('does not wait for a pipe in the place of its data', async () => {
    const place = await aPlace({ 'suites/sent.yaml': SUITE_OF('./pipe.jsonl') });
    execFileSync('mkfifo', [path.join(place.cwd, 'suites/pipe.jsonl')]);
    expect(load('sent', place).problems[0]?.message).toMatch(/is no file/);
  });

  test('reads data beside it, and a data file that the user names wherever it lies', async () => {
    const place = await aPlace({
      'suites/own.yaml': SUITE_OF('./data/own.jsonl'),
      'suites/data/own.jsonl': '{"prompt":"Hi"}\n',
    });
    const far = path.join(path.dirname(place.treasure), 'other.jsonl');
    await symlink(far, path.join(place.cwd, 'mine.jsonl'));
    for (const name of ['own', far, path.relative('.', far), path.join(place.cwd, 'mine.jsonl')]) {
      expect(load(name, place).problems).toEqual([]);
    }
  });

  test.each(['../../etc/passwd', '/etc/passwd', '..', 'a/../b', 'a\\b', 'sent\u202e', 'x\0'])(
    'is not found by %j as a name',
    async (name) => {
      const [problem] = load(name, await aPlace()).problems;
      expect(problem?.message).toMatch(/is no name of a suite/);
    },
  );

  test('that is a link out of the folder, or a pipe, is refused by name and not listed', async () => {
    const place = await aPlace({ 'suites/own.yaml': CASES });
    await writeFile(path.join(path.dirname(place.treasure), 'far.yaml'), CASES);
    // The user's own would hide the one of that name that comes with the package.
    for (const name of ['far', 'chat']) {
      await symlink('../../home/far.yaml', path.join(place.cwd, `suites/${name}.yaml`));
    }
    execFileSync('mkfifo', [path.join(place.cwd, 'suites/pipe.yaml')]);
    for (const name of ['far', 'chat', 'pipe']) {
      expect(load(name, place).problems[0]?.message).toMatch(/is no file of its folder/);
    }
    expect(listSuites(path.join(place.cwd, 'suites'))).toEqual(['own']);
  });
});

test('the folder of a run is named in the results folder, whatever suites are called', async () => {
  const results = await aFolder();
  const names = [
    ...Object.values(HOSTILE),
    'CON',
    'nul.txt',
    '..',
    '.',
    'x. ',
    'é',
    'e\u0301',
    'ß',
    'x'.repeat(5000),
  ];
  for (const name of names) {
    const { path: folder, runId } = await createRunFolder(results, [name], new Date(0));
    expect(path.dirname(folder)).toBe(results);
    expect(runId).toMatch(/^19700101T000000Z-[\w.+-]*$/);
    expect(runId.length).toBeLessThan(255);
  }
});
