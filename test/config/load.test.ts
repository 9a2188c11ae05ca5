// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax under test
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/diagnostics/format.ts';
import { folderWith, load } from './loading.ts';

const problemsOf = (text: string): string => formatProblems(load(text).problems);

describe('mistakes, each with its place and remedy', () => {
  test.each<[string, string, string]>([
    [
      'unknown key of a model',
      'models:\n  - name: a\n    temperture: 0.5\n',
      'bench.config.yaml:3:5 models.0.temperture: unknown key, did you mean temperature?',
    ],
    [
      'unknown key at the top',
      'modles: []\n',
      'bench.config.yaml:1:1 modles: unknown key, did you mean models?',
    ],
    [
      'unknown key of a target',
      'targets:\n  m:\n    baseurl: http://x\n    base_url: http://localhost\n',
      'bench.config.yaml:3:5 targets.m.baseurl: unknown key, known here: api_key, when_unset, dialect, path, protocol, continuous_usage, allow_http, ca_file, headers, public_headers, models',
    ],
    [
      'a public header that is none of the target’s',
      'targets:\n  m:\n    base_url: http://localhost\n    headers: { x-team: red }\n    public_headers: [x-taem]\n',
      'bench.config.yaml:5:22 targets.m.public_headers.0: is no header of this target, did you mean x-team?',
    ],
    [
      'a public header twice, in other letters',
      'targets:\n  m:\n    base_url: http://localhost\n    headers: { x-team: red }\n    public_headers: [x-team, X-Team]\n',
      'bench.config.yaml:5:30 targets.m.public_headers.1: is listed twice',
    ],
    [
      'a public header that holds a key',
      'targets:\n  m:\n    base_url: http://localhost\n    headers: { api-key: "${K}" }\n    public_headers: [api-key]\n',
      'bench.config.yaml:5:22 targets.m.public_headers.0: is always secret, remove it: its name says that it holds a credential',
    ],
    [
      'no address',
      'targets:\n  m:\n    api_key: ${K}\n',
      'bench.config.yaml:2:3 targets.m.base_url: required, but missing',
    ],
    [
      'a literal key',
      'targets: {m: {base_url: "${B}", api_key: sk-secret}}\n',
      'bench.config.yaml:1:42 targets.m.api_key: a key must not stand in the file itself, write ${NAME} and set that variable in the environment or in .env',
    ],
    [
      'a key with a default',
      'targets: {m: {base_url: x, api_key: "${K:-sk-secret}"}}\n',
      'bench.config.yaml:1:37 targets.m.api_key: a key must not stand in the file itself, write ${NAME} and set that variable in the environment or in .env',
    ],
    [
      'a key as a number',
      'targets: {m: {base_url: x, api_key: 12345}}\n',
      'bench.config.yaml:1:37 targets.m.api_key: must be text, not a number',
    ],
    [
      'a secret header',
      'targets:\n  m:\n    base_url: x\n    headers: {X-Api-Key: sk-secret}\n',
      'bench.config.yaml:4:26 targets.m.headers.X-Api-Key: a secret must not stand in the file itself, write ${NAME} and set that variable',
    ],
    [
      'a header of the transport',
      'targets:\n  m:\n    base_url: x\n    headers: {Host: a}\n',
      'bench.config.yaml:4:21 targets.m.headers.Host: is set by the transport, remove it',
    ],
    [
      'no header name',
      'targets:\n  m:\n    base_url: x\n    headers: {"a b": c}\n',
      'bench.config.yaml:4:15 targets.m.headers.a b: is no header name',
    ],
    [
      'half a variable',
      'targets: {m: {base_url: "https://${HOST"}}\n',
      'bench.config.yaml:1:25 targets.m.base_url: has a ${ that begins no variable: ${NAME} or ${NAME:-default}',
    ],
    [
      'the reserved target',
      'targets: {simulator: {base_url: x}}\n',
      'bench.config.yaml:1:11 targets.simulator: is the name of the built-in target',
    ],
    [
      'a dialect',
      'targets: {m: {base_url: x, dialect: open-ai}}\n',
      'bench.config.yaml:1:37 targets.m.dialect: must be openai or content, did you mean openai?',
    ],
    [
      'models of a target',
      'targets: {m: {base_url: x, models: all}}\n',
      'bench.config.yaml:1:36 targets.m.models: must be subscribed or a list, not other text',
    ],
    [
      'a duration without unit',
      'defaults: {duration: 60}\n',
      'bench.config.yaml:1:22 defaults.duration: must be a duration with its unit, as 500ms, 10s, 5m or 1h30m',
    ],
    [
      'a duration of nothing',
      'defaults: {timeouts: {stall: 0s}}\n',
      'bench.config.yaml:1:30 defaults.timeouts.stall: must be longer than 0',
    ],
    [
      'a timeout unknown',
      'defaults: {timeouts: {firsttoken: 5s}}\n',
      'bench.config.yaml:1:23 defaults.timeouts.firsttoken: unknown key, did you mean first_token?',
    ],
    [
      'concurrency of 0',
      'defaults: {concurrency: 0}\n',
      'bench.config.yaml:1:25 defaults.concurrency: must be at least 1, not 0',
    ],
    [
      'a parameter of our own',
      'models:\n  - name: a\n    parameters: {stream: false}\n',
      'bench.config.yaml:3:26 models.0.parameters.stream: is set by tokentape itself, remove it',
    ],
    [
      'a model twice',
      'models:\n  - name: a\n  - name: b\n    alias: a\n',
      'bench.config.yaml:4:12 models.1.alias: is already models.0.name',
    ],
    [
      'a model unknown to a target',
      'targets: {m: {base_url: x, models: [gard]}}\nmodels: [{name: Llama-Guard-3-8B, alias: guard}]\n',
      'bench.config.yaml:1:37 targets.m.models.0: is neither name nor alias under models, did you mean guard?',
    ],
    [
      'a default target unknown',
      'targets: {market: {base_url: x}}\ndefaults: {target: markt}\n',
      'bench.config.yaml:2:20 defaults.target: no such target, did you mean market?',
    ],
    [
      'a threshold that is no text',
      'thresholds: [{ttft: 1}]\n',
      'bench.config.yaml:1:14 thresholds.0: must be text, not a mapping',
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toBe(expected);
  });

  test('mistakes of every kind are told together, in the order of the file', () => {
    const text = [
      'targets:',
      '  market:',
      '    base_url: ${B}',
      '    api_key: sk-secret',
      '    models: [r2]',
      'models:',
      '  - name: DeepSeek-R1',
      '    alias: r1',
      '    top_p: 1.5',
      '  - name: r1',
      'defaults:',
      '  target: markett',
      '  order: paralel',
      '  order: parallel',
    ].join('\n');
    const { problems } = load(text);
    expect(formatProblems(problems)).not.toContain('sk-secret');
    expect(problems.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
      '4:14 targets.market.api_key',
      '5:14 targets.market.models.0',
      '9:12 models.0.top_p',
      '10:11 models.1.name',
      '12:11 defaults.target',
      '14:3 defaults.order',
    ]);
  });
});

describe('which file, which environment', () => {
  test('bench.config.yaml before .yml, and only in the folder itself', () => {
    const both = folderWith({
      'bench.config.yaml': 'defaults: {suite: a}',
      'bench.config.yml': 'defaults: {suite: b}',
    });
    expect(loadConfig({ cwd: both, env: {} }).config.defaults?.suite).toBe('a');
    const yml = folderWith({ 'bench.config.yml': 'defaults: {suite: b}' });
    expect(loadConfig({ cwd: yml, env: {} })).toMatchObject({ file: 'bench.config.yml' });
    mkdirSync(join(yml, 'inner'));
    expect(loadConfig({ cwd: join(yml, 'inner'), env: {} }).file).toBeNull();
  });

  test('a path, relative to the folder, before TOKENTAPE_CONFIG', () => {
    const cwd = folderWith({ 'a.yaml': 'defaults: {suite: a}', 'b.yaml': 'defaults: {suite: b}' });
    const env = { TOKENTAPE_CONFIG: 'b.yaml' };
    expect(loadConfig({ cwd, env }).config.defaults?.suite).toBe('b');
    expect(loadConfig({ cwd, env, path: 'a.yaml' }).config.defaults?.suite).toBe('a');
  });

  test('without a file: an empty config, no problems', () => {
    const loaded = loadConfig({ cwd: folderWith({}), env: {} });
    expect(loaded).toMatchObject({ config: {}, file: null, problems: [] });
  });

  test.each<[string, (folder: string) => string, RegExp]>([
    ['not there', () => 'none.yaml', /^none\.yaml: no such file$/],
    ['a folder', () => '.', /^\. cannot be read: it is a folder$/],
  ])('a named file that is %s: exit 2', (_, path, message) => {
    const cwd = folderWith({});
    const attempt = (): unknown => loadConfig({ cwd, env: {}, path: path(cwd) });
    expect(attempt).toThrowError(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });

  test.skipIf(process.getuid?.() === 0)('a config that may not be read: exit 2', () => {
    const cwd = folderWith({ 'bench.config.yaml': 'defaults: {}' });
    chmodSync(join(cwd, 'bench.config.yaml'), 0o000);
    expect(() => loadConfig({ cwd, env: {} })).toThrowError(
      expect.objectContaining({ exitCode: 2 }),
    );
  });

  test('.env beside the config; the environment itself wins; process.env is left alone', () => {
    const cwd = folderWith({
      'bench.config.yaml': 'defaults: {}',
      '.env':
        '# keys\nTAPE_TEST_A=from file\nexport TAPE_TEST_B="quoted # text"\nTAPE_TEST_C=file\n',
    });
    const { env } = loadConfig({ cwd, env: { TAPE_TEST_C: 'real', TAPE_TEST_D: undefined } });
    expect(env).toMatchObject({
      TAPE_TEST_A: 'from file',
      TAPE_TEST_B: 'quoted # text',
      TAPE_TEST_C: 'real',
    });
    expect(process.env.TAPE_TEST_A).toBeUndefined();
  });

  test('a folder named .env is some other tool’s', () => {
    const cwd = folderWith({});
    mkdirSync(join(cwd, '.env'));
    expect(loadConfig({ cwd, env: { A: '1' } }).env).toEqual({ A: '1' });
  });
});
