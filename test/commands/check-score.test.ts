import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type AnswerBook, promptKey } from '../../src/simulator/server.ts';
import { check, closeSimulators, ENV, folderFor, QWEN, readRun, simulate } from './checking.ts';
import { runCli } from './run-cli.ts';

const GATE =
  'gate: { metrics: [ttft_ms, error_rate], fail_from: 50%, pass_below: 400%, error_rate: { pass_below: 70% } }';
const SUMS = Array.from({ length: 120 }, (_, index) => ({
  id: `sum-${index}`,
  prompt: `What is ${index + 11} plus ${3 * index + 7}? Answer with the number.`,
  right: String(4 * index + 18),
  wrong: String(4 * index + 19),
}));
const QUIZ = [
  'description: Sums.',
  'cases:',
  ...SUMS.map(
    ({ id, prompt, right }) =>
      `  - { id: ${id}, prompt: "${prompt}", expect: [{ type: match, value: "${right}" }] }`,
  ),
].join('\n');
const BOOK: AnswerBook = Object.fromEntries(
  SUMS.map(({ prompt, right, wrong }) => [promptKey(prompt), { right, wrong }]),
);

interface Habits {
  skill: number;
  /** Share of answers in which no number is. */
  evasive?: number;
  overheadMs?: number;
}

/** A model that has so many of the sums right. */
function knowing({ skill, evasive = 0, overheadMs = 5 }: Habits): Promise<string> {
  const latency = { overheadMs, prefillBaseMs: 0, prefillMsPer1kTokens: 0, decodeMs: 0.2 };
  return simulate(overheadMs, {
    answerBook: BOOK,
    changes: {
      latency: { ...latency, jitterSigma: 0.02 },
      habits: { answerTokens: [2, 4] as const, evasiveShare: evasive },
      skills: [{ model: QWEN, skill }],
    },
  });
}

async function folderOf(
  targets: Record<string, Habits>,
  more: readonly string[] = [GATE],
): Promise<string> {
  const urls: Record<string, string> = {};
  for (const [name, habits] of Object.entries(targets)) urls[name] = await knowing(habits);
  const cwd = await folderFor(urls, more);
  await writeFile(path.join(cwd, 'quiz.yaml'), QUIZ);
  return cwd;
}

const SENT = ['-s', './quiz.yaml', '--seed', '1', '-m', 'qwen', '--pairs', '120'];
const AGAINST = [...SENT, '-t', 'next', '--against', 'now'];
const briefly = (found: Awaited<ReturnType<typeof check>>) =>
  found.result.findings.map(
    ({ metric, verdict, advisory }) => `${metric} ${verdict}${advisory ? ', advisory' : ''}`,
  );

test('faster, but worse: fails by its score', { timeout: 60_000 }, async () => {
  const cwd = await folderOf({ now: { skill: 0.95, overheadMs: 30 }, next: { skill: 0.5 } });
  const found = await check(cwd, ...AGAINST);
  expect(found.code).toBe(99);
  expect(briefly(found)).toContain('ttft_ms:p(50) pass');
  expect(briefly(found)).toContain('score fail');
  const score = found.result.findings.find(({ metric }) => metric === 'score');
  expect(score?.change?.estimate).toBeLessThan(-0.2);
  expect(score?.why).toMatch(/points lower; at best .* points lower, so certainly worse/);
  await closeSimulators();

  const run = await readRun(cwd);
  const again = await check(cwd, run.path);
  expect(again.code).toBe(99);
  expect(again.result.findings).toEqual(found.result.findings);
});

test('as good, and as fast: passes', { timeout: 60_000 }, async () => {
  const cwd = await folderOf({ now: { skill: 0.8 }, next: { skill: 0.8 } });
  const found = await check(cwd, ...AGAINST);
  expect(briefly(found)).toEqual([
    'ttft_ms:p(50) pass',
    'error_rate pass',
    'score pass',
    'ungraded_share pass',
  ]);
  expect(found.code).toBe(0);
});

test('answers that nobody can read are not passed in silence', { timeout: 60_000 }, async () => {
  const cwd = await folderOf({ now: { skill: 1 }, next: { skill: 1, evasive: 0.7 } });
  const found = await check(cwd, ...AGAINST);
  expect(found.code).toBe(99);
  expect(briefly(found)).toContain('ungraded_share fail');
  expect(briefly(found)).not.toContain('score pass');
});

test('asked for by name, a score is judged in full; with --no-grade it is refused', {
  timeout: 60_000,
}, async () => {
  const cwd = await folderOf({ now: { skill: 0.9 }, next: { skill: 0.9 } });
  const found = await check(cwd, ...AGAINST, '--metric', 'score');
  expect(briefly(found)).toEqual(['score pass', 'ungraded_share pass']);
  const refused = await runCli(['check', ...AGAINST, '--metric', 'score', '--no-grade'], {
    cwd,
    env: ENV,
  });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('grading is switched off');
  const unwatched = await check(cwd, ...AGAINST, '--no-grade');
  expect(briefly(unwatched)).toEqual(['ttft_ms:p(50) pass', 'error_rate pass']);
});

test('limits on a score, of a check and of a run', { timeout: 60_000 }, async () => {
  const cwd = await folderOf({ now: { skill: 0.5 } });
  const limited = ['-s', './quiz.yaml', '--seed', '1', '-m', 'qwen', '-t', 'now'];
  const failed = await check(cwd, ...limited, '--threshold', 'score>=0.9', 'ungraded_share<=50%');
  expect(failed.code).toBe(99);
  expect(briefly(failed)).toEqual(['score fail', 'ungraded_share pass']);
  const kept = await check(cwd, ...limited, '--threshold', 'accuracy>=20%');
  expect(kept.code).toBe(0);
  const again = await check(cwd, kept.result.run_id, '--threshold', 'accuracy>=20%');
  expect(again.result.findings.at(-1)).toMatchObject({ metric: 'accuracy', verdict: 'pass' });
});

test('code that was not run is open, and says so', { timeout: 60_000 }, async () => {
  const cwd = await folderOf({ now: { skill: 0.5 } });
  await mkdir(path.join(cwd, 'suites'), { recursive: true });
  await writeFile(
    path.join(cwd, 'code.yaml'),
    [
      'description: Code.',
      'cases:',
      '  - id: double',
      '    prompt: Write a function double(x) in Python.',
      '    reference: "def double(x): return 2 * x"',
      '    expect: [{ type: code, value: { language: python, function: double, tests: [{ args: [2], equals: 4 }] } }]',
    ].join('\n'),
  );
  const sent = ['-s', './code.yaml', '-m', 'qwen', '-t', 'now', '--repeat', '6'];
  const found = await check(cwd, ...sent, '--threshold', 'score>=0.5');
  expect(found.code).toBe(4);
  const [finding] = found.result.findings;
  expect(finding).toMatchObject({ metric: 'score', verdict: 'inconclusive', advisory: false });
  expect(finding?.why).toContain('code was not run');
  expect(finding?.next).toContain('--run-code');
});
