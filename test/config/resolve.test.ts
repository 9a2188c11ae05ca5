// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax under test
import { isAbsolute } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { MARKETPLACE_MODELS } from '../../src/config/marketplace-models.ts';
import { resolveTargets } from '../../src/config/resolve.ts';
import type { Target } from '../../src/config/types.ts';
import { formatProblems } from '../../src/diagnostics/format.ts';
import { folderWith, load } from './loading.ts';

const MARKET = [
  'targets:',
  '  market:',
  '    base_url: ${BASE}',
  '    api_key: ${KEY}',
  '    when_unset: simulate',
  '  strict:',
  '    base_url: ${STRICT_BASE}',
  '    api_key: ${STRICT_KEY}',
  'models:',
  '  - name: DeepSeek-R1',
  '    alias: r1',
  '    temperature: 0.6',
  '    parameters: {top_k: 40, temperature: 1}',
  '    price: {input_per_mtok: 1, output_per_mtok: 2}',
  '    tags: [reasoning]',
  '  - name: Llama-Guard-3-8B',
].join('\n');

type Options = Parameters<typeof resolveTargets>[1];

function resolved(text: string, env: Record<string, string> = {}, options?: Options) {
  const loaded = load(text, env);
  expect(loaded.problems).toEqual([]);
  return resolveTargets(loaded, options);
}

function only(targets: Target[]): Target {
  expect(targets).toHaveLength(1);
  return targets[0] as Target;
}

const oneTarget = (baseUrl: string, more = ''): string =>
  `targets:\n  t:\n    base_url: "${baseUrl}"\n    models: subscribed\n${more}`;

describe('variables', () => {
  test('both set: a real target', () => {
    const { targets, problems } = resolved(MARKET, { BASE: 'https://h/v1/', KEY: ' sk-1 ' });
    expect(problems).toEqual([]);
    expect(only(targets)).toEqual({
      name: 'market',
      baseUrl: 'https://h/v1',
      path: '/chat/completions',
      apiKey: 'sk-1',
      dialect: 'openai',
      protocol: 'http/1.1',
      headers: {},
      caFile: undefined,
      simulated: false,
      models: [
        {
          name: 'DeepSeek-R1',
          label: 'r1',
          price: { input_per_mtok: 1, output_per_mtok: 2 },
          tags: ['reasoning'],
          parameters: { top_k: 40, temperature: 0.6 },
        },
        {
          name: 'Llama-Guard-3-8B',
          label: 'Llama-Guard-3-8B',
          price: null,
          tags: [],
          parameters: {},
        },
      ],
    });
  });

  test.each([{}, { BASE: '', KEY: ' ' }])(
    'neither set (%o): simulated under its own name',
    (env) => {
      const { targets, problems } = resolved(MARKET, env);
      expect(problems).toEqual([]);
      expect(only(targets)).toMatchObject({
        name: 'market',
        simulated: true,
        baseUrl: '',
        apiKey: undefined,
      });
    },
  );

  test.each<[string, Record<string, string>, string, string]>([
    [
      'only the address',
      { BASE: 'https://h' },
      'market',
      'bench.config.yaml:4:14 targets.market.api_key: KEY is not set, though BASE is, set it in the environment or in .env',
    ],
    [
      'only the key',
      { KEY: 'sk-1' },
      'market',
      'bench.config.yaml:3:15 targets.market.base_url: BASE is not set, though KEY is, set it in the environment or in .env',
    ],
    [
      'neither, and not simulated',
      {},
      'strict',
      'bench.config.yaml:7:15 targets.strict.base_url: STRICT_BASE is not set, set it in the environment or in .env\nbench.config.yaml:8:14 targets.strict.api_key: STRICT_KEY is not set, set it in the environment or in .env\n2 problems',
    ],
    [
      'a key no header can carry',
      { BASE: 'https://h', KEY: 'sk\n1' },
      'market',
      'bench.config.yaml:4:14 targets.market.api_key: KEY holds characters that no header can carry',
    ],
    [
      'an address that is none',
      { BASE: 'marketplace', KEY: 'k' },
      'market',
      'bench.config.yaml:3:15 targets.market.base_url: BASE is not a web address, write it as https://host/v1',
    ],
  ])('%s: an error with its place', (_, env, target, expected) => {
    const { targets, problems } = resolved(MARKET, env, { targets: [target] });
    expect(formatProblems(problems)).toBe(expected);
    expect(targets).toEqual([]);
  });

  test('a target that is not used needs none', () => {
    expect(resolved(MARKET, {}, { targets: ['market'] }).problems).toEqual([]);
  });

  test('headers take variables and defaults', () => {
    const text = oneTarget(
      'https://h',
      '    headers: {x-a: "${A}-b", x-c: "${C:-d}", x-e: plain}\n',
    );
    expect(only(resolved(text, { A: '1' }).targets).headers).toEqual({
      'x-a': '1-b',
      'x-c': 'd',
      'x-e': 'plain',
    });
    expect(formatProblems(resolved(text).problems)).toBe(
      'bench.config.yaml:5:20 targets.t.headers.x-a: A is not set, set it in the environment or in .env',
    );
  });
});

describe('addresses', () => {
  test.each([
    ['https://h', 'https://h'],
    ['https://h/', 'https://h'],
    ['https://h/v1//', 'https://h/v1'],
    ['https://h:8443/a/v1', 'https://h:8443/a/v1'],
    ['https://h/v1/chat/completions', 'https://h/v1'],
    ['https://h/v1/chat/completions/', 'https://h/v1'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://127.9.9.9/v1', 'http://127.9.9.9/v1'],
    ['http://[::1]:80/v1', 'http://[::1]/v1'],
    ['${HOST:-https://fallback/v1}', 'https://fallback/v1'],
  ])('%s → %s', (given, expected) => {
    expect(only(resolved(oneTarget(given)).targets).baseUrl).toBe(expected);
  });

  test('another path keeps the address as it is', () => {
    const text = oneTarget('https://h/v1/chat/completions', '    path: /stream\n');
    expect(only(resolved(text).targets)).toMatchObject({
      baseUrl: 'https://h/v1/chat/completions',
      path: '/stream',
    });
  });

  test.each<[string, RegExp]>([
    [
      'http://example.com/v1',
      /would send the key unencrypted to example\.com, use https:, or set allow_http/,
    ],
    ['http://127.0.0.1.example.com', /would send the key unencrypted/],
    ['http://localhost.example.com', /would send the key unencrypted/],
    ['ftp://h', /is not a web address/],
    ['//h/v1', /is not a web address/],
    ['https:h', /is not a web address/],
    ['https://user:s3cret@h/v1', /must not hold a user name or password/],
    ['https://h/v1?k=s3cret', /must not have \? or #/],
    ['https://h/v1#x', /must not have \? or #/],
  ])('%s is refused', (given, expected) => {
    const text = formatProblems(resolved(oneTarget(given)).problems);
    expect(text).toMatch(/^bench\.config\.yaml:3:15 targets\.t\.base_url: /);
    expect(text).toMatch(expected);
    expect(text).not.toContain('s3cret');
  });

  test('http: elsewhere, asked for by name', () => {
    const text = oneTarget('http://10.0.0.2:8000/v1', '    allow_http: true\n');
    expect(only(resolved(text).targets).baseUrl).toBe('http://10.0.0.2:8000/v1');
  });

  test('ca_file is relative to the config, and has to be there', () => {
    const files = {
      'bench.config.yaml': oneTarget('https://h', '    ca_file: ./ca.pem\n'),
      'ca.pem': 'pem',
    };
    const loaded = loadConfig({ cwd: folderWith(files), env: {} });
    expect(isAbsolute(only(resolveTargets(loaded).targets).caFile ?? '')).toBe(true);
    const missing = resolved(files['bench.config.yaml']);
    expect(formatProblems(missing.problems)).toBe(
      'bench.config.yaml:5:14 targets.t.ca_file: cannot be read',
    );
  });
});

describe('which targets', () => {
  test('the default is the first; defaults.target, the variable and the flag override in turn', () => {
    const text =
      'targets:\n  a: {base_url: "https://a"}\n  b: {base_url: "https://b"}\n  c: {base_url: "https://c"}\n';
    const names = (more: string, env: Record<string, string>, options?: Options): string[] =>
      resolved(text + more, env, options).targets.map((target) => target.name);
    expect(names('', {})).toEqual(['a']);
    expect(names('defaults: {target: b}', {})).toEqual(['b']);
    expect(names('defaults: {target: b}', { TOKENTAPE_TARGET: 'c, a' })).toEqual(['c', 'a']);
    const flags = { targets: ['simulator', 'b', 'b'] };
    expect(names('', { TOKENTAPE_TARGET: 'c' }, flags)).toEqual(['simulator', 'b']);
  });

  test('without a config: the simulator with the twelve', () => {
    const loaded = loadConfig({ cwd: folderWith({}), env: {} });
    const target = only(resolveTargets(loaded).targets);
    expect(target).toMatchObject({ name: 'marketplace', simulated: true });
    expect(target.models).toHaveLength(12);
  });

  test('without a config: the marketplace of the usual variables', () => {
    const env = { MARKETPLACE_API_BASE: 'https://market.example/v1', MARKETPLACE_API_KEY: 'key-1' };
    const target = only(resolveTargets(loadConfig({ cwd: folderWith({}), env })).targets);
    expect(target).toMatchObject({ baseUrl: env.MARKETPLACE_API_BASE, simulated: false });
  });

  test('the simulator takes the models of the config', () => {
    const { models } = only(resolved(MARKET, {}, { targets: ['simulator'] }).targets);
    expect(models).toMatchObject([{ label: 'r1' }, { label: 'Llama-Guard-3-8B' }]);
  });

  test.each([
    [{ targets: ['markt'] }, {}, '--target: no target markt, did you mean market?'],
    [{ targets: ['zzzzzzz'] }, {}, '--target: no target zzzzzzz, known: market, strict, simulator'],
    [
      {},
      { TOKENTAPE_TARGET: 'toString' },
      'TOKENTAPE_TARGET: no target toString, known: market, strict, simulator',
    ],
  ])('unknown: %o %o', (options, env, expected) => {
    expect(formatProblems(resolved(MARKET, env as Record<string, string>, options).problems)).toBe(
      expected,
    );
  });
});

test('a file with mistakes brings no further ones about its targets', () => {
  const loaded = load('targets: {market: {}}');
  expect(loaded.problems).toHaveLength(1);
  expect(resolveTargets(loaded, { targets: ['market'], models: ['x'] })).toEqual({
    targets: [],
    problems: [],
  });
});

describe('which models', () => {
  const labels = (target: Target): string[] =>
    target.models === 'subscribed' ? ['subscribed'] : target.models.map((model) => model.label);

  test('by name or alias, each once', () => {
    const options = { models: ['DeepSeek-R1', 'r1'] };
    expect(labels(only(resolved(MARKET, {}, options).targets))).toEqual(['r1']);
    expect(labels(only(resolved(MARKET, { TOKENTAPE_MODEL: 'Llama-Guard-3-8B' }).targets))).toEqual(
      ['Llama-Guard-3-8B'],
    );
  });

  test('unknown: did you mean', () => {
    expect(
      formatProblems(resolved(MARKET, {}, { models: ['DeepSek-R1', 'zzzzzzzz'] }).problems),
    ).toBe(
      '--model: no model DeepSek-R1, did you mean DeepSeek-R1?\n--model: no model zzzzzzzz, known: r1, Llama-Guard-3-8B\n2 problems',
    );
  });

  test('a target that asks takes every name, and knows what the config says of it', () => {
    const text = `${oneTarget('https://h')}models: [{name: DeepSeek-R1, alias: r1, seed: 7}]\n`;
    expect(only(resolved(text).targets).models).toBe('subscribed');
    expect(
      only(resolved(text, {}, { models: ['r1', 'new', 'DeepSeek-R1'] }).targets).models,
    ).toEqual([
      { name: 'DeepSeek-R1', label: 'r1', price: null, tags: [], parameters: { seed: 7 } },
      { name: 'new', label: 'new', price: null, tags: [], parameters: {} },
    ]);
  });

  test('a list of the target picks from models; without models its names are taken as they are', () => {
    const list = 'targets: {t: {base_url: "https://h", models: [r1, DeepSeek-R1, own]}}\n';
    const models = 'models: [{name: DeepSeek-R1, alias: r1}, {name: own}, {name: other}]\n';
    expect(labels(only(resolved(list + models).targets))).toEqual(['r1', 'own']);
    expect(
      labels(only(resolved('targets: {t: {base_url: "https://h", models: [own]}}').targets)),
    ).toEqual(['own']);
  });

  test('a real target of a config without models asks its endpoint', () => {
    expect(labels(only(resolved('targets: {t: {base_url: "https://h"}}').targets))).toEqual([
      'subscribed',
    ]);
  });

  test('targets without any of the models drop out', () => {
    const text = [
      'targets:',
      '  a: {base_url: "https://a", models: [x]}',
      '  b: {base_url: "https://b", models: [y]}',
      'models: [{name: x}, {name: y}]',
    ].join('\n');
    const { targets, problems } = resolved(text, {}, { targets: ['a', 'b'], models: ['y'] });
    expect(problems).toEqual([]);
    expect(only(targets).name).toBe('b');
  });
});

test('the built-in models are twelve, each once', () => {
  expect(new Set(MARKETPLACE_MODELS.map(({ name }) => name)).size).toBe(12);
});
