import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/exit-codes.ts';
import { aFolder } from '../commands/run-cli.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  id?: string;
  run?: string;
  shell?: string;
  uses?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}
const action: Action = parse(readFileSync(path.join(PROJECT, 'action.yml'), 'utf8'));

/** Prints its arguments, one a line, and ends as a check of that verdict would. */
const FAKE = `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(process.env.FAKE_ARGS, JSON.stringify(args) + '\\n');
const verdict = process.env.FAKE_VERDICT;
const report = args.find((one) => one.startsWith('--report=json='));
if (verdict) {
  const run_id = process.env.FAKE_RUN_ID || '20260102T030405Z-chat';
  fs.writeFileSync(report.slice('--report=json='.length), JSON.stringify({ verdict, run_id }));
}
process.exit(Number(process.env.FAKE_CODE));
`;

interface Outcome {
  code: number | null;
  said: string;
  outputs: Record<string, string>;
  /** Of \`npx\`, or of the action's own command. */
  argv: string[];
  left: string[];
}

/** Runs the action's steps with bash, as a runner does, with a fake command behind them. */
async function runAction(
  inputs: Record<string, string>,
  fake: { code: number; verdict?: string; runId?: string },
): Promise<Outcome> {
  const folder = await aFolder({
    'bin/npx': FAKE,
    'action/package.json': '{"version":"1.2.3"}',
    'action/dist/cli.js': FAKE.replace(/^#!.*\n/, ''),
    'work/results/20260102T030405Z-chat/manifest.json': '{}',
    'work/other/20260102T030405Z-chat/manifest.json': '{}',
    output: '',
    args: '',
  });
  const at = (name: string) => path.join(folder, name);
  await chmod(at('bin/npx'), 0o755);
  await mkdir(at('temp'));
  const contexts: Record<string, string> = { 'github.action_path': at('action') };
  for (const [name, { default: value }] of Object.entries(action.inputs)) {
    contexts[`inputs.${name}`] = inputs[name] ?? value;
  }
  const [step] = action.runs.steps as [Step];
  const env = Object.entries(step.env ?? {}).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, key: string) => contexts[key] ?? `unknown ${key}`),
  ]);
  await writeFile(at('step.sh'), step.run ?? '');
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', at('step.sh')], {
    cwd: at('work'),
    env: {
      PATH: `${at('bin')}:${process.env.PATH}`,
      GITHUB_OUTPUT: at('output'),
      RUNNER_TEMP: at('temp'),
      FAKE_ARGS: at('args'),
      FAKE_CODE: String(fake.code),
      FAKE_VERDICT: fake.verdict ?? '',
      FAKE_RUN_ID: fake.runId ?? '',
      ...Object.fromEntries(env),
    },
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const outputs = (await readFile(at('output'), 'utf8')).split('\n').filter(Boolean);
  return {
    code,
    said,
    outputs: Object.fromEntries(outputs.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    argv: JSON.parse((await readFile(at('args'), 'utf8')) || '[]'),
    left: await readdir(at('temp')),
  };
}

describe('what the action is made of', () => {
  test('one composite step of bash that hides no mistake', () => {
    expect(action.runs.using).toBe('composite');
    for (const { shell, run } of action.runs.steps) {
      expect(shell).toBe('bash');
      expect(run).toMatch(/^set -euo pipefail$/m);
    }
  });

  test('no script holds what an input could write into it', () => {
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
  });

  test('every input reaches a step, every output comes from one', () => {
    const text = JSON.stringify(action.runs);
    for (const name of Object.keys(action.inputs)) expect(text).toContain(`inputs.${name} `);
    for (const { value } of Object.values(action.outputs)) {
      const [, id, name] = /^\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}$/.exec(value) ?? [];
      const step = action.runs.steps.find((one) => one.id === id);
      expect(step?.run).toContain(`echo "${name}=`);
    }
  });
});

describe('how the job ends', () => {
  test.each([
    ['pass', EXIT.done, 'fail', 0],
    ['fail', EXIT.gateFailed, 'fail', 99],
    ['fail', EXIT.gateFailed, 'warn', 99],
    ['invalid', EXIT.invalid, 'warn', 3],
    ['inconclusive', EXIT.inconclusive, 'fail', 4],
    ['inconclusive', EXIT.inconclusive, 'warn', 0],
    ['pass', EXIT.cannotWrite, 'warn', 74],
  ])('%s with %d and inconclusive: %s', async (verdict, code, inconclusive, expected) => {
    const found = await runAction({ inconclusive }, { code, verdict });
    expect(found.code).toBe(expected);
    expect(found.outputs).toEqual({
      verdict,
      'run-folder': 'results/20260102T030405Z-chat',
      'exit-code': String(code),
    });
    expect(found.left).toEqual([]);
    const warned = verdict === 'inconclusive' && inconclusive === 'warn';
    expect(found.said.includes('::warning ')).toBe(warned);
  });

  test.each([EXIT.usage, EXIT.unexpected, EXIT.unavailable])(
    'without a verdict, with %d',
    async (code) => {
      const found = await runAction({ inconclusive: 'warn' }, { code });
      expect(found.code).toBe(code);
      expect(found.outputs).toEqual({
        verdict: 'error',
        'run-folder': '',
        'exit-code': String(code),
      });
    },
  );

  test('an unknown wish is refused before anything is sent', async () => {
    const found = await runAction({ inconclusive: 'ignore' }, { code: 0, verdict: 'pass' });
    expect(found).toMatchObject({ code: 2, argv: [] });
    expect(found.said).toMatch(/^::error /);
  });

  test('a folder that is not there, or a name that is none, gives no output of its own', async () => {
    const ok = { code: 0, verdict: 'pass' };
    for (const runId of ['elsewhere', 'a\nverdict=fail', '../../x']) {
      const { outputs } = await runAction({}, { ...ok, runId });
      expect(outputs).toEqual({ verdict: 'pass', 'run-folder': '', 'exit-code': '0' });
    }
    const { outputs } = await runAction({}, { code: 0, verdict: 'pass\nx=y' });
    expect(outputs).toEqual({
      verdict: 'error',
      'run-folder': expect.any(String),
      'exit-code': '0',
    });
  });
});

describe('what is run', () => {
  const ok = { code: 0, verdict: 'pass' };

  test.each([
    ['', ['--yes', 'tokentape@1.2.3', 'check']],
    ['0.9.0', ['--yes', 'tokentape@0.9.0', 'check']],
    ['local', ['check']],
  ])('version %j', async (version, expected) => {
    const { argv } = await runAction({ version }, ok);
    expect(argv.slice(0, expected.length)).toEqual(expected);
    expect(argv.slice(expected.length)).toEqual([
      '--output=results',
      expect.stringMatching(/^--report=json=/),
    ]);
  });

  test('every input is an argument, lists one a line', async () => {
    const { argv, outputs } = await runAction(
      {
        config: 'ci/bench.yaml',
        target: 'candidate other',
        model: 'a model\nb',
        suite: 'chat code',
        against: 'production/X 1',
        baseline: 'history/baselines\n\ngit:main:baselines\n',
        thresholds: 'ttft_ms:p(95)<800\r\n  \nerror_rate{model:a b}<1%',
        'max-cost': '2',
        reports: 'junit=a b.xml\nmd=c.md',
        output: 'other',
        args: '--pairs=200\n--no-nonce',
        run: 'latest',
      },
      ok,
    );
    expect(argv.slice(2)).toEqual([
      'check',
      '--config=ci/bench.yaml',
      '--target=candidate,other',
      '--model=a model',
      '--model=b',
      '--suite=chat,code',
      '--against=production/X 1',
      '--baseline=history/baselines',
      '--baseline=git:main:baselines',
      '--threshold=ttft_ms:p(95)<800',
      '--threshold=error_rate{model:a b}<1%',
      '--max-cost=2',
      '--output=other',
      '--report=junit=a b.xml',
      '--report=md=c.md',
      '--pairs=200',
      '--no-nonce',
      expect.stringMatching(/^--report=json=/),
      '--',
      'latest',
    ]);
    expect(outputs['run-folder']).toBe('other/20260102T030405Z-chat');
  });

  test('what looks like shell stays text', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
    const hostile = '$(touch owned) `touch owned`; touch owned & * "\' \\ ${HOME} !x';
    const inputs = { model: hostile, against: hostile, args: hostile, run: hostile };
    const { argv, code } = await runAction(inputs, ok);
    expect(code).toBe(0);
    expect(argv).toContain(`--model=${hostile}`);
    expect(argv).toContain(`--against=${hostile}`);
    expect(argv).toContain(hostile);
    expect(argv.at(-1)).toBe(hostile);
  });
});
