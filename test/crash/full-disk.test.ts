import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { aFolder, readOnlyRun, runCli } from '../commands/run-cli.ts';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');
const TAPE = `${process.execPath} ${CLI}`;
const RUN =
  '-s reasoning -t simulator --profile fast -n 60 -m DeepSeek-R1 Llama-3.1-8B-Instruct -q';
/** A name space of one's own, in which anybody may mount. */
const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

let cwd = '';
beforeAll(async () => {
  cwd = await aFolder();
  const args = ['run', '-s', 'reasoning', '-t', 'simulator', '--profile', 'fast', '-n', '20', '-q'];
  await runCli([...args, '-m', 'DeepSeek-R1', 'Llama-3.1-8B-Instruct'], { cwd });
});

/** Runs a line of shell with a small disk of its own at `full/`; what is left on it comes to `left/`. */
async function onSmallDisk(kibibytes: number, line: string) {
  const folder = await aFolder();
  await cp(path.join(cwd, 'results'), path.join(folder, 'results'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const script = `mkdir full left; mount -t tmpfs -o size=${kibibytes}k tmpfs full || exit 99
    ${line}; code=$?; cp -a full/. left/; exit $code`;
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'bash', '-c', script], {
    cwd: folder,
    env: { PATH, HOME, TOKENTAPE_CALIBRATE: 'off' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr, left: path.join(folder, 'left') };
}

// Without user name spaces (macOS, some containers) there is no small disk to be had.
describe.skipIf(!mayMount)('a disk that is full', () => {
  test('in the middle of a run: exit 74, and the journal reads back', async () => {
    const { code, stderr, left } = await onSmallDisk(100, `${TAPE} run ${RUN} -o full/r`);
    expect(stderr).toMatch(
      /^tokentape: cannot write full\/r\/\S+: ENOSPC.*\n {2}nothing more is sent; \d+ records/,
    );
    expect(stderr).toContain('make room on the disk, then go on: tokentape run --resume full/r/');
    expect(code).toBe(74);
    const results = path.join(left, 'r');
    const shown = await runCli(['export', 'latest', '--to', 'json', '--results', results], { cwd });
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout).manifest.state).toBe('partial');
    const gate = ['check', 'latest', '-o', results, '--threshold', 'error_rate<0.5'];
    expect((await runCli(gate, { cwd })).code).toBe(3);
  });

  test('from the beginning: nothing is sent, exit 74', async () => {
    const fill = 'head -c 1M /dev/zero > full/zeros 2>/dev/null';
    const { code, stderr } = await onSmallDisk(64, `${fill}; ${TAPE} run ${RUN} -o full/r`);
    expect(code).toBe(74);
    expect(stderr).toMatch(/^tokentape: cannot (write|make a folder)[^\n]*ENOSPC/);
  });

  test('that may only be read: exit 74', async () => {
    const line = `mount -o remount,ro full; ${TAPE} run ${RUN} -o full/r`;
    const { code, stderr } = await onSmallDisk(64, line);
    expect(code).toBe(74);
    expect(stderr).toMatch(
      /cannot make a folder for the results in full\/r: EROFS.*\n {2}choose another/,
    );
  });

  test.each([
    ['export -o', 'export latest --to json -o full/x.json'],
    ['export > file', 'export latest --to json > full/x.json'],
    ['compare --csv', 'compare latest --csv full/x.csv'],
    ['a report of a check', "check latest --threshold 'error_rate<0.9' --report junit=full/x.xml"],
  ])(
    'for %s: exit 74, and nothing half is left but of what the shell opened',
    async (name, args) => {
      // All but half a page of it is taken.
      const fill = 'head -c 12K /dev/zero > full/zeros';
      const { code, stderr, left } = await onSmallDisk(12, `${fill}; ${TAPE} ${args}`);
      expect(stderr).toMatch(/cannot write (full\/x\.\w+|to stdout): ENOSPC/);
      expect(code).toBe(74);
      if (name === 'export > file') return;
      const there = spawnSync('ls', [left], { encoding: 'utf8' }).stdout;
      expect(there).not.toContain('x.');
    },
  );
});

test('the run itself is whole, so that what fails above is the disk', async () => {
  const { manifest } = await readOnlyRun(path.join(cwd, 'results'));
  expect(manifest.state).toBe('complete');
});
