import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import type { ListedTarget } from '../../../src/plan/plan.ts';
import { readResumable } from '../../../src/run/resume/resumable.ts';
import { type RunOptions, type RunResult, runBenchmark } from '../../../src/run/run.ts';
import type { Grade } from '../../../src/score/types.ts';
import { openRun, readGrades, readRecords } from '../../../src/store/read.ts';
import type { Manifest } from '../../../src/store/types.ts';
import type { Suite } from '../../../src/suite/types.ts';

export interface Resumed extends RunResult {
  records: RequestRecord[];
  grades: Grade[];
}

/** Goes on with a run in this process, as the command does. */
export async function resumeRun(
  folder: string,
  suites: Suite[],
  targets: ListedTarget[],
  more: Partial<RunOptions> = {},
): Promise<Resumed> {
  const resumable = await readResumable(await openRun(folder, ''), path.dirname(folder));
  const { plan, settings } = resumable;
  const result = await runBenchmark({ resumable, plan, suites, targets, settings, ...more });
  return { ...result, ...(await readBack(folder)) };
}

export async function readBack(folder: string): Promise<Pick<Resumed, 'records' | 'grades'>> {
  const run = await openRun(folder, '');
  const records: RequestRecord[] = [];
  for await (const record of readRecords(run)) records.push(record);
  const grades: Grade[] = [];
  for await (const grade of readGrades(run)) grades.push(grade);
  return { records, grades };
}

const DERIVED = ['summary.json', 'summary.csv', 'requests.csv'];

/** Ends the run in so many records, to be given to `runOnce` as `more` and `onStart`. */
export function stopAfter(count: number): Required<Pick<RunOptions, 'onStart' | 'onRecord'>> {
  let stop = (): void => {};
  let records = 0;
  return {
    onStart: (started) => {
      stop = () => started.stop('interrupted', 'SIGINT');
    },
    onRecord: () => {
      records += 1;
      if (records === count) stop();
    },
  };
}

/** What is left of a run of which the process was killed: so many bytes of each of these files. */
export function leaveOf(folder: string, bytesOf: Record<string, (all: Buffer) => number>): void {
  for (const [name, left] of Object.entries(bytesOf)) {
    const file = path.join(folder, name);
    const all = readFileSync(file);
    writeFileSync(file, all.subarray(0, left(all)));
  }
  for (const name of DERIVED) rmSync(path.join(folder, name), { force: true });
  changeManifest(folder, ({ grading: _, ...manifest }) => ({
    ...manifest,
    state: 'partial',
    interrupted: null,
    finished_at: null,
    duration_ms: null,
    validity: { verdict: 'valid', reasons: [] },
  }));
}

export function changeManifest(folder: string, change: (manifest: Manifest) => Manifest): void {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  writeFileSync(file, JSON.stringify(change(manifest), null, 2));
}

/** Bytes of the first `count` lines, and `more` of the one that follows. */
export function lines(count: number, more = 0): (all: Buffer) => number {
  return (all) => {
    let at = 0;
    for (let line = 0; line < count; line++) at = all.indexOf(0x0a, at) + 1;
    return Math.min(at + more, all.length);
  };
}
