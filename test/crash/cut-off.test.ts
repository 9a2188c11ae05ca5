import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Summariser } from '../../src/metrics/summary.ts';
import { recomputeRun } from '../../src/run/recompute.ts';
import { readPlan } from '../../src/store/plan-file.ts';
import { openRun, readGrades, readRecords, readTapes } from '../../src/store/read.ts';
import { scratchFolder } from '../store/scratch.ts';

const scratch = scratchFolder();
const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** Starts a run in a process of its own; `shell` may put limits in front of it. */
function startRun(
  name: string,
  shell = '',
): { results: string; exit: Promise<number | null>; stderr: () => string; kill: () => void } {
  const results = path.join(scratch, name);
  const command = `${shell} exec ${process.execPath} ${CLI} run -s reasoning -t simulator -o ${results}`;
  const child = spawn('bash', ['-c', command], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { results, exit, stderr: () => stderr, kill: () => child.kill('SIGKILL') };
}

async function untilRecords(results: string, count: number): Promise<void> {
  const journal = path.join(results, 'latest', 'requests.ndjson');
  for (;;) {
    if (existsSync(journal) && readFileSync(journal, 'utf8').split('\n').length > count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that was cut off', () => {
  test('by SIGKILL opens, says that it is partial, and has all its records', async () => {
    const run = startRun('killed');
    await untilRecords(run.results, 100);
    run.kill();
    await run.exit;
    const stored = await openRun('latest', run.results);
    expect(stored.manifest.state).toBe('partial');
    const summariser = new Summariser({});
    let records = 0;
    for await (const record of readRecords(stored)) {
      summariser.add(record);
      records += 1;
    }
    expect(records).toBeGreaterThanOrEqual(100);
    for await (const grade of readGrades(stored)) summariser.addGrade(grade);
    const rows = summariser.rows(stored.manifest.planned);
    const sum = (name: 'planned' | 'ok' | 'skipped') =>
      rows.reduce((total, row) => total + row.requests[name], 0);
    const plan = await readPlan(stored);
    const measured = [...plan.values()].filter(({ phase }) => phase === 'measure').length;
    // 96 cases for each of the models but the classifier, whom the suite is not for.
    expect(measured).toBe(11 * 96);
    expect(sum('planned')).toBe(measured);
    expect(sum('ok')).toBe(records);
    expect(sum('skipped')).toBe(measured - records);
    let tapes = 0;
    for await (const tape of readTapes(stored)) tapes += tape.body.length > 0 ? 1 : 0;

    await expect(recomputeRun(stored)).rejects.toMatchObject({
      exitCode: 2,
      remedy: expect.stringContaining('--output'),
    });
    const to = path.join(scratch, 'recomputed');
    const recomputed = await recomputeRun(stored, to);
    expect(recomputed.rows).toEqual(rows);
    expect(recomputed).toMatchObject({ records, kept: { no_tape: records - tapes, blanked: 0 } });
    const journal = (folder: string) => readFileSync(path.join(folder, 'requests.ndjson'), 'utf8');
    expect(journal(to)).toBe(journal(stored.path));
  });

  test('by a full disk ends 74, with a journal that can be read', async () => {
    // A limit of the size of files, in KiB, stands in for the disk.
    const run = startRun('full', 'ulimit -f 200;');
    expect(await run.exit).toBe(74);
    expect(run.stderr()).toMatch(/cannot write .*requests\.ndjson.*EFBIG/);
    const stored = await openRun('latest', run.results);
    expect(stored.manifest.state).toBe('partial');
    let records = 0;
    for await (const record of readRecords(stored)) records += record.request_id === '' ? 0 : 1;
    expect(records).toBeGreaterThan(10);
    expect(readdirSync(stored.path)).not.toContain('summary.csv');
  });
});
