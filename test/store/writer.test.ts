import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimRun, isBeingWritten } from '../../src/store/writer.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
const aFolder = () => mkdtemp(path.join(scratch, 'run-'));

/** As another process has left it. */
function leave(folder: string, number: number, changes: object): void {
  const writer = { pid: process.pid, host: os.hostname(), started: null, boot: null, ...changes };
  writeFileSync(path.join(folder, `writer-${number}.json`), JSON.stringify(writer));
}

/** The number of a process that has ended. */
function aDeadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('a claim', () => {
  test('is one at a time, and gone when it is released', async () => {
    const folder = await aFolder();
    const claimed = await claimRun(folder);
    expect(await isBeingWritten(folder)).toBe(true);
    await expect(claimRun(folder)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await claimed.release();
    expect(await isBeingWritten(folder)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await (await claimRun(folder)).release();
  });

  test('names a process that another one finds alive', async () => {
    const folder = await aFolder();
    const child = spawn('sleep', ['30']);
    try {
      leave(folder, 1, { pid: child.pid });
      await expect(claimRun(folder)).rejects.toMatchObject({ exitCode: 2 });
      expect(readdirSync(folder)).toEqual(['writer-1.json']);
    } finally {
      child.kill();
    }
  });

  test('of a process that was killed gives way, and goes with the next', async () => {
    const folder = await aFolder();
    leave(folder, 1, { pid: aDeadPid() });
    expect(await isBeingWritten(folder)).toBe(false);
    const claimed = await claimRun(folder);
    expect(readdirSync(folder).sort()).toEqual(['writer-1.json', 'writer-2.json']);
    await expect(claimRun(folder)).rejects.toMatchObject({ exitCode: 2 });
    await claimed.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')(
    'is not that of another process of the same number',
    async () => {
      const folder = await aFolder();
      leave(folder, 1, { started: 'long ago' });
      await (await claimRun(folder)).release();
    },
  );

  test.skipIf(process.platform !== 'linux')('does not outlast the system it ran on', async () => {
    const folder = await aFolder();
    leave(folder, 1, { boot: 'another one' });
    await (await claimRun(folder)).release();
  });

  test('of another host stands, until somebody removes it', async () => {
    const folder = await aFolder();
    leave(folder, 1, { host: 'elsewhere.example' });
    expect(await isBeingWritten(folder)).toBe(true);
    await expect(claimRun(folder)).rejects.toMatchObject({
      message: expect.stringContaining('elsewhere.example'),
      remedy: expect.stringContaining('writer-1.json'),
    });
  });

  test('that its process had no time to write is none', async () => {
    const folder = await aFolder();
    writeFileSync(path.join(folder, 'writer-1.json'), '');
    const claimed = await claimRun(folder);
    expect(JSON.parse(readFileSync(path.join(folder, 'writer-2.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
      host: os.hostname(),
    });
    await claimed.release();
  });

  test('is had by one of many that want it at once', async () => {
    const folder = await aFolder();
    leave(folder, 1, { pid: aDeadPid() });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => claimRun(folder)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
