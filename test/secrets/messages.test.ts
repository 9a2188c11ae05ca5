import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretsIn } from '../../src/secrets/known.ts';
import { proxySecrets, secretsOf } from '../../src/secrets.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, configFor } from '../commands/run-cli.ts';
import { CANARIES, canWatch, leaksInFolder, runWatched } from './canary.ts';

const { key } = CANARIES;

/** With a header of the user's own. */
const withHeader = (config: string): string =>
  config.replace(
    'models: [r1',
    `headers: { x-tenant: "${'$'.concat('{TENANT}')}" }\n    models: [r1`,
  );
/** A variable, as the config writes it. */
const NAMED = '$'.concat('{MARKET_KEY}');
const URL = 'http://127.0.0.1:9/v1';

describe.concurrent('a key that stands where none should is not repeated', () => {
  test.each([
    ['as api_key', configFor(URL).replace(NAMED, key), []],
    ['as api_key of a list', configFor(URL).replace(NAMED, `["${key}"]`), []],
    ['under an unknown name', configFor(URL).replace('api_key', 'apikey').replace(NAMED, key), []],
    ['beside broken YAML', `${configFor(URL).replace(NAMED, key)}\n  {[`, []],
    ['twice', configFor(URL).replace(/( +api_key: ).*/, `$1${key}\n$1${key}`), []],
    [
      'as authorization',
      configFor(URL, '').replace(
        'models: [r1',
        `headers: { authorization: "Bearer ${key}" }\n    models: [r1`,
      ),
      [],
    ],
    ['in the address', configFor(`http://127.0.0.1:9/${key}/v1`), []],
    ['as a user of the address', configFor(`http://${key}@127.0.0.1:9/v1`), []],
    ['as the address', configFor(key), []],
    [
      'as a model',
      configFor(URL).replace('alias: r1', `alias: "${key}"`).replace('[r1,', `["${key}",`),
      [],
    ],
    ['as a target', configFor(URL).replace('  market:', `  "${key}":`), []],
    ['as a tag', configFor(URL).replace('alias: r1', `alias: r1, tags: ["${key}"]`), []],
    [
      'as a parameter',
      configFor(URL).replace('alias: r1', `alias: r1, parameters: { user: "${key}" }`),
      [],
    ],
    ['as --threshold', configFor(URL), ['check', '--threshold', key]],
    ['as --model', configFor(URL), ['run', '-m', key]],
    ['as --target', configFor(URL), ['run', '-t', key]],
    ['as --suite', configFor(URL), ['run', '-s', key]],
    ['as --seed', configFor(URL), ['run', '--seed', key]],
    ['as --output', configFor(URL), ['run', '-o', `out-${key.replaceAll('/', '')}/${key}`]],
    ['as --judge', configFor(URL), ['run', '--judge', key]],
    ['as a flag', configFor(URL), ['run', `--${key}`]],
    ['as a command', configFor(URL), [key]],
    ['as a run', configFor(URL), ['show', key]],
    ['as --report', configFor(URL), ['check', '--report', `${key}=x`]],
  ])('%s', async (_where, config, args) => {
    const cwd = await aFolder({ 'bench.config.yaml': config });
    const command = args.length === 0 ? ['run', '-s', 'smoke'] : args;
    const { code, stdout, stderr, leaks } = await runWatched(command, { cwd });
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/^tokentape: /);
    // Who gives a key as an argument shows it to whoever lists processes.
    expect(leaks.filter((leak) => !leak.startsWith('command line'))).toEqual([]);
    expect(stdout).toBe('');
    expect(await leaksInFolder(cwd, ['bench.config.yaml'])).toEqual([]);
  });
});

describe('children', () => {
  test.runIf(canWatch)(
    'of a run that grades code, calibrates and asks git inherit no key',
    async () => {
      const server: Simulator = await startSimulator({ profile: 'fast', keys: { [key]: 'all' } });
      const cwd = await aFolder({ 'bench.config.yaml': withHeader(configFor(server.url)) });
      // Instead of git and python, programs that stay a while, to be looked at.
      const bin = await aFolder({ git: '#!/bin/sh\nenv > seen-by-git\nexec sleep 0.2\n' });
      await chmod(path.join(bin, 'git'), 0o755);
      const env = {
        TOKENTAPE_CALIBRATE: 'on',
        PATH: `${bin}:${process.env.PATH}`,
        XDG_CACHE_HOME: cwd,
      };
      const { leaks, children, code, stderr } = await runWatched(
        ['run', '-s', 'code', '-n', '4', '-m', 'r1', '--run-code'],
        { cwd, env },
      );
      await server.close();
      expect(code, stderr).toBe(0);
      expect(leaks).toEqual([]);
      expect(children).toBeGreaterThanOrEqual(3);
      expect(await leaksInFolder(cwd, [])).toEqual([]);
    },
  );

  test('keep what they need', () => {
    const said = execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `
      import { environmentWithoutSecrets } from ${JSON.stringify(new globalThis.URL('../../dist/secrets/known.js', import.meta.url).href)};
      console.log(JSON.stringify(environmentWithoutSecrets({ PATH: '/bin', HOME: '/h', X_API_KEY: 'abc', KEYBOARD: 'us', PROXY: 'http://u:p@h', COPY: 'abcdefghijkl', A_TOKEN: 'abcdefghijkl' })));`,
    ]);
    expect(JSON.parse(said.toString())).toEqual({ PATH: '/bin', HOME: '/h', KEYBOARD: 'us' });
  });
});

test.each([
  { OPENAI_LOG: 'debug' },
  { NODE_DEBUG: 'http,http2,net,tls,fetch,undici,worker,child_process' },
])('debugging by %o shows no key', async (debugging) => {
  const server = await startSimulator({ profile: 'fast', keys: { [key]: 'all' } });
  const cwd = await aFolder({ 'bench.config.yaml': withHeader(configFor(server.url)) });
  const env = Object.fromEntries(Object.entries(debugging));
  const { leaks, code } = await runWatched(['run', '-n', '1', '-m', 'r1'], { cwd, env });
  await server.close();
  expect(code).toBe(0);
  expect(leaks.filter((leak) => !leak.includes('of child'))).toEqual([]);
});

describe('what is a secret', () => {
  const target = { name: 'm', baseUrl: 'https://host/v1', apiKey: 'sk-1', headers: {} };
  const valuesOf = (headers: Record<string, string>, publicHeaders: string[] = []): string[] =>
    secretsOf({ ...target, apiKey: undefined, headers, publicHeaders }).map(({ value }) => value);

  test('every header of the user’s own, but for public and standard ones', () => {
    expect(valuesOf({ 'x-team': 'research', 'X-Tenant': 'tenant-1' }, ['X-TEAM'])).toEqual([
      'tenant-1',
    ]);
    expect(valuesOf({ accept: 'text/event-stream', 'User-Agent': 'me/1.0.0' })).toEqual([]);
    expect(valuesOf({ 'x-what': 'choices' })).toEqual([]);
  });

  test('the credentials in a header too', () => {
    expect(valuesOf({ authorization: 'Token abcdefgh' })).toContain('abcdefgh');
    const basic = `Basic ${Buffer.from('me:pass-word').toString('base64')}`;
    expect(valuesOf({ authorization: basic })).toEqual(
      expect.arrayContaining(['me:pass-word', 'pass-word']),
    );
    expect(valuesOf({ cookie: 'a=first-value; b="second-value"' })).toEqual(
      expect.arrayContaining(['first-value', 'second-value']),
    );
  });

  test('a short key together with its scheme alone', () => {
    expect(secretsOf(target).map(({ value }) => value)).toEqual(['Bearer sk-1']);
  });

  test('user and password of an address and of a proxy', () => {
    const values = (address: string) =>
      secretsOf({ ...target, apiKey: undefined, baseUrl: address }).map(({ value }) => value);
    expect(values('https://me:p%40ssword@host/v1')).toEqual(
      expect.arrayContaining(['p%40ssword', 'p@ssword', 'me:p@ssword']),
    );
    expect(values('https://host/v1/@x')).toEqual([]);
    expect(
      proxySecrets({
        https_proxy: 'me:secret1@proxy',
        HTTP_PROXY: 'http://u:secret2@proxy',
        no_proxy: 'a@b',
      }).map(({ value }) => value),
    ).toEqual(expect.arrayContaining(['secret1', 'secret2']));
  });

  test('variables by their names', () => {
    const names = (env: Record<string, string>) => secretsIn(env).map(({ name }) => name);
    expect(
      names({
        GITHUB_TOKEN: 'a',
        DB_PASSWORD: 'b',
        SSH_AUTH_SOCK: 'c',
        KEYBOARD: 'd',
        TOKENTAPE_SEED: 'e',
        MY_APIKEY: 'f',
      }),
    ).toEqual([
      ...['the value of GITHUB_TOKEN', 'the value of DB_PASSWORD', 'the value of MY_APIKEY'],
    ]);
  });
});
