import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_GRADING } from '../../../src/config/grading-settings.ts';
import type { RunSettings } from '../../../src/config/types.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import type { ListedTarget } from '../../../src/plan/plan.ts';
import { billedUsd } from '../../../src/run/billed.ts';
import { recomputeRun } from '../../../src/run/recompute.ts';
import { readResumable } from '../../../src/run/resume/resumable.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../src/simulator/server.ts';
import { readPlan } from '../../../src/store/plan-file.ts';
import { openRun } from '../../../src/store/read.ts';
import { turnsGradedAtEnd } from '../../../src/suite/turns.ts';
import type { Case, Expectation } from '../../../src/suite/types.ts';
import { scratchFolder } from '../../store/scratch.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from '../running.ts';
import { changeManifest, leaveOf, lines, readBack, resumeRun, stopAfter } from './resuming.ts';

const scratch = scratchFolder();
let folders = 0;
const freshDir = (): string => path.join(scratch, String(folders++));

const started: Simulator[] = [];
async function simulate(options: SimulatorOptions = {}): Promise<string> {
  const simulator = await startSimulator({ profile: 'fast', ...options });
  started.push(simulator);
  return simulator.url;
}
const requestsServed = () => started.at(-1)?.stats().requests ?? 0;
afterEach(() => Promise.all(started.splice(0).map((one) => one.close())));

const QWEN = 'Qwen2.5-7B-chat';
const LLAMA = 'Llama-3.1-8B-Instruct';
const equals = (value: string): Expectation => ({ type: 'equals', value });

function gradedCase(id: string, expect = [equals('Paris')], texts = [`Say ${id}.`]): Case {
  return { ...caseOf(id), turns: turnsGradedAtEnd(texts, expect) };
}

const SINGLES = suiteOf(
  Array.from({ length: 8 }, (_, index) => gradedCase(`one-${index}`)),
  'ones',
);
const TALKS = suiteOf(
  Array.from({ length: 5 }, (_, index) =>
    gradedCase(`talk-${index}`, [equals('Paris')], ['Hello.', 'And you?', 'Where?']),
  ),
  'talks',
);
const SUITES = [SINGLES, TALKS];
const MORE = 8 + 15;

interface WholeRun {
  targets: ListedTarget[];
  folder: string;
  records: RequestRecord[];
}

/** A copy of a run's folder, to be cut off as a test likes. */
function copyOf(folder: string): string {
  const copy = freshDir();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

async function wholeRun(url: string, changes: Partial<RunSettings> = {}): Promise<WholeRun> {
  const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
  const settings = settingsOf(freshDir(), { warmup: 1, ...changes });
  const run = await runOnce(SUITES, targets, settings);
  expect(run.records).toHaveLength(2 * (MORE + 2));
  return { targets, folder: run.folder.path, records: run.records };
}

/** Each planned request once, each reply that is expected of graded once, and the same from the tapes. */
async function expectWhole(folder: string) {
  const run = await openRun(folder, '');
  const plan = await readPlan(run);
  const { records, grades } = await readBack(folder);
  expect(records.map(({ request_id }) => request_id).sort()).toEqual([...plan.keys()].sort());
  const expected = records.filter(
    ({ request_id, phase, outcome }) =>
      phase === 'measure' && outcome === 'ok' && (plan.get(request_id)?.expect.length ?? 0) > 0,
  );
  expect(grades.map(({ request_id }) => request_id).sort()).toEqual(
    expected.map(({ request_id }) => request_id).sort(),
  );
  const { rows } = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8'));
  for (const { requests } of rows) {
    const { planned, ok, failed, dropped, cancelled, skipped, lost } = requests;
    expect(planned).toBe(ok + failed + dropped + cancelled + skipped + lost);
    expect(skipped).toBe(0);
  }
  const again = path.join(scratch, `again-${folders++}`);
  const recomputed = await recomputeRun(run, again);
  expect(JSON.parse(JSON.stringify(recomputed.rows))).toEqual(rows);
  const journal = (of: string) => readFileSync(path.join(of, 'requests.ndjson'), 'utf8');
  expect(journal(again)).toBe(journal(folder));
  return { run, records, grades, rows };
}

describe('what a kill leaves', () => {
  let simulator: Simulator;
  let whole: WholeRun;
  let textless: WholeRun;
  beforeAll(async () => {
    simulator = await startSimulator({ profile: 'fast' });
    whole = await wholeRun(simulator.url);
    textless = await wholeRun(simulator.url, { keepText: false });
  });
  afterAll(() => simulator.close());

  test.each([
    ['nothing', { records: 0, torn: 0, grades: 0, tapes: 0 }],
    ['a torn first line', { records: 0, torn: 40, grades: 0, tapes: 0 }],
    ['warm-up alone', { records: 2, torn: 9, grades: 0, tapes: 0.01 }],
    ['half of it, its tapes and grades behind', { records: 25, torn: 300, grades: 3, tapes: 0.2 }],
    [
      'half of it, with tapes that lost their records',
      { records: 20, torn: 0, grades: 9, tapes: 0.9 },
    ],
    ['grades without their records', { records: 12, torn: 1, grades: 20, tapes: 0.5 }],
    ['all but the last line', { records: 49, torn: 700, grades: 25, tapes: 0.99 }],
    ['all, and no end of the run', { records: 50, torn: 0, grades: 20, tapes: 1 }],
  ])('is gone on with: %s', async (_, left) => {
    const folder = copyOf(whole.folder);
    leaveOf(folder, {
      'requests.ndjson': lines(left.records, left.torn),
      'grades.ndjson': lines(left.grades, 17),
      'tapes.ndjson.gz': ({ length }) => Math.round(length * left.tapes),
    });
    const before = (await readBack(folder)).records;
    const { manifest } = await resumeRun(folder, SUITES, whole.targets);
    const { records } = await expectWhole(folder);
    const [resumption] = manifest.resumed ?? [];
    // What nobody measured, nobody can have been late at.
    const isWarned = (resumption?.records_before ?? 0) > 0;
    expect(manifest.validity.verdict).toBe(isWarned ? 'warned' : 'valid');
    expect(resumption?.before).toMatchObject({ interrupted: null, finished_at: null });
    expect((resumption?.records_before ?? 0) + (resumption?.superseded ?? 0)).toBe(before.length);
    const aside = path.join(folder, 'superseded.ndjson');
    const moved = existsSync(aside) ? readFileSync(aside, 'utf8').trim().split('\n').length : 0;
    expect(moved).toBe(resumption?.superseded);
    const texts = new Set(records.map((record) => JSON.stringify(record)));
    const stood = before.filter((record) => texts.has(JSON.stringify(record)));
    expect(stood).toHaveLength(resumption?.records_before ?? -1);
  });

  test('may lack the answers too: what nobody kept stays ungraded, and says so', async () => {
    const folder = copyOf(textless.folder);
    rmSync(path.join(folder, 'tapes.ndjson.gz'));
    leaveOf(folder, { 'requests.ndjson': lines(50), 'grades.ndjson': lines(4) });
    const { grades } = await resumeRun(folder, SUITES, textless.targets);
    const lost = grades.filter(({ reason }) => reason === 'its answer was not kept');
    expect(grades).toHaveLength(2 * (8 + 5));
    expect(lost).toHaveLength(2 * (8 + 5) - 4);
  });

  test('is graded from its tapes where no text was kept', async () => {
    const folder = copyOf(textless.folder);
    const before = (await readBack(folder)).grades;
    leaveOf(folder, { 'requests.ndjson': lines(50), 'grades.ndjson': lines(4) });
    await resumeRun(folder, SUITES, textless.targets);
    const { grades } = await expectWhole(folder);
    const marks = (of: typeof grades) =>
      Object.fromEntries(of.map(({ request_id, grade, score }) => [request_id, [grade, score]]));
    expect(marks(grades)).toEqual(marks(before));
  });

  test('is no run yet where the plan was not written whole', async () => {
    const folder = copyOf(whole.folder);
    leaveOf(folder, { 'plan.ndjson.gz': ({ length }) => length - 20 });
    const run = await openRun(folder, '');
    await expect(readResumable(run, scratch)).rejects.toMatchObject({
      exitCode: 2,
      remedy: expect.stringContaining('nothing was sent'),
    });
  });

  test('is refused of a check, of pairs and of other formulas, each with its reason', async () => {
    const folder = copyOf(whole.folder);
    leaveOf(folder, { 'requests.ndjson': lines(9) });
    const refused = async () => {
      const run = await openRun(folder, '');
      return readResumable(run, scratch).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    };
    expect(await refused()).toBe('taken');
    changeManifest(folder, (manifest) => ({ ...manifest, metrics_version: 0 }));
    expect(await refused()).toContain('other formulas');
    const pairs = { plan_parts: { comparisons: [] } as never };
    changeManifest(folder, (manifest) => ({ ...manifest, ...pairs }));
    expect(await refused()).toContain('in pairs');
    const limit = { fail_from: 0.05, pass_below: 0.1 };
    const check = {
      ...{ comparisons: [], thresholds: [], metrics: [], alpha: 0.05, looks: [], tail_looks: [] },
      limits: { median: limit, tail: limit, error_rate: limit },
    };
    changeManifest(folder, (manifest) => ({ ...manifest, check }));
    expect(await refused()).toContain('is a check');
  });
});

describe('a conversation', () => {
  test('is sent again from its first turn, and once', async () => {
    const { targets, folder, records } = await wholeRun(await simulate(), {
      concurrency: 1,
      order: 'sequential',
    });
    const second = records.findIndex(
      ({ suite, phase, turn }) => suite === 'talks' && phase === 'measure' && turn === 1,
    );
    leaveOf(folder, { 'requests.ndjson': lines(second + 1), 'grades.ndjson': lines(5) });
    const before = requestsServed();
    const { manifest } = await resumeRun(folder, SUITES, targets);
    await expectWhole(folder);
    // Two turns of it, and the warm-up of its row; every other request as planned.
    expect(manifest.resumed?.[0]).toMatchObject({ superseded: 3 });
    expect(requestsServed() - before).toBe(manifest.resumed?.[0]?.missing);
    const aside = gunzipSync(readFileSync(path.join(folder, 'superseded-tapes.ndjson.gz')));
    expect(aside.toString().match(/"request_id"/g)?.length).toBeGreaterThanOrEqual(3);
  });
});

describe('an interrupted run', () => {
  test('is as valid as its parts, and counts nothing that was given up', async () => {
    const targets = [targetOf(await simulate(), [modelOf(QWEN), modelOf(LLAMA)])];
    const first = stopAfter(15);
    const { folder, manifest } = await runOnce(
      SUITES,
      targets,
      settingsOf(freshDir()),
      first.onStart,
      {
        onRecord: first.onRecord,
      },
    );
    expect(manifest.interrupted).toBe('SIGINT');
    const resumed = await resumeRun(folder.path, SUITES, targets);
    const { rows } = await expectWhole(folder.path);
    expect(rows.map(({ requests }: { requests: { ok: number } }) => requests.ok)).toEqual([
      8, 15, 8, 15,
    ]);
    expect(resumed.rows).toEqual(rows);
    expect(resumed.manifest.validity).toMatchObject({ verdict: 'valid', reasons: [] });
    expect(resumed.manifest.duration_ms).toBeGreaterThan(manifest.duration_ms ?? Infinity);
    expect(resumed.manifest.planned.map(({ skipped_reason }) => skipped_reason)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('whose key a model refused is whole once the key is mended', async () => {
    const url = await simulate({ faults: [{ fault: '401', model: LLAMA }] });
    const [{ port }] = started as [Simulator];
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const first = stopAfter(6);
    const { folder, manifest } = await runOnce(
      SUITES,
      targets,
      settingsOf(freshDir()),
      first.onStart,
      {
        onRecord: first.onRecord,
      },
    );
    expect(manifest.planned[2]).toMatchObject({ not_subscribed: true });
    await started.pop()?.close();
    await simulate({ port });
    const resumed = await resumeRun(folder.path, SUITES, targets);
    await expectWhole(folder.path);
    expect(resumed.manifest.planned[2]).toMatchObject({
      not_subscribed: false,
      skipped_reason: null,
    });
    expect(readFileSync(path.join(folder.path, 'superseded.ndjson'), 'utf8')).toContain('"auth"');
  });

  test('whose model is still refused costs one request more, and is complete', async () => {
    const url = await simulate({ faults: [{ fault: '403', model: LLAMA }] });
    const targets = [targetOf(url, [modelOf(QWEN), modelOf(LLAMA)])];
    const first = stopAfter(6);
    const { folder } = await runOnce(SUITES, targets, settingsOf(freshDir()), first.onStart, {
      onRecord: first.onRecord,
    });
    const { manifest, records } = await resumeRun(folder.path, SUITES, targets);
    expect(manifest.state).toBe('complete');
    expect(records.filter(({ model }) => model === LLAMA)).toMatchObject([
      { outcome: 'forbidden' },
    ]);
    await expect(readResumable(await openRun(folder.path, ''), scratch)).rejects.toMatchObject({
      message: expect.stringMatching(/complete: nothing is missing but what .*\(not subscribed/),
    });
  });
});

describe('limits', () => {
  const price = { input_per_mtok: 100, output_per_mtok: 400 };
  const limits = { durationMs: null, requests: null, outputTokens: null, costUsd: null };

  test.each(['SIGINT', 'SIGKILL'])('of cost count what was spent before %s', async (signal) => {
    const model = modelOf(QWEN, { price, parameters: { max_tokens: 40 } });
    const targets = [targetOf(await simulate(), [model])];
    const costUsd = 0.5;
    const settings = settingsOf(freshDir(), { concurrency: 2, runLimits: { ...limits, costUsd } });
    const first = stopAfter(8);
    const { folder } = await runOnce(SUITES, targets, settings, first.onStart, {
      onRecord: first.onRecord,
    });
    if (signal === 'SIGKILL') leaveOf(folder.path, {});
    const { manifest, records } = await resumeRun(folder.path, SUITES, targets);
    const { planned } = await readResumable(
      { path: folder.path, manifest: { ...manifest, state: 'partial' } },
      scratch,
    );
    const aside = readFileSync(path.join(folder.path, 'superseded.ndjson'), 'utf8').trim();
    const all = [...records, ...aside.split('\n').map((line) => JSON.parse(line))];
    const spent = all.reduce(
      (sum, record) =>
        sum + billedUsd(record, planned.get(record.request_id) ?? { costUpperUsd: 0 }),
      0,
    );
    const unrecorded = manifest.resumed?.[0]?.unrecorded?.cost_usd ?? 0;
    expect(unrecorded > 0).toBe(signal === 'SIGKILL');
    expect(spent + unrecorded).toBeLessThanOrEqual(costUsd);
    expect(spent + unrecorded).toBeGreaterThan(0.6 * costUsd);
    expect(manifest.planned.some(({ skipped_reason }) => skipped_reason?.includes('budget'))).toBe(
      true,
    );
  });

  test('of time leave what is left of it', async () => {
    const targets = [targetOf(await simulate(), [modelOf(QWEN)])];
    const runLimits = { ...limits, durationMs: 60_000, requests: 6 };
    const first = stopAfter(4);
    const { folder } = await runOnce(
      SUITES,
      targets,
      settingsOf(freshDir(), { runLimits }),
      first.onStart,
      {
        onRecord: first.onRecord,
      },
    );
    const journal = path.join(folder.path, 'requests.ndjson');
    const [line = ''] = readFileSync(journal, 'utf8').split('\n');
    // As if it had taken all of its time.
    writeFileSync(
      journal,
      readFileSync(journal, 'utf8').replace(
        line,
        JSON.stringify({ ...JSON.parse(line), ended_ms: 60_000 }),
      ),
    );
    const { manifest, rows } = await resumeRun(folder.path, SUITES, targets);
    const reasons = manifest.planned.flatMap(({ skipped_reason }) => skipped_reason ?? []);
    expect(new Set(reasons)).toEqual(new Set(["the run's time was up"]));
    expect(rows.some(({ requests }) => requests.skipped > 0)).toBe(true);
  });

  test('of time that a plan fills have no end to go on to', async () => {
    const targets = [targetOf(await simulate(), [modelOf(QWEN)])];
    const first = stopAfter(4);
    const settings = settingsOf(freshDir(), { runLimits: { ...limits, durationMs: 60_000 } });
    const { folder } = await runOnce([SINGLES], targets, settings, first.onStart, {
      onRecord: first.onRecord,
    });
    await expect(resumeRun(folder.path, [SINGLES], targets)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('until its time was up'),
    });
  });
});

describe('answers that take a process to grade', () => {
  const CODE: Expectation = {
    type: 'code',
    value: { language: 'python', function: 'f', tests: [{ args: [], equals: 1 }] },
  };
  const suites = [
    suiteOf(Array.from({ length: 8 }, (_, index) => gradedCase(`code-${index}`, [CODE]))),
  ];
  const grading = { ...DEFAULT_GRADING, runCode: true };

  test('are graded once the run goes on, and those that were graded are not again', async () => {
    const targets = [targetOf(await simulate(), [modelOf(QWEN)])];
    const asked: (string | undefined)[] = [];
    let stop = (): void => {};
    const code = {
      grade: async ({ requestId }: { requestId?: string | null }) => {
        asked.push(requestId ?? undefined);
        if (asked.length === 3) stop();
        return { mark: 'right' as const, score: 1, answer: null, reason: null };
      },
    };
    const { folder, manifest } = await runOnce(
      suites,
      targets,
      settingsOf(freshDir(), { grading }),
      (started) => {
        stop = () => started.stop('interrupted', 'SIGINT');
      },
      { deferredGraders: { code } },
    );
    expect(manifest).toMatchObject({ state: 'complete', grading: { state: 'interrupted' } });
    const right = (await readBack(folder.path)).grades.filter(({ grade }) => grade === 'right');
    expect(right.length).toBeGreaterThan(0);
    const before = asked.splice(0).length;
    const sent = requestsServed();
    const resumed = await resumeRun(folder.path, suites, targets, { deferredGraders: { code } });
    expect(requestsServed()).toBe(sent);
    expect(resumed.grades).toHaveLength(8);
    expect(new Set(resumed.grades.map(({ request_id }) => request_id)).size).toBe(8);
    expect(resumed.manifest).toMatchObject({
      state: 'complete',
      grading: { state: 'complete', right: 8, ungraded: 0 },
    });
    expect(asked).toHaveLength(8 - right.length);
    expect(before).toBeLessThan(8);
    expect(
      readFileSync(path.join(folder.path, 'superseded-grades.ndjson'), 'utf8').trim().split('\n'),
    ).toHaveLength(8 - right.length);
  });
});
