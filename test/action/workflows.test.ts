import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = path.join(PROJECT, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  steps: Step[];
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string;
  strategy?: { matrix: Record<string, string[]> };
  'timeout-minutes': number;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency: object;
  jobs: Record<string, Job>;
}
const files = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(path.join(FOLDER, name), 'utf8');
  return [name, text, parse(text) as Workflow] as const;
});
const workflowOf = (name: string) => files.find(([file]) => file === name)?.[2] as Workflow;

/** Every right that a job has beyond reading the repository. */
const RIGHTS: Record<string, Record<string, string>> = {
  'release.yml publish': { 'id-token': 'write' },
  'release.yml announce': { contents: 'write' },
};

describe.each(files)('%s', (name, text, workflow) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test('has no right that it is not known to need, and an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.concurrency).toBeDefined();
    for (const [id, job] of jobs) {
      expect(job.permissions).toEqual(RIGHTS[`${name} ${id}`]);
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  test('is begun by nothing that gives rights or secrets to a stranger', () => {
    const known = ['push', 'pull_request', 'schedule', 'workflow_dispatch'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(workflow.on)));
    expect(text).not.toContain('secrets.');
  });

  test("pins others' actions by commit, and says which version that is", () => {
    const used = text.match(/uses:.*/g) ?? [];
    expect(used.length).toBeGreaterThan(0);
    for (const use of used)
      expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('leaves no credentials in a checkout, and takes nothing from a cache', () => {
    for (const { uses = '', with: inputs = {} } of steps) {
      if (uses.includes('/checkout@')) expect(inputs).toHaveProperty('persist-credentials', false);
      if (uses.includes('/setup-node@')) {
        expect(inputs).toHaveProperty('package-manager-cache', false);
        expect(inputs).not.toHaveProperty('cache');
      }
    }
  });

  test('no script holds what an event could write into it', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  test('runs scripts that there are', () => {
    for (const [, script] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
      expect(scripts).toHaveProperty([script as string]);
    }
    for (const script of jobs.flatMap(([, job]) => job.strategy?.matrix.script ?? [])) {
      expect(scripts).toHaveProperty([script]);
    }
  });
});

test('one version of each action is used everywhere, in examples too', () => {
  const examples = path.join(PROJECT, 'docs/examples');
  const texts = readdirSync(examples)
    .filter((name) => name.startsWith('github-'))
    .map((name) => readFileSync(path.join(examples, name), 'utf8'));
  const used = [...files.map(([, text]) => text), ...texts].flatMap(
    (text) => text.match(/actions\/.*@.*/g) ?? [],
  );
  const names = new Set(used.map((use) => use.split('@', 1)[0]));
  expect(new Set(used).size).toBe(names.size);
});

test('a change is checked by .ci/run and nothing else, on each Node that is promised', () => {
  const { checks } = workflowOf('ci.yml').jobs;
  expect(checks?.steps.flatMap(({ run }) => run ?? [])).toEqual(['bash .ci/run']);
  const { engines } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
  expect(`>=${checks?.strategy?.matrix.node?.[0]}`).toBe(engines.node);
});

describe('a release', () => {
  const { build, publish } = workflowOf('release.yml').jobs as Record<'build' | 'publish', Job>;

  test('is checked as every change is before it is packed', () => {
    const runs = build.steps.flatMap(({ run }) => run ?? []);
    expect(runs.indexOf('bash .ci/run')).toBeGreaterThan(0);
    expect(runs.findIndex((run) => run.startsWith('npm pack'))).toBeGreaterThan(
      runs.indexOf('bash .ci/run'),
    );
  });

  test('is published by a job that waits for a yes and runs nothing of the repository', () => {
    expect(publish).toMatchObject({ needs: 'build', environment: 'npm' });
    expect(publish.steps.some(({ uses }) => uses?.includes('/checkout@'))).toBe(false);
    for (const { run = '' } of publish.steps) {
      expect(run).not.toMatch(/npm (?:ci|run|test)|node |bash /);
      if (run.startsWith('npm ')) expect(run).toContain('--ignore-scripts');
    }
  });
});
