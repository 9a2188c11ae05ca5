import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { aPlannedRow } from '../metrics/fixtures.ts';
import { aFolder, runCli } from './run-cli.ts';
import { writeRun } from './stored-runs.ts';

/** A blank without width, which is written out where a person reads it. */
const LABEL = 'deep\u200bseek';

test('what a program reads comes through a pipe as it would stand in a file', async () => {
  const cwd = await aFolder({});
  const manifest = { planned: [aPlannedRow({ label: LABEL })] };
  const run = await writeRun(path.join(cwd, 'results'), 0, { seed: 'x' }, { manifest });
  for (const form of ['csv', 'requests-csv', 'json']) {
    const file = path.join(cwd, `written.${form}`);
    const piped = await runCli(['export', run, '--to', form], { cwd });
    await runCli(['export', run, '--to', form, '-o', file], { cwd });
    expect(piped.stdout, form).toBe(await readFile(file, 'utf8'));
  }
  const csv = await runCli(['export', run, '--to', 'csv'], { cwd });
  expect(csv.stdout).toContain(LABEL);
  const table = await runCli(['export', run, '--to', 'table'], { cwd });
  expect(table.stdout).toContain('deep\\u200bseek');
});
