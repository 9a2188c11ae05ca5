import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_GRADING } from '../../src/config/grading-settings.ts';
import type { GradingSettings, RunSettings } from '../../src/config/types.ts';
import { recomputeRun } from '../../src/run/recompute.ts';
import { type Regraded, type RegradeOptions, regradeRun } from '../../src/run/regrade.ts';
import type { RunOptions, StartedRun } from '../../src/run/run.ts';
import { readEvidence } from '../../src/run/stored-evidence.ts';
import { sandboxProblem } from '../../src/score/sandbox/index.ts';
import type { DeferredGrader, Grade, Judgement } from '../../src/score/types.ts';
import {
  type AnswerBook,
  promptKey,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { openRun, readGrades } from '../../src/store/read.ts';
import type { Case, Expectation } from '../../src/suite/types.ts';
import { scratchFolder } from '../store/scratch.ts';
import {
  caseOf,
  type FinishedRun,
  modelOf,
  runOnce,
  settingsOf,
  suiteOf,
  targetOf,
} from './running.ts';

const scratch = scratchFolder();
const QWEN = 'Qwen2.5-7B-chat';
const KEY = 'sk-canary-0123456789';

let simulators: Simulator[] = [];
afterEach(async () => {
  await Promise.all(simulators.map((one) => one.close()));
  simulators = [];
});
let folders = 0;

/** A prompt that the model answers with `says`, whatever its skill. */
interface Scripted {
  says: string;
  expect?: Expectation[];
  reference?: string;
}

function graded(id: string, ...turns: Scripted[]): { case: Case; book: AnswerBook } {
  const texts = turns.map((_, turn) => `Say ${id}, turn ${turn}.`);
  const one = caseOf(id, texts);
  turns.forEach(({ expect: wanted = [], reference = null }, turn) => {
    Object.assign(one.turns[turn] ?? {}, { expect: wanted, reference });
  });
  const book: AnswerBook = {};
  turns.forEach(({ says }, turn) => {
    const key = promptKey(...texts.slice(0, turn + 1));
    book[key] = { right: says, wrong: says, form: 'exact' };
  });
  return { case: one, book };
}

interface Wishes {
  settings?: Partial<RunSettings>;
  grading?: Partial<GradingSettings>;
  simulator?: SimulatorOptions;
  onStart?: RunOptions['onStart'];
  more?: Partial<RunOptions>;
}

async function run(
  cases: { case: Case; book: AnswerBook }[],
  { settings, grading, simulator, onStart, more }: Wishes = {},
): Promise<FinishedRun & { grades: Grade[] }> {
  const answerBook = Object.assign({}, ...cases.map(({ book }) => book)) as AnswerBook;
  const started = await startSimulator({ profile: 'fast', answerBook, ...simulator });
  simulators.push(started);
  const finished = await runOnce(
    [suiteOf(cases.map((one) => one.case))],
    [targetOf(started.url, [modelOf(QWEN)])],
    settingsOf(path.join(scratch, String(folders++)), {
      grading: { ...DEFAULT_GRADING, ...grading },
      ...settings,
    }),
    onStart,
    more,
  );
  return { ...finished, grades: await gradesOf(finished) };
}

async function gradesOf({ folder, manifest }: FinishedRun): Promise<Grade[]> {
  const grades: Grade[] = [];
  for await (const grade of readGrades({ path: folder.path, manifest })) grades.push(grade);
  return grades.sort((a, b) => (a.case_id < b.case_id ? -1 : 1) || a.turn - b.turn);
}

const equals = (value: string): Expectation => ({ type: 'equals', value });
const CODE: Expectation = {
  type: 'code',
  value: { language: 'python', function: 'f', tests: [{ args: [], equals: 1 }] },
};

describe('a graded run', () => {
  test('has a grade for each measured reply of which something is expected', async () => {
    const { grades, rows, manifest, records } = await run([
      graded('a', { says: 'Paris', expect: [equals('Paris')] }),
      graded('b', { says: 'Lyon', expect: [equals('Paris')] }),
      graded('c', { says: 'whatever' }),
    ]);
    expect(records).toHaveLength(3);
    expect(grades).toMatchObject([
      { case_id: 'a', grade: 'right', score: 1, expected: 'Paris', graded_turns: 1, turn: 0 },
      { case_id: 'b', grade: 'wrong', score: 0, expected: 'Paris' },
    ]);
    expect(grades[0]?.request_id).toBe(records.find(({ case_id }) => case_id === 'a')?.request_id);
    expect(rows[0]?.grades).toMatchObject({ cases: 2, right: 1, wrong: 1, ungraded: 0 });
    expect(rows[0]?.estimates.accuracy).toMatchObject({ value: 0.5, n: 2 });
    expect(manifest.grading).toMatchObject({
      ...{ graders_version: 1, state: 'complete', right: 1, wrong: 1, ungraded: 0, not_run: {} },
    });
  });

  test('is read back from its folder as it was', async () => {
    const finished = await run([
      graded('a', { says: 'Paris', expect: [equals('Paris')] }),
      graded('b', { says: 'Lyon', expect: [equals('Paris')] }),
    ]);
    const stored = await openRun(finished.folder.path, scratch);
    expect((await readEvidence(stored)).map(({ row }) => row)).toEqual(finished.rows);
    // As a crash in the middle of the last line leaves it.
    const file = path.join(stored.path, 'grades.ndjson');
    truncateSync(file, readFileSync(file).length - 3);
    expect((await readEvidence(stored))[0]?.row.grades).toMatchObject({ cases: 1 });
  });

  test('leaves out warm-up and failed requests', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { grades, records } = await run(
      all.map((id) => graded(id, { says: 'x', expect: [equals('x')] })),
      {
        settings: { warmup: 3, concurrency: 1 },
        simulator: { faults: [{ fault: '503', nth: 5 }] },
      },
    );
    const ok = records.filter(({ phase, outcome }) => phase === 'measure' && outcome === 'ok');
    expect(records.some(({ phase }) => phase === 'warmup')).toBe(true);
    expect(ok).toHaveLength(5);
    expect(grades.map(({ request_id }) => request_id).sort()).toEqual(
      ok.map(({ request_id }) => request_id).sort(),
    );
  });

  test('counts each pass over a case', async () => {
    const { rows } = await run([graded('a', { says: 'x', expect: [equals('x')] })], {
      settings: { repeat: 3 },
    });
    expect(rows[0]?.grades).toMatchObject({ cases: 1, right: 3 });
    expect(rows[0]?.grades?.pass_at.map(({ k, estimate }) => [k, estimate.value])).toEqual([
      ...[1, 2, 3].map((k) => [k, 1]),
    ]);
  });

  test('is not graded where that is switched off, or nothing is expected', async () => {
    const cases = [graded('a', { says: 'x', expect: [equals('x')] })];
    for (const finished of [
      await run(cases, { grading: { enabled: false } }),
      await run([graded('a', { says: 'x' })]),
    ]) {
      expect(finished.grades).toEqual([]);
      expect(finished.rows[0]).not.toHaveProperty('grades');
      expect(finished.manifest).not.toHaveProperty('grading');
      expect(existsSync(path.join(finished.folder.path, 'grades.ndjson'))).toBe(false);
    }
  });

  test('without texts still has grades, and nothing that quotes an answer', async () => {
    const quoting: DeferredGrader = {
      grade: ({ text }) =>
        Promise.resolve({
          ...{ mark: 'ungraded', score: null, answer: text },
          reason: `not a score: ${text}`,
        }),
    };
    const { grades, folder } = await run(
      [
        graded('a', { says: 'purple elephant', expect: [{ type: 'levenshtein', value: 'red' }] }),
        graded('b', { says: 'purple elephant', expect: [{ type: 'regex', value: 'ele' }] }),
        graded('c', { says: 'purple elephant', expect: [{ type: 'javascript', value: 'x' }] }),
      ],
      {
        settings: { keepText: false },
        grading: { runJavascript: true },
        more: { deferredGraders: { javascript: quoting } },
      },
    );
    expect(grades.map(({ grade }) => grade)).toEqual(['wrong', 'right', 'ungraded']);
    expect(grades[2]).toMatchObject({ reason: 'not a score', answer: null });
    expect(readFileSync(path.join(folder.path, 'grades.ndjson'), 'utf8')).not.toContain('elephant');
  });

  test('outlives a grader that fails', async () => {
    const failing: DeferredGrader = { grade: () => Promise.reject(new Error('out of order')) };
    const { grades, manifest } = await run(
      [
        graded('a', { says: 'x', expect: [{ type: 'regex', value: '(' }] }),
        graded('b', { says: 'x', expect: [{ type: 'javascript', value: 'x' }] }),
        graded('c', { says: 'x', expect: [equals('x')] }),
      ],
      { grading: { runJavascript: true }, more: { deferredGraders: { javascript: failing } } },
    );
    expect(manifest.grading).toMatchObject({ state: 'complete', right: 1, ungraded: 2 });
    expect(grades[0]?.reason).toMatch(/^the grader failed: Invalid regular expression/);
    expect(grades[1]?.reason).toContain('the grader failed: out of order');
  });

  test('writes no key, whoever said it', async () => {
    const { grades, folder } = await run([
      graded('a', { says: `It is ${KEY}.`, expect: [equals(`It is ${KEY}.`)] }),
    ]);
    expect(grades).toHaveLength(1);
    expect(readFileSync(path.join(folder.path, 'grades.ndjson'), 'utf8')).not.toContain(KEY);
  });

  test('tells a watch of a grade before the record that it is of', async () => {
    const told: string[] = [];
    await run([graded('a', { says: 'x', expect: [equals('x')] })], {
      more: {
        watch: {
          begin: () => {},
          graded: ({ request_id, grade }) => told.push(`${request_id} ${grade}`),
          taken: ({ request_id }) => told.push(`${request_id} taken`),
          unsent: () => {},
        },
      },
    });
    expect(told).toEqual(['r00001 right', 'r00001 taken']);
  });
});

describe('a conversation', () => {
  const talk = (id: string, ...says: string[]) =>
    graded(id, ...says.map((text) => ({ says: text, expect: [equals('yes')] })));

  test('is one case of all its graded turns', async () => {
    const { rows, grades } = await run([
      talk('a', 'yes', 'yes', 'yes'),
      talk('b', 'yes', 'no', 'yes'),
      graded('c', { says: 'hm' }, { says: 'yes', expect: [equals('yes')] }),
    ]);
    expect(grades).toHaveLength(3 + 3 + 1);
    expect(rows[0]?.grades).toMatchObject({ cases: 3, right: 2, wrong: 1 });
    expect(rows[0]?.estimates.score.value).toBeCloseTo((1 + 2 / 3 + 1) / 3, 9);
    expect(rows[0]?.by_turn?.map(({ turn, ok }) => [turn, ok])).toEqual([
      [0, 3],
      [1, 3],
      [2, 2],
    ]);
    const [, second = 0] = rows[0]?.by_turn?.map((one) => one.prompt_tokens_mean ?? 0) ?? [];
    expect(second).toBeGreaterThan(rows[0]?.by_turn?.[0]?.prompt_tokens_mean ?? Infinity);
  });

  test('that broke off before its last graded turn is left out', async () => {
    const { rows, grades, records } = await run([talk('a', 'yes', 'yes', 'yes')], {
      simulator: { faults: [{ fault: '503', nth: 2 }] },
    });
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'server_5xx']);
    expect(grades).toHaveLength(1);
    expect(rows[0]).not.toHaveProperty('grades');
  });

  test('is shown to who judges it as it went', async () => {
    const seen: string[][] = [];
    const judge: DeferredGrader = {
      grade: (answered) => {
        seen.push([...answered.messages.map(({ content }) => content), answered.text]);
        return Promise.resolve({ mark: 'right', score: 1, answer: null, reason: null });
      },
    };
    await run(
      [
        graded(
          'a',
          { says: 'first answer' },
          { says: 'second answer', expect: [{ type: 'model-graded', value: 'good' }] },
        ),
      ],
      {
        grading: { judge: aJudge },
        more: { deferredGraders: { 'model-graded': judge } },
      },
    );
    expect(seen).toEqual([['Say a, turn 0.', 'first answer', 'Say a, turn 1.', 'second answer']]);
  });
});

const aJudge = {
  ...{ model: 'market/judge', parameters: {}, concurrency: 2, retries: 0, timeoutMs: 1000 },
  maxCostUsd: null,
};

describe('what takes a process or a request', () => {
  const cases = ['a', 'b', 'c'].map((id) =>
    graded(id, { says: 'def f(): return 1', expect: [CODE] }),
  );
  const right: Judgement = { mark: 'right', score: 1, answer: null, reason: null };

  test('is not done unasked: its answers are ungraded, and counted', async () => {
    const { grades, rows, manifest } = await run(cases);
    expect(grades.map(({ grade }) => grade)).toEqual(['ungraded', 'ungraded', 'ungraded']);
    expect(grades[0]?.reason).toContain('--run-code');
    expect(rows[0]?.grades).toMatchObject({ ungraded: 3, cases: 0 });
    expect(manifest.grading).toMatchObject({ not_run: { code: 3 }, state: 'complete' });
  });

  test('is done once the last request has ended, and everything measured is on disk', async () => {
    let folder = '';
    const seen: string[] = [];
    const grader: DeferredGrader = {
      grade: (answered) => {
        const records = readFileSync(path.join(folder, 'requests.ndjson'), 'utf8');
        const { state, grading } = JSON.parse(
          readFileSync(path.join(folder, 'manifest.json'), 'utf8'),
        ) as { state: string; grading: { state: string } };
        expect(existsSync(path.join(folder, 'summary.csv'))).toBe(true);
        seen.push(`${records.trim().split('\n').length} ${state} ${grading.state}`);
        expect(answered.text).toBe('def f(): return 1');
        return Promise.resolve(right);
      },
    };
    const told: string[] = [];
    const { manifest, rows, grades } = await run(cases, {
      grading: { runCode: true },
      onStart: (started) => {
        folder = started.folder.path;
      },
      more: {
        deferredGraders: { code: grader },
        onGrading: ({ answers, kinds }) => told.push(`${answers} ${kinds.join()}`),
      },
    });
    expect(seen).toEqual(Array(3).fill('3 complete unfinished'));
    expect(told).toEqual(['3 code']);
    expect(manifest.grading).toMatchObject({ state: 'complete', right: 3 });
    expect(rows[0]?.grades).toMatchObject({ right: 3 });
    expect(grades).toHaveLength(3);
  });

  test('left off by an interrupt leaves the rest ungraded and all that was measured', async () => {
    let started: StartedRun | undefined;
    let asked = 0;
    const grader: DeferredGrader = {
      grade: async (_answered, _expectation, signal) => {
        asked += 1;
        if (asked > 1) {
          started?.stop('interrupted', 'SIGINT');
          await wait(0);
          expect(signal.aborted).toBe(true);
          return { ...right, mark: 'ungraded', score: null, reason: 'killed' };
        }
        return right;
      },
    };
    const { manifest, rows, grades } = await run(cases, {
      grading: { runCode: true },
      onStart: (run) => {
        started = run;
      },
      more: { deferredGraders: { code: grader } },
    });
    expect(manifest).toMatchObject({ state: 'complete', interrupted: null });
    expect(manifest.grading).toMatchObject({ state: 'interrupted', right: 1, ungraded: 2 });
    expect(rows[0]?.requests.ok).toBe(3);
    expect(grades.map(({ grade }) => grade).sort()).toEqual(['right', 'ungraded', 'ungraded']);
    expect(grades.filter(({ grade }) => grade === 'ungraded').map(({ reason }) => reason)).toEqual([
      'grading was interrupted',
      'grading was interrupted',
    ]);
  });

  test('is graded in the sandbox where that is asked for', async () => {
    const { grades } = await run(
      [
        graded('a', { says: '```python\ndef f():\n    return 1\n```', expect: [CODE] }),
        graded('b', { says: '```python\ndef f():\n    return 2\n```', expect: [CODE] }),
      ],
      { grading: { runCode: true } },
    );
    const problem = await sandboxProblem('python');
    const expected = problem === null ? ['right', 'wrong'] : ['ungraded', 'ungraded'];
    expect(grades.map(({ grade }) => grade)).toEqual(expected);
  }, 60_000);
});

describe('grading again', () => {
  const cases = [
    graded('a', { says: 'Paris', expect: [equals('Paris')] }),
    graded('b', { says: 'Lyon', expect: [equals('Paris')] }),
    graded('c', { says: 'yes', expect: [equals('yes')] }, { says: 'no', expect: [equals('yes')] }),
  ];
  const again = async (
    { folder, manifest }: FinishedRun,
    more: Partial<RegradeOptions> = {},
  ): Promise<Regraded> =>
    regradeRun({ path: folder.path, manifest }, { settings: DEFAULT_GRADING, ...more });
  const contents = ({ folder }: FinishedRun, name: string) =>
    readFileSync(path.join(folder.path, name), 'utf8');
  const FILES = ['grades.ndjson', 'requests.ndjson', 'summary.csv', 'requests.csv'];

  test('by the same graders changes nothing, however the answers were kept', async () => {
    for (const settings of [{}, { keepText: false }, { keepTapes: false }, { repeat: 2 }]) {
      const finished = await run(cases, { settings });
      const before = FILES.map((name) => contents(finished, name));
      const regraded = await again(finished);
      expect(regraded.changes).toEqual([]);
      expect(regraded.rows).toEqual(finished.rows);
      expect(FILES.map((name) => contents(finished, name))).toEqual(before);
      expect(regraded.manifest.grading).toEqual({
        ...finished.manifest.grading,
        regraded_by: 'plan',
      });
    }
  });

  test('is not to be had where neither texts nor tapes were kept', async () => {
    const finished = await run(cases, { settings: { keepText: false, keepTapes: false } });
    const before = contents(finished, 'grades.ndjson');
    await expect(again(finished)).rejects.toThrow('has no tapes');
    expect(contents(finished, 'grades.ndjson')).toBe(before);
  });

  test('by suites of now tells which grades changed, and keeps cases that are gone', async () => {
    const finished = await run(cases);
    const now = [
      graded('a', { says: '', expect: [equals('Lyon')] }),
      graded('b', { says: '', expect: [equals('Lyon')] }),
    ].map((one) => one.case);
    const regraded = await again(finished, { suites: [suiteOf(now)] });
    expect(regraded.changes.map(({ from, to, count }) => `${count} ${from} ${to}`).sort()).toEqual([
      '1 right wrong',
      '1 wrong right',
    ]);
    expect(regraded.unmatched).toEqual(['tiny/c']);
    expect(regraded.manifest.grading).toMatchObject({ regraded_by: 'suites', right: 2, wrong: 2 });
    const stored = await openRun(finished.folder.path, scratch);
    expect((await readEvidence(stored)).map(({ row }) => row)).toEqual(regraded.rows);
  });

  test('where nothing is expected any more takes the grades away', async () => {
    const finished = await run(cases.slice(0, 2));
    const now = ['a', 'b'].map((id) => graded(id, { says: '' }).case);
    const { changes, rows } = await again(finished, { suites: [suiteOf(now)] });
    expect(changes.map(({ to, count }) => [to, count])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    expect(rows[0]).not.toHaveProperty('grades');
  });

  test('runs code only where it is asked for now', async () => {
    const finished = await run([graded('a', { says: 'def f(): return 1', expect: [CODE] })]);
    expect((await again(finished)).changes).toEqual([]);
    const grader: DeferredGrader = {
      grade: ({ text }) => Promise.resolve({ mark: 'right', score: 1, answer: text, reason: null }),
    };
    const { changes, manifest } = await again(finished, {
      settings: { ...DEFAULT_GRADING, runCode: true },
      own: { code: grader },
    });
    expect(changes).toEqual([{ from: 'ungraded', to: 'right', count: 1 }]);
    expect(manifest.grading?.not_run).toEqual({});
  });

  test('into another folder leaves the run as it is', async () => {
    const finished = await run(cases);
    const before = FILES.map((name) => contents(finished, name));
    const folder = path.join(scratch, String(folders++));
    const now = [graded('a', { says: '', expect: [equals('Lyon')] }).case];
    const regraded = await again(finished, { suites: [suiteOf(now)], folder });
    expect(FILES.map((name) => contents(finished, name))).toEqual(before);
    const stored = await openRun(folder, scratch);
    expect((await readEvidence(stored)).map(({ row }) => row)).toEqual(regraded.rows);
  });

  test('is what recomputing leaves to itself: that keeps the grades', async () => {
    const finished = await run(cases);
    const before = contents(finished, 'grades.ndjson');
    const { rows } = await recomputeRun({
      path: finished.folder.path,
      manifest: finished.manifest,
    });
    expect(rows).toEqual(finished.rows);
    expect(contents(finished, 'grades.ndjson')).toBe(before);
  });

  test('of a run whose grades were lost grades all of them', async () => {
    const finished = await run(cases);
    const before = contents(finished, 'grades.ndjson');
    rmSync(path.join(finished.folder.path, 'grades.ndjson'));
    const { changes } = await again(finished);
    expect(changes.every(({ from }) => from === null)).toBe(true);
    expect(contents(finished, 'grades.ndjson')).toBe(before);
  });
});
