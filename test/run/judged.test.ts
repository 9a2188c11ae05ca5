import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_GRADING, DEFAULT_JUDGE } from '../../src/config/grading-settings.ts';
import type { JudgeSettings, Price, RunSettings } from '../../src/config/types.ts';
import { leftForJudgesUsd } from '../../src/run/grading/judge-budget.ts';
import { judgeProblems, judgesOf } from '../../src/run/grading/judges.ts';
import { regradeRun } from '../../src/run/regrade.ts';
import { promptKey, type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { openRun, readGrades } from '../../src/store/read.ts';
import type { Case } from '../../src/suite/types.ts';
import { scratchFolder } from '../store/scratch.ts';
import { leaveOf, lines, resumeRun } from './resume/resuming.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

const scratch = scratchFolder();
const QWEN = 'Qwen2.5-7B-chat';
const JUDGE = 'market/DeepSeek-R1';
const RUBRIC = 'The answer is right.';
let folders = 0;
let simulator: Simulator | undefined;

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

/** Answers to them all are right. */
function judged(ids: string[]): Case[] {
  return ids.map((id) => {
    const one = caseOf(id);
    Object.assign(one.turns[0] ?? {}, { expect: [{ type: 'model-graded', value: RUBRIC }] });
    return one;
  });
}

async function run(
  ids: string[],
  wishes: { judge?: Partial<JudgeSettings>; maxCostUsd?: number; price?: Price },
) {
  const cases = judged(ids);
  const answerBook = Object.fromEntries(
    ids.map((id) => [
      promptKey(`Say ${id}.`),
      { right: `word ${id}`, wrong: `word ${id}`, form: 'exact' as const },
    ]),
  );
  simulator = await startSimulator({ profile: 'fast', answerBook, seed: 'judged' });
  const price = wishes.price ?? null;
  const target = targetOf(simulator.url, [modelOf(QWEN, { price })]);
  const catalogue = {
    named: (names: readonly string[]) => names.map((name) => modelOf(name, { price })),
    all: () => [],
  };
  const settings: RunSettings = {
    ...settingsOf(path.join(scratch, String(folders++))),
    grading: { ...DEFAULT_GRADING, judge: { ...DEFAULT_JUDGE, model: JUDGE, ...wishes.judge } },
  };
  settings.runLimits.costUsd = wishes.maxCostUsd ?? null;
  const suites = [suiteOf(cases)];
  const finished = await runOnce(suites, [target], settings, undefined, {
    judges: judgesOf([target], catalogue),
  });
  return { ...finished, suites };
}

async function gradesIn(folder: string) {
  const grades = [];
  for await (const grade of readGrades(await openRun(folder, scratch))) grades.push(grade);
  return grades;
}

describe('a run with a judge', () => {
  test('asks it when all is measured, writes each call, and shows the key to nobody', async () => {
    const { folder, manifest, records } = await run(['a', 'b', 'c'], {});
    const grades = await gradesIn(folder.path);
    expect(grades.every(({ grade }) => grade !== 'ungraded')).toBe(true);
    const calls = readFileSync(path.join(folder.path, 'judge.ndjson'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(6);
    expect(manifest.grading?.judge).toMatchObject({ answers: 3, judged: 3, calls: 6 });
    const ended = Math.max(...records.map(({ ended_ms }) => ended_ms));
    const origin = Date.parse(manifest.clock.wall);
    for (const line of calls) {
      // Wall clocks have milliseconds.
      expect(Date.parse(JSON.parse(line).started_at)).toBeGreaterThanOrEqual(origin + ended - 2);
    }
    for (const name of readdirSync(folder.path)) {
      expect(readFileSync(path.join(folder.path, name), 'latin1')).not.toContain('sk-canary');
    }
  });

  test('does not ask again, once it goes on, what was answered, and counts all of its calls', async () => {
    const price = { input_per_mtok: 1, output_per_mtok: 1 };
    const { folder, manifest: first, suites } = await run(['a', 'b', 'c'], { price });
    const before = await gradesIn(folder.path);
    // As a kill leaves it before the second grade; a call is lost too.
    leaveOf(folder.path, { 'grades.ndjson': lines(1, 9), 'judge.ndjson': lines(5, 30) });
    const target = targetOf(simulator?.url ?? '', [modelOf(QWEN, { price })]);
    const named = (names: readonly string[]) => names.map((name) => modelOf(name, { price }));
    const judges = judgesOf([target], { named, all: () => [] });
    const resumed = await resumeRun(folder.path, suites, [target], { judges });
    const byId = (grades: typeof before) =>
      Object.fromEntries(grades.map(({ request_id, grade }) => [request_id, grade]));
    expect(byId(resumed.grades)).toEqual(byId(before));
    const journal = readFileSync(path.join(folder.path, 'judge.ndjson'), 'utf8');
    const calls = journal
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls).toHaveLength(6);
    expect(resumed.manifest.grading).toMatchObject({ state: 'complete', judge: { calls: 6 } });
    const cost = calls.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
    expect(resumed.manifest.grading?.judge?.cost_usd).toBeCloseTo(cost, 12);
    expect(first.grading?.judge?.calls).toBe(6);
  });

  test('is graded again without a request; another rubric needs the judge', async () => {
    const { folder, suites, manifest: first } = await run(['a', 'b'], {});
    const before = await gradesIn(folder.path);
    await simulator?.close();
    const stored = await openRun(folder.path, scratch);
    const { manifest, changes } = await regradeRun(stored, { settings: DEFAULT_GRADING });
    expect(await gradesIn(folder.path)).toEqual(before);
    expect(changes.every(({ from, to }) => from === to)).toBe(true);
    // What asking cost is of the run.
    expect(manifest.grading?.judge).toEqual(first.grading?.judge);

    for (const turn of suites[0]?.cases.flatMap(({ turns }) => turns) ?? []) {
      turn.expect = [{ type: 'model-graded', value: 'Another rubric.' }];
    }
    await regradeRun(await openRun(folder.path, scratch), { settings: DEFAULT_GRADING, suites });
    for (const { grade, reason } of await gradesIn(folder.path)) {
      expect(grade).toBe('ungraded');
      expect(reason).toMatch(/^needs the judge: /);
    }
  });

  test('does not let it spend more than the run has left', async () => {
    const price = { input_per_mtok: 1, output_per_mtok: 1 };
    const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const maxCostUsd = 0.007;
    const { folder, manifest, records } = await run(ids, { price, maxCostUsd });
    const ofRun = records.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
    const ofJudge = manifest.grading?.judge?.cost_usd ?? 0;
    expect(ofJudge).toBeGreaterThan(0);
    expect(ofRun + ofJudge).toBeLessThanOrEqual(maxCostUsd);
    const reasons = (await gradesIn(folder.path)).map(({ reason }) => reason);
    expect(reasons).toContain('the judge was not asked: its limit of cost is reached');
  });
});

describe('before a run', () => {
  const settingsWith = (own: number | null, ofRun: number | null) => ({
    grading: { ...DEFAULT_GRADING, judge: { ...DEFAULT_JUDGE, model: JUDGE, maxCostUsd: own } },
    runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: ofRun },
  });

  test.each([
    [null, null, 1, null],
    [2, null, 1, 2],
    [null, 3, 1, 2],
    [1.5, 3, 1, 1.5],
    [5, 3, 1, 2],
    [5, 3, 4, 0],
  ])('of %j for judges and %j for the run, after %j, %j is left', (own, ofRun, spent, left) => {
    expect(leftForJudgesUsd(settingsWith(own, ofRun), spent)).toBe(left);
  });

  test('a judge that is nowhere, or has no price where a limit is to be kept, is named', () => {
    const suites = [suiteOf(judged(['a']))];
    const target = targetOf('http://127.0.0.1:9/v1', []);
    const catalogue = {
      named: (names: readonly string[]) => names.map((name) => modelOf(name)),
      all: () => [],
    };
    const judges = judgesOf([target], catalogue);
    expect(judgeProblems(judges, settingsWith(null, null), suites)).toEqual([]);
    expect(judgeProblems(judges, settingsWith(null, 1), suites)).toEqual([
      `--max-cost cannot be kept: the judge ${JUDGE} lacks a price`,
    ]);
    expect(judgeProblems(judges, settingsWith(1, null), suites)).toEqual([
      `grading.judge.max_cost cannot be kept: the judge ${JUDGE} lacks a price`,
    ]);
    Object.assign(suites[0]?.cases[0]?.turns[0]?.expect[0] ?? {}, { judge: 'markt/x' });
    expect(judgeProblems(judges, settingsWith(null, null), suites)).toEqual([
      'the judge markt/x names no target of the config: did you mean market?',
    ]);
  });
});
