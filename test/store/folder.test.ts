import { lstatSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunFolder, pointLatest } from '../../src/store/folder.ts';
import { listRuns, openRun } from '../../src/store/read.ts';
import { aManifest } from '../report/fixtures.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
const AT = new Date('2026-01-02T03:04:05.678Z');

function storeManifest(outputDir: string, runId: string, startedAt: string): void {
  mkdirSync(path.join(outputDir, runId), { recursive: true });
  const manifest = aManifest({ run_id: runId, started_at: startedAt });
  writeFileSync(path.join(outputDir, runId, 'manifest.json'), JSON.stringify(manifest));
}

describe('the folder of a run', () => {
  test('is named by UTC time and suites, and never shared', async () => {
    const outputDir = path.join(scratch, 'named');
    const names = [];
    for (let i = 0; i < 3; i++) {
      names.push((await createRunFolder(outputDir, ['reasoning', 'chat'], AT)).runId);
    }
    expect(names).toEqual([
      '20260102T030405Z-reasoning+chat',
      '20260102T030405Z-reasoning+chat-2',
      '20260102T030405Z-reasoning+chat-3',
    ]);
  });

  test('cannot leave the results folder', async () => {
    const outputDir = path.join(scratch, 'inside');
    const { runId } = await createRunFolder(outputDir, ['../../evil'], AT);
    expect(runId).toBe('20260102T030405Z-.._.._evil');
  });

  test('where it cannot be made, says so with exit code 74', async () => {
    const file = path.join(scratch, 'a-file');
    writeFileSync(file, '');
    await expect(createRunFolder(file, ['smoke'], AT)).rejects.toMatchObject({ exitCode: 74 });
    const inside = path.join(file, 'deeper', 'still');
    await expect(createRunFolder(inside, ['smoke'], AT)).rejects.toMatchObject({ exitCode: 74 });
    // A file system that makes no folders.
    await expect(createRunFolder('/proc/nope', ['smoke'], AT)).rejects.toMatchObject({
      exitCode: 74,
    });
  });
});

describe('finding runs', () => {
  const outputDir = path.join(scratch, 'runs');
  storeManifest(outputDir, '20260101T000000Z-smoke', '2026-01-01T00:00:00.000Z');
  storeManifest(outputDir, '20260103T000000Z-chat', '2026-01-03T00:00:00.000Z');
  mkdirSync(path.join(outputDir, 'not-a-run'));

  test('lists them newest first, and only runs', async () => {
    const ids = (await listRuns(outputDir)).map(({ manifest }) => manifest.run_id);
    expect(ids).toEqual(['20260103T000000Z-chat', '20260101T000000Z-smoke']);
    expect(await listRuns(path.join(scratch, 'nowhere'))).toEqual([]);
  });

  test('`latest` is a relative link that moves', async () => {
    await pointLatest(outputDir, '20260103T000000Z-chat');
    await pointLatest(outputDir, '20260101T000000Z-smoke');
    const latest = path.join(outputDir, 'latest');
    expect(lstatSync(latest).isSymbolicLink()).toBe(true);
    expect(readlinkSync(latest)).toBe('20260101T000000Z-smoke');
    expect((await openRun('latest', outputDir)).manifest.run_id).toBe('20260101T000000Z-smoke');
  });

  test('by name, by path and through a file that stands for the link', async () => {
    const byName = await openRun('20260103T000000Z-chat', outputDir);
    const byPath = await openRun(path.join(outputDir, '20260103T000000Z-chat'), 'elsewhere');
    expect(byName.manifest).toEqual(byPath.manifest);
    const other = path.join(scratch, 'without-links');
    storeManifest(other, 'one', '2026-01-01T00:00:00.000Z');
    writeFileSync(path.join(other, 'latest'), 'one\n');
    expect((await openRun('latest', other)).manifest.run_id).toBe('one');
  });

  test('an unknown one names the newest', async () => {
    await expect(openRun('nope', outputDir)).rejects.toMatchObject({
      exitCode: 2,
      message: 'there is no run nope',
      remedy: expect.stringContaining('20260103T000000Z-chat'),
    });
  });

  test('a manifest of another schema is refused, not guessed', async () => {
    const folder = path.join(scratch, 'future');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'manifest.json'), '{"schema_version": 2}');
    await expect(openRun(folder, scratch)).rejects.toThrow(
      /schema version 2, this version reads 1/,
    );
  });
});
