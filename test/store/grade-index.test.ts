import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GradeIndex } from '../../src/store/grade-index.ts';
import { aGrade } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokentape-grades-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(text: string): Promise<GradeIndex | null> {
  await writeFile(path.join(folder, 'grades.ndjson'), text);
  return GradeIndex.open({ path: folder, manifest: aManifest() });
}

const lineOf = (id: string, answer: string) =>
  `${JSON.stringify(aGrade({ request_id: id, answer }))}\n`;

describe('grades by their request', () => {
  // Longer than what is read at once, in several scripts, and one line longer than a whole read.
  const answers = Array.from({ length: 400 }, (_, i) => `${i}: ${'答えは四十二。'.repeat(i % 60)}`);
  const long = 'x'.repeat(200_000);
  const text = [
    ...answers.map((answer, i) => lineOf(`r${i}`, answer)),
    lineOf('long', long),
    lineOf('last', 'the last'),
  ].join('');

  test('in the order of the file, against it, and here and there', async () => {
    const index = (await written(text)) as GradeIndex;
    const order = [...answers.keys()];
    const jumps = order.map((i) => (i * 173) % answers.length);
    for (const i of [...order, ...order.toReversed(), ...jumps]) {
      expect(index.get(`r${i}`)?.answer).toBe(answers[i]);
    }
    expect(index.get('long')?.answer).toBe(long);
    expect(index.get('last')?.answer).toBe('the last');
    expect(index.get('none')).toBeUndefined();
    index.close();
  });

  test('of one that was graded twice, the later grade', async () => {
    const index = (await written(lineOf('r1', 'first') + lineOf('r1', 'second'))) as GradeIndex;
    expect(index.get('r1')?.answer).toBe('second');
    index.close();
  });

  test('whatever the order of the fields', async () => {
    const { request_id, ...rest } = aGrade({ request_id: 'r"1' });
    const index = (await written(`${JSON.stringify({ ...rest, request_id })}\n`)) as GradeIndex;
    expect(index.get('r"1')).toMatchObject({ grade: 'right' });
    index.close();
  });

  test('a last line that was cut off is none', async () => {
    const index = (await written(`${lineOf('r1', 'whole')}{"request_id":"r2","gra`)) as GradeIndex;
    expect(index.get('r1')?.answer).toBe('whole');
    expect(index.get('r2')).toBeUndefined();
    index.close();
  });
});

test('there is no index where nothing was graded', async () => {
  expect(await written('')).toBeNull();
  await rm(path.join(folder, 'grades.ndjson'));
  expect(await GradeIndex.open({ path: folder, manifest: aManifest() })).toBeNull();
});
