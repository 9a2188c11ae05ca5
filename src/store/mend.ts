import { constants as fsConstants } from 'node:fs';
import { copyFile, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorCode, messageOf, usageError, writeError } from '../errors.ts';
import { writeWhole } from './atomic-write.ts';
import { RUN_FILES } from './folder.ts';
import { isWholeGzip, plainLines, requestIdOf, salvagedLines } from './lines.ts';

const compress = promisify(gzip);
const PIECE_CHARACTERS = 64 * 1024;
const TAIL_BYTES = 64 * 1024;
const LINE_BREAK = 0x0a;

/**
 * Cuts off what a crash left of a last line of a journal, so that lines can be added behind it. A last line
 * that lacks its end alone is ended.
 * @throws TokentapeError (exit 74)
 */
export async function cutTornLine(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      const { size } = await handle.stat();
      if (size === 0) return;
      const { from, bytes } = await lastLine(handle, size);
      const isEnded = bytes.at(-1) === LINE_BREAK;
      if (isJson(bytes.toString('utf8'))) {
        if (isEnded) return;
        await handle.write('\n', size);
      } else {
        await handle.truncate(from);
      }
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw writeError(`cannot mend ${file}: ${messageOf(error)}`, undefined, error);
  }
}

/** The last line, with its end where it has one. */
async function lastLine(
  handle: Awaited<ReturnType<typeof open>>,
  size: number,
): Promise<{ from: number; bytes: Buffer }> {
  for (let length = TAIL_BYTES; ; length *= 2) {
    const from = Math.max(0, size - length);
    const tail = Buffer.alloc(size - from);
    await handle.read(tail, 0, tail.length, from);
    const before = tail.lastIndexOf(LINE_BREAK, tail.length - 2);
    if (before !== -1 && tail.length > 1) {
      return { from: from + before + 1, bytes: tail.subarray(before + 1) };
    }
    if (from === 0) return { from: 0, bytes: tail };
  }
}

function isJson(line: string): boolean {
  if (line.trim() === '') return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Moves lines of a journal into another file: these are written there first, then the journal without
 * them, each file whole or not at all. Done again after a crash in the middle, it comes to the same.
 * @returns how many lines were moved
 * @throws TokentapeError (exit 74)
 */
export async function setLinesAside(
  file: string,
  aside: string,
  isMoved: (requestId: string, line: string) => boolean,
): Promise<number> {
  if (!(await exists(file))) return 0;
  const isMovedLine = (line: string): boolean => {
    const id = requestIdOf(line);
    return id !== null && isMoved(id, line);
  };
  const moved: string[] = [];
  for await (const lines of plainLines(file)) moved.push(...lines.filter(isMovedLine));
  if (moved.length === 0) return 0;
  const there: string[] = [];
  if (await exists(aside)) for await (const lines of plainLines(aside)) there.push(...lines);
  const known = new Set(there);
  const all = [...there, ...moved.filter((line) => !known.has(line))];
  await writeWhole(aside, inPieces([all.filter((line) => line !== '')]));
  const kept = async function* (): AsyncGenerator<string[]> {
    for await (const lines of plainLines(file)) {
      yield lines.filter((line) => line !== '' && !isMovedLine(line));
    }
  };
  await writeWhole(file, inPieces(kept()));
  return moved.length;
}

/**
 * Makes the tapes of a run fit to be added to: what a crash cut off is taken as far as it can be read, and
 * tapes that do not belong there any more go into a file of their own. Where nothing is to be done, the
 * file is only read. What is damaged in its middle is kept as it was, under another name.
 * @param isKept whether a tape stays, by its request
 * @throws TokentapeError (exit 74) where it cannot be written
 */
export async function mendTapes(
  folder: string,
  isKept: (requestId: string) => boolean,
): Promise<void> {
  const file = path.join(folder, RUN_FILES.tapes);
  if (!(await exists(file))) return;
  const state = await isWholeGzip(file);
  const moved: string[] = [];
  let isTorn = state !== 'whole';
  for await (const lines of readable(file)) {
    for (const line of lines) {
      if (!isJson(line) || line === '') isTorn = true;
      else if (!isKept(requestIdOf(line) ?? '')) moved.push(line);
    }
  }
  if (!isTorn && moved.length === 0) return;
  if (state === 'damaged') await keepDamaged(file, path.join(folder, RUN_FILES.damagedTapes));
  if (moved.length > 0) await addTapes(path.join(folder, RUN_FILES.supersededTapes), moved);
  const kept = async function* (): AsyncGenerator<string[]> {
    for await (const lines of readable(file)) {
      yield lines.filter((line) => line !== '' && isJson(line) && isKept(requestIdOf(line) ?? ''));
    }
  };
  await writeWhole(file, inMembers(kept()));
}

/** Lines of a gzip file up to where it is damaged. */
async function* readable(file: string): AsyncGenerator<string[]> {
  try {
    yield* salvagedLines(file);
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') !== true) throw error;
  }
}

async function addTapes(aside: string, moved: readonly string[]): Promise<void> {
  const there: string[] = [];
  if (await exists(aside)) for await (const lines of readable(aside)) there.push(...lines);
  const known = new Set(there);
  const all = [...there, ...moved.filter((line) => !known.has(line))];
  await writeWhole(aside, inMembers([all.filter((line) => line !== '')]));
}

async function keepDamaged(file: string, as: string): Promise<void> {
  try {
    await copyFile(file, as, fsConstants.COPYFILE_EXCL);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    throw writeError(`cannot write ${as}: ${messageOf(error)}`, undefined, error);
  }
}

/** Takes away what was derived of a part of a run: it is not true any more once the run goes on. */
export async function removeDerived(folder: string): Promise<void> {
  for (const name of ['summary', 'summaryCsv', 'requestsCsv'] as const) {
    const file = path.join(folder, RUN_FILES[name]);
    await rm(file, { force: true }).catch((error: unknown) => {
      throw writeError(`cannot remove ${file}: ${messageOf(error)}`, undefined, error);
    });
  }
}

async function* inPieces(
  batches: Iterable<string[]> | AsyncIterable<string[]>,
): AsyncGenerator<string> {
  let piece = '';
  for await (const lines of batches) {
    for (const line of lines) piece += `${line}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function* inMembers(
  batches: Iterable<string[]> | AsyncIterable<string[]>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of inPieces(batches)) if (piece !== '') yield await compress(piece);
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
