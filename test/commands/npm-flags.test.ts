import { describe, expect, test } from 'vitest';
import { invocation, swallowedFlagHint } from '../../src/commands/npm-flags.ts';
import { aFolder, runCli } from './run-cli.ts';

const KNOWN = [
  { name: 'suite', takesValue: true },
  { name: 'max-cost', takesValue: true },
  { name: 'target', takesValue: true },
  { name: 'tapes', takesValue: false },
  { name: 'dry-run', takesValue: false },
];

describe('what npm kept for itself', () => {
  test.each<[string, Record<string, string>, string[], string | undefined]>([
    ['a flag whose value came through', { suite: 'true' }, ['chat'], '--suite chat'],
    ['a flag with = and its value', { suite: 'chat' }, [], '--suite chat'],
    ['two flags', { suite: 'true', max_cost: 'true' }, ['chat', '2'], '--suite chat --max-cost 2'],
    ['a command before the flag', { dry_run: 'true' }, ['run'], 'run --dry-run'],
    ['a switch', { dry_run: 'true' }, [], '--dry-run'],
    ['a switch that is off', { tapes: '' }, [], '--no-tapes'],
    ['nothing', {}, ['-s', 'chat'], undefined],
    ["a setting of node-gyp's", { target: '30.0.0' }, [], undefined],
  ])('%s', (_, config, words, expected) => {
    const variables = Object.entries(config).map(([name, value]) => [`npm_config_${name}`, value]);
    const env = { npm_lifecycle_event: 'bench', ...Object.fromEntries(variables) };
    const hint = swallowedFlagHint(env, words, KNOWN);
    expect(hint?.split('\n').at(-1)).toBe(expected && `  npm run bench -- ${expected}`);
  });

  test('nothing outside of a script, or with npx', () => {
    expect(swallowedFlagHint({ npm_config_suite: 'true' }, ['chat'], KNOWN)).toBeUndefined();
    const npx = { npm_lifecycle_event: 'npx', npm_config_suite: 'true' };
    expect(swallowedFlagHint(npx, ['chat'], KNOWN)).toBeUndefined();
  });
});

test('the command line is named as it was called', () => {
  expect(invocation({})).toBe('tokentape');
  expect(invocation({ npm_lifecycle_event: 'npx' })).toBe('tokentape');
  expect(invocation({ npm_lifecycle_event: 'bench' })).toBe('npm run bench --');
});

test('npm run bench --suite reasoning: exit 2 and how to write it', async () => {
  const env = { npm_lifecycle_event: 'bench', npm_config_suite: 'true' };
  const { code, stderr } = await runCli(['reasoning'], { cwd: await aFolder(), env });
  expect(stderr).toBe(
    'tokentape: npm kept --suite for itself; put -- before the flags:\n' +
      '  npm run bench -- --suite reasoning\n',
  );
  expect(code).toBe(2);
});
