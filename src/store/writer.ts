import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { errorCode, messageOf, usageError, writeError } from '../errors.ts';

/** The process that writes to a run's folder, as its claim names it. */
interface Writer {
  pid: number;
  host: string;
  /** When it was started, as the system tells it; `null` where it does not. */
  started: string | null;
  /** Of the system that it runs on; `null` where it does not tell. */
  boot: string | null;
}

/** `elsewhere`: on another host, which cannot be asked from here. */
type Standing = 'writing' | 'elsewhere' | 'gone';

interface Claim {
  file: string;
  number: number;
  writer: Writer | null;
  standing: Standing;
}

/** What a process holds while it writes to a run. */
export interface Claimed {
  release(): Promise<void>;
}

const CLAIM = /^writer-(\d+)\.json$/;
/** A claim that nothing stands in yet belongs to a process that has just made it, or died over it. */
const EMPTY_TRIES = 20;
const EMPTY_WAIT_MS = 25;

/**
 * Claims a run's folder for this process, so that no two write to it at once. Claims are numbered, and
 * each number is given once: who finds the highest one dead makes the next, and whoever comes second
 * finds that there. What a process that was killed has left goes with the claim that follows it.
 * @throws TokentapeError (exit 2) where another process writes to it; (exit 74) where it cannot be claimed
 */
export async function claimRun(folder: string): Promise<Claimed> {
  const before = await claimsIn(folder);
  refuseLiving(folder, before);
  const number = Math.max(0, ...before.map((claim) => claim.number)) + 1;
  const file = path.join(folder, `writer-${number}.json`);
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${JSON.stringify(thisWriter())}\n`);
    await handle.close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw inUse(folder, 'another process');
    const remedy = 'nothing was sent; make room there, or the folder writable, and try again';
    throw writeError(`cannot write ${file}: ${messageOf(error)}`, remedy, error);
  }
  // Where a whole run of another process fitted in between, numbers began anew.
  const others = (await claimsIn(folder)).filter((claim) => claim.file !== file);
  try {
    refuseLiving(folder, others);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return {
    release: async () => {
      for (const one of [...others.map((claim) => claim.file), file]) {
        await rm(one, { force: true }).catch(() => {});
      }
    },
  };
}

/** Whether a process writes to a run now, as far as this host can tell. */
export async function isBeingWritten(folder: string): Promise<boolean> {
  return (await claimsIn(folder)).some(({ standing }) => standing !== 'gone');
}

function refuseLiving(folder: string, claims: readonly Claim[]): void {
  const living = claims.find(({ standing }) => standing !== 'gone');
  if (living === undefined) return;
  const { file, writer, standing } = living;
  if (standing === 'writing') throw inUse(folder, `process ${writer?.pid}`);
  throw usageError(
    `${folder} is written to by process ${writer?.pid} of the host ${writer?.host}, which cannot be asked from here`,
    `where that process is gone, remove ${file}`,
  );
}

function inUse(folder: string, who: string): Error {
  return usageError(`${folder} is being written to by ${who}`, 'wait for it, or end it');
}

async function claimsIn(folder: string): Promise<Claim[]> {
  const names = await readdir(folder).catch(() => []);
  const claims: Claim[] = [];
  for (const name of names) {
    const number = CLAIM.exec(name)?.[1];
    if (number === undefined) continue;
    const file = path.join(folder, name);
    const writer = await writerIn(file);
    if (writer === undefined) continue;
    const standing = writer === null ? 'gone' : standingOf(writer);
    claims.push({ file, number: Number(number), writer, standing });
  }
  return claims;
}

/** @returns `undefined` where it was released by now; `null` where it names nobody */
async function writerIn(file: string): Promise<Writer | null | undefined> {
  for (let tries = 0; tries < EMPTY_TRIES; tries++) {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch {
      return undefined;
    }
    try {
      const writer = JSON.parse(text) as Writer;
      return typeof writer.pid === 'number' ? writer : null;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, EMPTY_WAIT_MS));
    }
  }
  return null;
}

function standingOf({ pid, host, started, boot }: Writer): Standing {
  const here = thisSystem();
  if (host !== here.host) return 'elsewhere';
  if (boot !== null && here.boot !== null && boot !== here.boot) return 'gone';
  if (!isAlive(pid)) return 'gone';
  // Numbers of processes are given again.
  const startedNow = startOf(pid);
  return started === null || startedNow === null || started === startedNow ? 'writing' : 'gone';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function thisWriter(): Writer {
  return { pid: process.pid, ...thisSystem(), started: startOf(process.pid) };
}

function thisSystem(): Pick<Writer, 'host' | 'boot'> {
  const boot = readOrNull('/proc/sys/kernel/random/boot_id');
  return { host: os.hostname(), boot: boot === null ? null : boot.trim() };
}

/** In the system's own terms: they are only ever compared. */
function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    // Behind the name, which may hold spaces and brackets, the 20th field.
    const stat = readOrNull(`/proc/${pid}/stat`);
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
