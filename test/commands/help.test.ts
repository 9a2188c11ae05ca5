import { expect, test } from 'vitest';
import { displayWidth } from '../../src/report/text.ts';
import { VERSION } from '../../src/version.ts';
import { aFolder, runCli } from './run-cli.ts';

const COMMANDS = [
  'run',
  'compare',
  'export',
  'list',
  'show',
  'frontier',
  'pick',
  'models',
  'stream',
  'simulate',
  'validate',
  'init',
];

const OTHERS = ['check', 'baseline', 'power', 'recompute', 'calibrate'];

test.each(['', ...COMMANDS, ...OTHERS])('tokentape %s --help fits 80 columns', async (command) => {
  const words = command === '' ? [] : [command];
  const { code, stdout, stderr } = await runCli([...words, '--help'], { cwd: await aFolder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: tokentape ${command}`));
  for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
});

test('the help names every command', async () => {
  const { stdout } = await runCli(['--help'], { cwd: await aFolder() });
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
});

test('--version is the version alone', async () => {
  const result = await runCli(['--version'], { cwd: await aFolder() });
  expect(result).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});
