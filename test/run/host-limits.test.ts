import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  filesNeeded,
  limitProblems,
  openFilesOf,
  portsOf,
  readHostLimits,
} from '../../src/run/host-limits.ts';

test('reads what Linux tells', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units     \n' +
    'Max processes             15617                15617                processes \n' +
    'Max open files            1024                 4096                 files     \n';
  expect(openFilesOf(limits)).toBe(1024);
  expect(
    openFilesOf('Max open files            unlimited            unlimited     files'),
  ).toBeNull();
  expect(openFilesOf('')).toBeNull();
  expect(portsOf('32768\t60999\n')).toBe(28_232);
  expect(portsOf('')).toBeNull();
});

test.runIf(process.platform === 'linux')('and those of this process', () => {
  const { openFiles, ports } = readHostLimits();
  expect(openFiles).toBeGreaterThan(0);
  expect(ports).toBeGreaterThan(0);
});

test('the simulator holds the other end of each stream', () => {
  const [real, simulated] = [{ simulated: false }, { simulated: true }];
  expect(filesNeeded(100, [simulated])).toBe(filesNeeded(200, [real]));
});

describe('what a run would meet', () => {
  test.each([
    ['enough of both', 1000, { openFiles: 2000, ports: 28_232 }, []],
    ['nothing known', 1_000_000, { openFiles: null, ports: null }, []],
    [
      'too few files',
      1000,
      { openFiles: 1063, ports: null },
      [[/need 1064 open files, .* 1063/, true]],
    ],
    ['just enough files', 1000, { openFiles: 1064, ports: null }, []],
    ['ports that may run out', 800, { openFiles: null, ports: 1000 }, [[/1000 for all/, false]]],
    ['too few ports', 1001, { openFiles: null, ports: 1000 }, [[/1000 for all/, true]]],
  ] as const)('%s', (_, streams, limits, expected) => {
    const files = filesNeeded(streams, [{ simulated: false }]);
    const problems = limitProblems(streams, files, limits);
    expect(problems).toHaveLength(expected.length);
    for (const [index, [message, certain]] of expected.entries()) {
      expect(problems[index]?.message).toMatch(message);
      expect(problems[index]?.remedy).toMatch(/fewer requests at once/);
      expect(problems[index]?.certain).toBe(certain);
    }
  });
});

test.runIf(process.platform === 'linux')(
  'a run that would run out of files is refused before anything is sent',
  () => {
    const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
    const args = ['-t', 'simulator', '-s', 'smoke', '-m', 'DeepSeek-R1', '-n', '100', '-j', '100'];
    const limited = ['-c', 'ulimit -n 200 && exec "$0" "$@"', process.execPath, cli, ...args];
    const { status, stdout, stderr } = spawnSync('sh', limited, {
      cwd: tmpdir(),
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /need 2\d\d open files, and this process may have 200\n {2}ulimit -n 2\d\d,/,
    );
  },
);
