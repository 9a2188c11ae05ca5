// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax under test
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_GRADING, DEFAULT_JUDGE } from '../../src/config/grading-settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import { publicConfig, publicGrading } from '../../src/config/public.ts';
import { resolveTargets } from '../../src/config/resolve.ts';
import type { RunFlags } from '../../src/config/run-flags.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { storedJudge } from '../../src/config/stored.ts';
import type { RunSettings } from '../../src/config/types.ts';
import { formatProblems } from '../../src/diagnostics/format.ts';
import { folderWith, load } from './loading.ts';

function settle(
  defaults: string,
  env: Record<string, string> = {},
  flags: RunFlags = {},
): { settings: RunSettings; problems: string } {
  const loaded = load(`defaults: ${defaults}\n`, env);
  expect(loaded.problems).toEqual([]);
  const options = { cwd: loaded.directory, drawSeed: () => 'c0ffee11' };
  const { settings, problems } = resolveSettings(loaded, flags, options);
  return { settings, problems: formatProblems(problems) };
}

describe('grading', () => {
  const graded = (yaml: string, env: Record<string, string> = {}, flags: RunFlags = {}) => {
    const loaded = load(`grading: ${yaml}\n`, env);
    expect(formatProblems(loaded.problems)).toBe('');
    const options = { cwd: loaded.directory, drawSeed: () => '1' };
    const { settings, problems } = resolveSettings(loaded, flags, options);
    return { grading: settings.grading, problems: formatProblems(problems) };
  };

  test('is on, and runs and asks nothing unless it is told to', () => {
    expect(graded('{}').grading).toEqual(DEFAULT_GRADING);
    expect(DEFAULT_GRADING).toMatchObject({ runCode: false, runJavascript: false, judge: null });
  });

  test('follows flag, variable and config in this order', () => {
    const config = '{run_code: true, judge: {model: a/b, retries: 1, timeout: 5s}}';
    expect(graded(config).grading).toMatchObject({
      ...{ runCode: true, judge: { model: 'a/b', retries: 1, timeoutMs: 5000, concurrency: 4 } },
    });
    const env = { TOKENTAPE_RUN_CODE: 'no', TOKENTAPE_JUDGE: 'c/d/e', TOKENTAPE_GRADE: 'off' };
    expect(graded(config, env).grading).toMatchObject({
      ...{ enabled: false, runCode: false, judge: { model: 'c/d/e', retries: 1 } },
    });
    const flags = { runCode: true, judge: 'f/g', grade: true };
    expect(graded(config, env, flags).grading).toMatchObject({
      ...{ enabled: true, runCode: true, judge: { model: 'f/g' } },
    });
    expect(graded('{}', {}, { judge: 'f/g' }).grading.judge).toEqual({
      ...DEFAULT_JUDGE,
      model: 'f/g',
    });
  });

  test('names a judge that is none', () => {
    expect(graded('{}', {}, { judge: 'gpt' }).problems).toContain('--judge: must be TARGET/MODEL');
    const { problems } = load('grading: {judge: {model: gpt}, code_timeout: 3}\n');
    expect(formatProblems(problems)).toContain('must be TARGET/MODEL');
    expect(formatProblems(problems)).toContain('must be a duration');
  });

  test('comes back from a manifest as it was', () => {
    const { grading } = graded('{judge: {model: a/b, parameters: {seed: 1}, max_cost: 2}}');
    const config = { settings: { grading: publicGrading(grading) } };
    expect(storedJudge(config)).toEqual(grading.judge);
    expect(storedJudge({ settings: {} })).toBeNull();
  });
});

test('built in', () => {
  expect(settle('{}').settings).toEqual({
    suites: ['smoke'],
    concurrency: 8,
    order: 'parallel',
    repeat: 1,
    warmup: 0,
    seed: 'c0ffee11',
    nonce: true,
    keepTapes: true,
    keepText: true,
    outputDir: 'results',
    requestLimits: {
      connectMs: 10_000,
      firstTokenMs: 120_000,
      stallMs: 60_000,
      totalMs: 600_000,
      bodyBytes: 41_943_040,
      inFlightBytes: 536_870_912,
      eventBytes: 8_388_608,
      events: 200_000,
      headerBytes: 65_536,
    },
    runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: null },
    slo: {},
    validity: { lateMs: 2, lateShare: 0.01, cpuShare: 0.8 },
    grading: DEFAULT_GRADING,
    calibrate: true,
    chunkRate: 50,
  });
});

describe('flag over variable over config', () => {
  const limit = (name: keyof RunSettings['requestLimits']) => (each: RunSettings) =>
    each.requestLimits[name];
  const runLimit = (name: keyof RunSettings['runLimits']) => (each: RunSettings) =>
    each.runLimits[name];

  test.each<
    [
      keyof RunFlags,
      (settings: RunSettings) => unknown,
      [string, unknown],
      [string, string, unknown],
      [unknown, unknown],
    ]
  >([
    [
      'suite',
      (each) => each.suites,
      ['suite: a', ['a']],
      ['SUITE', 'b, c', ['b', 'c']],
      [['d'], ['d']],
    ],
    [
      'concurrency',
      (each) => each.concurrency,
      ['concurrency: 2', 2],
      ['CONCURRENCY', '3', 3],
      ['4', 4],
    ],
    [
      'order',
      (each) => each.order,
      ['order: interleaved', 'interleaved'],
      ['ORDER', 'sequential', 'sequential'],
      ['parallel', 'parallel'],
    ],
    ['repeat', (each) => each.repeat, ['repeat: 2', 2], ['REPEAT', '3', 3], ['4', 4]],
    ['warmup', (each) => each.warmup, ['warmup: 2', 2], ['WARMUP', '3', 3], ['0', 0]],
    ['seed', (each) => each.seed, ['seed: 7', '7'], ['SEED', 'b', 'b'], ['8', '8']],
    ['nonce', (each) => each.nonce, ['nonce: false', false], ['NONCE', 'on', true], [false, false]],
    [
      'tapes',
      (each) => each.keepTapes,
      ['keep_tapes: false', false],
      ['TAPES', '1', true],
      [false, false],
    ],
    [
      'text',
      (each) => each.keepText,
      ['keep_text: false', false],
      ['TEXT', 'yes', true],
      [false, false],
    ],
    [
      'output',
      (each) => each.outputDir,
      ['output: runs', 'runs'],
      ['OUTPUT', 'b', 'b'],
      ['c', 'c'],
    ],
    [
      'calibrate',
      (each) => each.calibrate,
      ['calibrate: false', false],
      ['CALIBRATE', 'on', true],
      [false, false],
    ],
    [
      'chunkRate',
      (each) => each.chunkRate,
      ['chunk_rate: 20', 20],
      ['CHUNK_RATE', '30', 30],
      ['40', 40],
    ],
    [
      'duration',
      runLimit('durationMs'),
      ['duration: 60s', 60_000],
      ['DURATION', '2m', 120_000],
      ['1h', 3_600_000],
    ],
    ['requests', runLimit('requests'), ['requests: 96', 96], ['REQUESTS', '5', 5], ['6', 6]],
    ['maxCost', runLimit('costUsd'), ['max_cost: 5', 5], ['MAX_COST', '0.5', 0.5], ['7', 7]],
    [
      'maxTokensTotal',
      runLimit('outputTokens'),
      ['max_tokens_total: 5', 5],
      ['MAX_TOKENS_TOTAL', '6', 6],
      ['7', 7],
    ],
    [
      'timeout',
      limit('totalMs'),
      ['timeouts: {total: 1s}', 1000],
      ['TIMEOUT', '2s', 2000],
      ['3s', 3000],
    ],
    [
      'connectTimeout',
      limit('connectMs'),
      ['timeouts: {connect: 1s}', 1000],
      ['CONNECT_TIMEOUT', '2s', 2000],
      ['500ms', 500],
    ],
    [
      'firstTokenTimeout',
      limit('firstTokenMs'),
      ['timeouts: {first_token: 1s}', 1000],
      ['FIRST_TOKEN_TIMEOUT', '2s', 2000],
      ['1.5s', 1500],
    ],
    [
      'stallTimeout',
      limit('stallMs'),
      ['timeouts: {stall: 1s}', 1000],
      ['STALL_TIMEOUT', '2s', 2000],
      ['1m30s', 90_000],
    ],
  ])(
    '%s',
    (flag, read, [config, fromConfig], [variable, text, fromVariable], [typed, fromFlag]) => {
      const defaults = `{${config}}`;
      const env = { [`TOKENTAPE_${variable}`]: text };
      expect(read(settle(defaults).settings)).toEqual(fromConfig);
      expect(read(settle(defaults, { [`TOKENTAPE_${variable}`]: '' }).settings)).toEqual(
        fromConfig,
      );
      expect(read(settle(defaults, env).settings)).toEqual(fromVariable);
      expect(read(settle(defaults, env, { [flag]: typed }).settings)).toEqual(fromFlag);
    },
  );
});

test('mistakes name the flag or the variable, all at once', () => {
  const env = {
    TOKENTAPE_REPEAT: '0',
    TOKENTAPE_NONCE: 'maybe',
    TOKENTAPE_SEED: '1',
    TOKENTAPE_CPU_SHARE: '80',
  };
  const flags = {
    concurrency: 'many',
    order: 'paralel',
    duration: '60',
    maxCost: '-1',
    seed: ' ',
    suite: [''],
  };
  expect(settle('{}', env, flags).problems.split('\n')).toEqual([
    '--suite: must be a name, or several with commas between them',
    '--concurrency: must be a whole number, 1 to 100000',
    '--order: must be parallel, interleaved or sequential, did you mean parallel?',
    'TOKENTAPE_REPEAT: must be a whole number, 1 or more',
    '--seed: must be some text',
    'TOKENTAPE_NONCE: must be true or false',
    '--duration: must be a duration with its unit, as 500ms, 10s, 5m or 1h30m',
    '--max-cost: must be an amount of USD over 0, as 5 or 0.50',
    'TOKENTAPE_CPU_SHARE: must be a share over 0 and up to 1, as 0.01',
    '9 problems',
  ]);
});

test('slo, limits and validity come from the config', () => {
  const text =
    'slo: {ttft_ms: 800}\nvalidity: {late_ms: 5, cpu_share: 0.5}\ndefaults: {limits: {events: 10, body_bytes: 99}}\n';
  const loaded = load(text);
  const { settings } = resolveSettings(loaded, {}, { cwd: '.', drawSeed: () => 's' });
  expect(settings.slo).toEqual({ ttft_ms: 800 });
  expect(settings.validity).toEqual({ lateMs: 5, lateShare: 0.01, cpuShare: 0.5 });
  expect(settings.requestLimits).toMatchObject({ events: 10, bodyBytes: 99, headerBytes: 65_536 });
});

test('shares of validity: flag over variable over config', () => {
  const share = (env: Record<string, string>, flags: RunFlags = {}) => {
    const loaded = load('validity: {late_share: 0.2, cpu_share: 0.9}\n', env);
    return resolveSettings(loaded, flags, { cwd: '.', drawSeed: () => 's' }).settings.validity;
  };
  expect(share({})).toEqual({ lateMs: 2, lateShare: 0.2, cpuShare: 0.9 });
  const env = { TOKENTAPE_LATE_SHARE: '.3', TOKENTAPE_CPU_SHARE: '1' };
  expect(share(env)).toEqual({ lateMs: 2, lateShare: 0.3, cpuShare: 1 });
  expect(share(env, { lateShare: '0.4' }).lateShare).toBe(0.4);
});

test('the output of a config elsewhere lies beside that config', () => {
  const cwd = folderWith({});
  const other = folderWith({ 'c.yaml': 'defaults: {output: runs}' });
  const loaded = loadConfig({ cwd, env: {}, path: join(other, 'c.yaml') });
  const { settings } = resolveSettings(loaded, {}, { cwd, drawSeed: () => 's' });
  expect(join(cwd, settings.outputDir)).toBe(join(other, 'runs'));
});

test('publicConfig holds no secret', () => {
  const text = [
    'targets:',
    '  t:',
    '    base_url: https://h/v1',
    '    api_key: ${KEY}',
    '    headers: {authorization: "Basic ${BASIC}", x-team: blue-team}',
    'models: [{name: m, alias: a, temperature: 0}]',
  ].join('\n');
  const loaded = load(text, { KEY: 'sk-s3cret', BASIC: 'b64s3cret' });
  const { targets } = resolveTargets(loaded);
  expect(targets[0]?.apiKey).toBe('sk-s3cret');
  const { settings } = resolveSettings(loaded, { seed: '1' }, { cwd: '.', drawSeed: () => 's' });
  const withUser = targets.map((each) => ({ ...each, baseUrl: 'https://me:pa@s3cret@h/v1' }));
  const written = JSON.stringify(publicConfig(withUser, settings));
  expect(written).not.toMatch(/s3cret|blue-team|Basic|me:/);
  expect(JSON.parse(written).targets[0]).toMatchObject({
    name: 't',
    base_url: 'https://h/v1',
    headers: ['authorization', 'x-team'],
    models: [{ name: 'm', label: 'a', parameters: { temperature: 0 } }],
  });
});
