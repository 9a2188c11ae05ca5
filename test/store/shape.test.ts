import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { listRuns, openRun, readGrades, readRecords, readTapes } from '../../src/store/read.ts';
import { tapeToLine } from '../../src/store/tape-line.ts';
import { aGrade, aRecord, aTape } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';
import { scratchFolder } from './scratch.ts';

const results = scratchFolder();
let runs = 0;

/** A run's folder with these files, and a manifest where none is given. */
function aRun(files: Record<string, string | Uint8Array>): string {
  const folder = path.join(results, `run${++runs}`);
  mkdirSync(folder);
  const all = { 'manifest.json': JSON.stringify(aManifest()), ...files };
  for (const [name, content] of Object.entries(all))
    writeFileSync(path.join(folder, name), content);
  return folder;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const first = JSON.stringify(aRecord({ request_id: 'r1' }));
const line = (changes: object): string =>
  JSON.stringify({ ...aRecord({ request_id: 'r2' }), ...changes });

describe('a journal line that is JSON, and no record', () => {
  test.each<[string, string, string]>([
    ['null', 'null', 'must be an object, not null'],
    ['a list', '[]', 'must be an object, not a list'],
    ['a number', '1', 'must be an object, not another number'],
    ['no field at all', '{}', 'request_id must be text, but is missing'],
    ['text for a number', line({ ttft_ms: 'x' }), 'ttft_ms must be a number'],
    ['a latency below 0', line({ e2e_ms: -1 }), 'e2e_ms must be a number of at least 0'],
    ['an outcome of no class', line({ outcome: '__proto__' }), 'outcome must be one of the words'],
    ['half a token', line({ output_tokens: 1.5 }), 'output_tokens must be a whole number'],
    ['past all numbers', line({}).replace(/"e2e_ms":[^,]+/, '"e2e_ms":1e999'), 'e2e_ms must be'],
    ['the same request again', first, 'a second record of r1'],
  ])('%s', async (_what, second, message) => {
    for (const more of ['', `${line({ request_id: 'r3' })}\n`]) {
      const folder = aRun({ 'requests.ndjson': `${first}\n${second}\n${more}` });
      const run = await openRun(folder, results);
      await expect(all(readRecords(run))).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/requests\.ndjson:2: (?:not a record: |a second )/),
      });
      await expect(all(readRecords(run))).rejects.toThrow(message);
    }
  });

  test('a field of a later version is no fault', async () => {
    const folder = aRun({ 'requests.ndjson': `${first}\n${line({ later: {} })}\n` });
    expect(await all(readRecords(await openRun(folder, results)))).toHaveLength(2);
  });
});

test('a grade twice, and one past 1, are refused by their place', async () => {
  const grade = JSON.stringify(aGrade({ request_id: 'r1' }));
  for (const second of [grade, JSON.stringify(aGrade({ request_id: 'r2', score: 2 }))]) {
    const run = await openRun(aRun({ 'grades.ndjson': `${grade}\n${second}\n` }), results);
    await expect(all(readGrades(run))).rejects.toThrow('grades.ndjson:2: ');
  }
});

describe('tapes', () => {
  const tape = (id: string): string => JSON.stringify(tapeToLine(aTape({ requestId: id }), true));
  const read = async (...lines: string[]): Promise<string[]> => {
    const folder = aRun({ 'tapes.ndjson.gz': gzipSync(lines.join('\n')) });
    return (await all(readTapes(await openRun(folder, results)))).map((one) => one.requestId);
  };

  test('a last line that was cut off is left out', async () => {
    expect(await read(tape('r1'), tape('r2').slice(0, 40))).toEqual(['r1']);
  });

  test('one in the middle hides none of those behind it: it is refused', async () => {
    await expect(read(tape('r1'), tape('r2').slice(0, 40), tape('r3'))).rejects.toThrow(
      'line 2 is not a tape, nor the last one',
    );
  });

  test('reads that are more or less than the body are refused', async () => {
    const changed = JSON.stringify({ ...JSON.parse(tape('r1')), arrivals: [[1, 99_999]] });
    await expect(read(changed)).rejects.toThrow('line 1: reads of 99999 bytes');
    await expect(read('null')).rejects.toThrow('line 1 is not a tape: must be an object, not null');
  });
});

test.each<[string, unknown]>([
  ['null', null],
  ['a list', []],
  ['no time', { ...aManifest(), started_at: 5 }],
  ['planned by nobody', { ...aManifest(), planned: [null] }],
  ['reasons that are one text', { ...aManifest(), validity: { verdict: 'valid', reasons: 'x' } }],
])('a manifest that is %s is refused, and its folder passed over', async (_what, manifest) => {
  const folder = aRun({ 'manifest.json': JSON.stringify(manifest) });
  await expect(openRun(folder, results)).rejects.toThrow(/manifest\.json: it is not as a run/);
  expect((await listRuns(results)).map((run) => run.path)).not.toContain(folder);
});
