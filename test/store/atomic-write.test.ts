import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../src/store/atomic-write.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();

test('a file is replaced whole, and nothing else is left', async () => {
  const file = path.join(scratch, 'a.csv');
  writeFileSync(file, 'old and longer');
  await writeWhole(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(scratch)).toEqual(['a.csv']);
});

test('a link stays one, and what it points to is written', async () => {
  const file = path.join(scratch, 'pointed-to.csv');
  const link = path.join(scratch, 'link.csv');
  writeFileSync(file, 'old');
  symlinkSync('pointed-to.csv', link);
  await writeWhole(link, 'new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('new');
});

test.skipIf(process.platform === 'win32')('a pipe is written to, and stays a pipe', async () => {
  const pipe = path.join(scratch, 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  const [read] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'through')]);
  expect(read).toBe('through');
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test('a folder in its place is an error with exit code 74', async () => {
  await expect(writeWhole(scratch, 'x')).rejects.toMatchObject({ exitCode: 74 });
});
