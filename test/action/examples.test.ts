import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseReportForm } from '../../src/report/check/forms.ts';
import { aFolder } from '../commands/run-cli.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = path.join(PROJECT, 'docs/examples');
const texts = Object.fromEntries(
  readdirSync(EXAMPLES).map((name) => [name, readFileSync(path.join(EXAMPLES, name), 'utf8')]),
);
const { version } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
const action = parse(readFileSync(path.join(PROJECT, 'action.yml'), 'utf8'));

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { steps: Step[]; permissions?: Record<string, string>; 'timeout-minutes': number }
  >;
}
const workflows = Object.entries(texts)
  .filter(([name]) => name.startsWith('github-'))
  .map(([name, text]) => [name, text, parse(text) as Workflow] as const);

describe.each(workflows)('%s', (_, text, workflow) => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('has no more rights than it needs, and an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) {
      const pushes = job.steps.some(({ run }) => run?.includes('git push'));
      expect(job.permissions).toEqual(pushes ? { contents: 'write' } : undefined);
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  test("pins what is others', and gives the action inputs that it has", () => {
    const used = steps.filter(({ uses }) => uses !== undefined);
    for (const { uses = '', with: inputs = {} } of used) {
      if (uses.startsWith('YOUR-ORG/tokentape@')) {
        expect(uses).toBe(`YOUR-ORG/tokentape@v${version}`);
        for (const name of Object.keys(inputs)) expect(action.inputs).toHaveProperty(name);
      } else {
        expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      }
    }
    expect(used.some(({ uses }) => uses?.startsWith('YOUR-ORG/'))).toBe(true);
  });

  test('no script holds what an event could write into it', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  test('outputs that it reads are outputs of the action', () => {
    for (const [, name] of text.matchAll(/steps\.check\.outputs\.([\w-]+)/g)) {
      expect(action.outputs).toHaveProperty(name as string);
    }
  });
});

test('every example asks for forms and a version that there are', () => {
  const forms = Object.values(texts).flatMap((text) => [
    ...[...text.matchAll(/--report ([\w-]+=\S+)/g)].map(([, report]) => report as string),
    ...[...text.matchAll(/^ {12}(\w+=\S+)$/gm)].map(([, report]) => report as string),
  ]);
  expect(forms.length).toBeGreaterThan(6);
  for (const form of forms) expect(() => parseReportForm(form)).not.toThrow();
  for (const text of Object.values(texts)) {
    for (const [, named] of text.matchAll(/tokentape@v?(\d[\w.]*)/g)) expect(named).toBe(version);
  }
});

test('GitLab shows the reports that the job writes', () => {
  const job = parse(texts['gitlab-ci.yml'] as string)['model latency'];
  const written = [...job.script.join(' ').matchAll(/--report [\w-]+=(\S+)/g)].map(
    ([, file]) => file,
  );
  expect(Object.values(job.artifacts.reports).sort()).toEqual(written.sort());
  expect(job.allow_failure.exit_codes).toEqual([4]);
});

describe('the history of the nightly run', () => {
  const { steps } = (parse(texts['github-nightly.yml'] as string) as Workflow).jobs.trend as {
    steps: Step[];
  };
  const scriptOf = (name: string) =>
    steps.find((step) => step.name?.startsWith(name))?.run ?? 'false';

  /** Keeps a file per call, as \`tokentape baseline add\` does. */
  const NPX = [
    '#!/bin/sh',
    '[ "$4" = add ] || exit 0',
    'mkdir -p history/baselines',
    'echo "{}" > "history/baselines/$(ls history/baselines | wc -l | tr -d " ").json"',
  ].join('\n');

  test('is begun on a branch of its own, and grows there', async () => {
    const folder = await aFolder({ 'bin/npx': NPX, 'seed/README.md': 'a project', output: '' });
    chmodSync(path.join(folder, 'bin/npx'), 0o755);
    const env = {
      PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      HISTORY_BRANCH: 'tokentape-history',
      GITHUB_OUTPUT: path.join(folder, 'output'),
      GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
    };
    const run = (command: string, args: string[], cwd: string) =>
      execFileSync(command, args, {
        cwd: path.join(folder, cwd),
        env,
        stdio: 'pipe',
        encoding: 'utf8',
      });
    const git = (cwd: string, ...args: string[]) =>
      run('git', ['-c', 'user.name=n', '-c', 'user.email=e@x', ...args], cwd);

    git('seed', 'init', '-q', '-b', 'main');
    git('seed', 'add', '.');
    git('seed', 'commit', '-qm', 'begin');
    git('.', 'clone', '-q', '--bare', 'seed', 'origin.git');
    for (const night of ['first', 'second', 'third']) {
      git('.', 'clone', '-q', 'origin.git', night);
      run('bash', ['-eo', 'pipefail', '-c', scriptOf('Take the history')], night);
      run('bash', ['-eo', 'pipefail', '-c', scriptOf('Keep this night')], night);
    }
    expect(readFileSync(path.join(folder, 'output'), 'utf8')).toBe('kept=0\nkept=1\nkept=2\n');
    const files = git('origin.git', 'ls-tree', '-r', '--name-only', 'tokentape-history');
    expect(files).toBe('baselines/0.json\nbaselines/1.json\nbaselines/2.json\n');
    expect(git('origin.git', 'rev-list', '--count', 'tokentape-history').trim()).toBe('3');
    expect(git('origin.git', 'ls-tree', '--name-only', 'main').trim()).toBe('README.md');
  });
});
