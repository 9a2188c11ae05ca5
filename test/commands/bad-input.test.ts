import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { aFolder, configFor, runCli } from './run-cli.ts';

const CONFIG = configFor('https://example.invalid/v1');
const SUITE = 'description: mine\ncases:\n  - prompt: Say yes.\n';
const DATA_SUITE =
  'description: mine\ndata:\n  - { file: rows.jsonl, map: { prompt: question } }\n';

interface Mistake {
  args: string[];
  files?: Record<string, string>;
  env?: Record<string, string>;
  /** Each has to be found in what is said. */
  said: (string | RegExp)[];
}

const run = ['run', '--profile', 'fast'];

const MISTAKES: Record<string, Mistake> = {
  'an unknown suite': {
    args: [...run, '-s', 'reasonning'],
    said: ['reasonning', 'did you mean reasoning?'],
  },
  'an unknown key of the config': {
    args: run,
    files: { 'bench.config.yaml': 'defaults:\n  concurency: 4\n' },
    said: ['bench.config.yaml:2:3', 'concurency', 'did you mean concurrency?'],
  },
  'an unknown key of a suite': {
    args: [...run, '-s', 'mine.yaml'],
    files: { 'mine.yaml': `${SUITE}    expct: []\n` },
    said: ['mine.yaml:4:5', 'expct', 'did you mean expect?'],
  },
  'several mistakes at once': {
    args: [...run, '-s', 'nope', '--repeat', 'often'],
    files: { 'bench.config.yaml': 'slo:\n  ttft: 1\ndefaults:\n  order: any\n  warmup: -1\n' },
    said: [
      /^bench\.config\.yaml:2:3 /m,
      'bench.config.yaml:4:10',
      'bench.config.yaml:5:11',
      '--repeat',
      'nope',
      /^5 problems$/m,
    ],
  },
  'a tokenizer that is not there, beside another mistake': {
    args: ['validate', '-s', 'smoke'],
    files: {
      'bench.config.yaml': 'models:\n  - name: a\n    tokenizer: ./t.json\n    temperture: 1\n',
    },
    said: [
      'bench.config.yaml:3:16 models.0.tokenizer: t.json: no such file',
      'bench.config.yaml:4:5 models.0.temperture',
      /^2 problems$/m,
    ],
  },
  'a tokenizer that is another file': {
    args: [...run, '-s', 'smoke'],
    files: {
      'bench.config.yaml': 'models:\n  - { name: a, tokenizer: t.json }\n',
      't.json': '{"a": 1}',
    },
    said: ['bench.config.yaml:2:27 models.0.tokenizer: t.json is no tokenizer that can be used'],
  },
  'text that is no YAML': {
    args: run,
    files: { 'bench.config.yaml': 'targets: [\n' },
    said: [/bench\.config\.yaml:\d+:\d+/],
  },
  'a variable that is not set': {
    args: run,
    files: { 'bench.config.yaml': CONFIG },
    said: ['bench.config.yaml:4:14', 'MARKET_KEY is not set', '.env'],
  },
  'variables of which only one is set': {
    args: run,
    files: {
      'bench.config.yaml':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the config
        'targets:\n  m: { base_url: "${A_BASE}", api_key: "${A_KEY}", when_unset: simulate }\n',
    },
    env: { A_KEY: 'sk-canary-half' },
    said: ['bench.config.yaml:2:', 'A_BASE is not set, though A_KEY is'],
  },
  'an address that is none': {
    args: run,
    files: { 'bench.config.yaml': configFor('localhost:4000') },
    env: { MARKET_KEY: 'sk-canary' },
    said: ['bench.config.yaml:3:15', 'is not a web address', 'https://host/v1'],
  },
  'a key that would go unencrypted': {
    args: run,
    files: { 'bench.config.yaml': configFor('http://example.invalid/v1') },
    env: { MARKET_KEY: 'sk-canary' },
    said: ['unencrypted', 'allow_http'],
  },
  'a config that is not there': { args: [...run, '-c', 'gone.yaml'], said: ['gone.yaml'] },
  'a data file that is not there': {
    args: [...run, '-s', 'mine.yaml'],
    files: { 'mine.yaml': DATA_SUITE },
    said: ['mine.yaml:3:', 'cannot read', 'rows.jsonl'],
  },
  'a data file with a broken line': {
    args: [...run, '-s', 'mine.yaml'],
    files: {
      'mine.yaml': DATA_SUITE,
      'rows.jsonl': '{"question": "1 + 1?"}\n{"question": \n',
    },
    said: ['rows.jsonl:2'],
  },
  'a budget for models without a price': {
    args: [...run, '--max-cost', '1'],
    said: ['--max-cost', 'price'],
  },
  'a duration without its unit': {
    args: [...run, '-d', '60'],
    said: ['--duration', 'with its unit'],
  },
  'a duration that is a word': { args: [...run, '--timeout', 'soon'], said: ['--timeout'] },
  'a number that is none': { args: [...run, '-j', '0'], said: ['--concurrency'] },
  'an order that is none': {
    args: [...run, '--order', 'paralel'],
    said: ['--order', 'did you mean parallel?'],
  },
  'an unknown model': { args: [...run, '-m', 'DeepSek-R1'], said: ['did you mean DeepSeek-R1?'] },
  'an unknown target': { args: [...run, '-t', 'simulater'], said: ['did you mean simulator?'] },
  'a bad variable': { args: run, env: { TOKENTAPE_REPEAT: 'x' }, said: ['TOKENTAPE_REPEAT'] },
  'a bad threshold': {
    args: run,
    files: { 'bench.config.yaml': "thresholds:\n  - 'ttft_m:p(50)<1'\n" },
    said: ['bench.config.yaml:2:5', 'did you mean ttft_ms?'],
  },
  'mistakes of every kind, told at once': {
    args: run,
    files: {
      'bench.config.yaml': [
        'targets: { m: { base_url: "ftp://host" } }',
        'models: [{ name: a, temperture: 1 }]',
        'thresholds: ["ttft_m:p(50)<1"]',
        '',
      ].join('\n'),
    },
    said: [
      'bench.config.yaml:1:27 targets.m.base_url: is not a web address',
      'bench.config.yaml:2:21 models.0.temperture: unknown key',
      'bench.config.yaml:3:14 thresholds.0: ',
      '3 problems',
    ],
  },
  'a default suite that is not there': {
    args: ['validate'],
    files: { 'bench.config.yaml': 'defaults: { suite: smok }\n' },
    said: ['did you mean smoke?'],
  },
  'an unknown flag': { args: [...run, '--sute', 'x'], said: ['--sute', 'Did you mean --suite?'] },
  'an unknown command': { args: ['exprot', 'latest'], said: ['did you mean export?'] },
  'a command like none': { args: ['frobnicate'], said: ['frobnicate', 'there are run, check, '] },
  'a suite in place of a command': { args: ['reasoning'], said: ['tokentape -s reasoning'] },
  'a word too many': { args: ['list', 'runs'], said: ['too many arguments'] },
  'a run that is not there': { args: ['export', 'latest'], said: ['there is no run latest'] },
  'a form that is none': { args: ['export', 'latest', '--to', 'xls'], said: ['requests-csv'] },
  'a metric that is none': {
    args: ['compare', 'latest', '--metric', 'tttft'],
    said: ['did you mean ttft?'],
  },
  'a field that is none': {
    args: ['compare', 'x', '--by', 'modle'],
    said: ['did you mean model?'],
  },
  'a form of CSV that is none': { args: ['compare', 'x', '--format', 'w'], said: ['long, wide'] },
  'a port that is none': { args: ['simulate', '--port', '1e9'], said: ['--port 1e9'] },
  'an unknown fault': { args: ['simulate', '--fault', 'stal'], said: ['did you mean stall?'] },
  'a factor that is none': { args: ['simulate', '--scale', '10%'], said: ["'10%' is no factor"] },
  'a scaled model that is none': {
    args: ['simulate', '--scale', '1.1@DeepSeek-R2'],
    said: ['did you mean DeepSeek-R1?'],
  },
  'a skill that is none': {
    args: ['simulate', '--skill', '80%'],
    said: ["'80%' is no probability"],
  },
  'a skilled model that is none': {
    args: ['simulate', '--skill', '0.8@DeepSeek-R2'],
    said: ['did you mean DeepSeek-R1?'],
  },
  'an unknown suite to simulate': {
    args: ['simulate', '-s', 'reasonning'],
    said: ['did you mean reasoning?'],
  },
  'a model that the suite is not meant for': {
    args: [...run, '-t', 'simulator', '-m', 'Llama-Guard-3-8B', '-s', 'reasoning'],
    said: ['reasoning is not meant for Llama-Guard-3-8B', 'tags'],
  },
  'nothing to say to a model': { args: ['stream', 'DeepSeek-R1'], said: ['nothing to say'] },
};

describe('one clear message, exit 2, nothing written', () => {
  test.concurrent.each(Object.entries(MISTAKES))('%s', async (_, mistake) => {
    const files = mistake.files ?? {};
    const cwd = await aFolder(files);
    const { code, stdout, stderr } = await runCli(mistake.args, { cwd, env: mistake.env });
    expect(stderr).toMatch(/^tokentape: /);
    for (const part of mistake.said) expect(stderr).toMatch(part);
    expect(stderr).not.toContain('    at ');
    expect(stderr).not.toContain('sk-canary');
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect((await readdir(cwd)).sort()).toEqual(Object.keys(files).sort());
  });
});
