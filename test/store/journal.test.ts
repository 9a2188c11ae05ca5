import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../src/metrics/types.ts';
import type { Grade } from '../../src/score/types.ts';
import { Journal } from '../../src/store/journal.ts';
import { cutTornLine } from '../../src/store/mend.ts';
import { readGrades, readRecords, type StoredRun } from '../../src/store/read.ts';
import { aGrade, aRecord } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();

async function folderOf(name: string): Promise<StoredRun & { file: string }> {
  const folder = path.join(scratch, name);
  await mkdir(folder);
  return { path: folder, manifest: aManifest(), file: path.join(folder, 'requests.ndjson') };
}

async function readAll(run: StoredRun): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  for await (const record of readRecords(run)) records.push(record);
  return records;
}

describe('the journal', () => {
  test('gives back what was appended, line by line', async () => {
    const run = await folderOf('whole');
    const records = ['r1', 'r2', 'r3'].map((request_id) =>
      aRecord({ request_id, answer_text: 'two\nlines \u2028 and 日本語' }),
    );
    const journal = new Journal<RequestRecord>(run.file);
    for (const record of records) journal.append(record);
    await journal.close();
    expect(await readAll(run)).toEqual(records);
    expect(readFileSync(run.file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  test('has a record on disk as soon as it was appended', async () => {
    const run = await folderOf('at-once');
    const journal = new Journal<RequestRecord>(run.file);
    journal.append(aRecord());
    expect(await readAll(run)).toEqual([aRecord()]);
    journal.flushNow();
    await journal.close();
  });

  test('cut off at every byte of its last line, keeps all before it', async () => {
    const run = await folderOf('torn');
    const journal = new Journal<RequestRecord>(run.file);
    journal.append(aRecord({ request_id: 'r1' }));
    journal.append(aRecord({ request_id: 'r2', answer_text: 'täil' }));
    await journal.close();
    const bytes = readFileSync(run.file);
    const firstLine = bytes.indexOf('\n') + 1;
    // Cut from the end, so that one file serves all cuts; the last line break alone may be missing.
    for (let length = bytes.length - 1; length >= firstLine; length--) {
      truncateSync(run.file, length);
      const ids = (await readAll(run)).map(({ request_id }) => request_id);
      expect(ids).toEqual(length === bytes.length - 1 ? ['r1', 'r2'] : ['r1']);
    }
  });

  test('names the line of a break that no crash explains', async () => {
    const run = await folderOf('broken');
    writeFileSync(run.file, `${JSON.stringify(aRecord())}\n{"torn\n`);
    appendFileSync(run.file, `${JSON.stringify(aRecord())}\n`);
    await expect(readAll(run)).rejects.toThrow(/requests\.ndjson:2: not a record/);
  });

  test('a run without a single record reads as empty', async () => {
    expect(await readAll(await folderOf('empty'))).toEqual([]);
  });

  test('never overwrites the journal of another run', async () => {
    const run = await folderOf('taken');
    writeFileSync(run.file, 'mine');
    expect(() => new Journal<RequestRecord>(run.file)).toThrow(
      expect.objectContaining({ exitCode: 74 }),
    );
    expect(readFileSync(run.file, 'utf8')).toBe('mine');
  });
});

describe('the grades of a run', () => {
  const fileOf = (run: StoredRun) => path.join(run.path, 'grades.ndjson');
  async function gradesIn(run: StoredRun): Promise<Grade[]> {
    const grades: Grade[] = [];
    for await (const grade of readGrades(run)) grades.push(grade);
    return grades;
  }

  test('are read back as they were appended, but for a last line that was cut off', async () => {
    const run = await folderOf('graded');
    const grades = ['r1', 'r2'].map((request_id) => aGrade({ request_id, answer: '四十二\n' }));
    const journal = new Journal<Grade>(fileOf(run));
    for (const grade of grades) journal.append(grade);
    await journal.close();
    expect(await gradesIn(run)).toEqual(grades);
    truncateSync(fileOf(run), readFileSync(fileOf(run)).length - 5);
    expect(await gradesIn(run)).toEqual(grades.slice(0, 1));
  });

  test('are none where the run has no such file', async () => {
    expect(await gradesIn(await folderOf('ungraded'))).toEqual([]);
  });

  test('with a break that no crash explains are refused', async () => {
    const run = await folderOf('broken-grades');
    writeFileSync(fileOf(run), `{"torn\n${JSON.stringify(aGrade())}\n`);
    await expect(gradesIn(run)).rejects.toThrow(/grades\.ndjson:1: not a grade/);
  });
});

test('continued behind a mended line; nothing is added to what is closed', async () => {
  const file = path.join(scratch, 'torn.ndjson');
  writeFileSync(file, `{"request_id":"a"}\n${'{"request_id":"'.padEnd(70_000, 'x')}`);
  await cutTornLine(file);
  const journal = new Journal<{ request_id: string }>(file, 'continued');
  journal.append({ request_id: 'b' });
  await journal.close();
  expect(readFileSync(file, 'utf8')).toBe('{"request_id":"a"}\n{"request_id":"b"}\n');
  expect(() => journal.append({ request_id: 'c' })).toThrow(/is closed/);
});
