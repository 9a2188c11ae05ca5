import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { errorCode, messageOf, usageError } from '../errors.ts';
import type { Grade } from '../score/types.ts';
import { RUN_FILES } from './folder.ts';
import { requestIdOf } from './lines.ts';
import type { StoredRun } from './read.ts';

const LINE_BREAK = 0x0a;
const READ_BYTES = 1 << 16;

/**
 * Grades by their request, found again in their file: in memory are their places alone, for there may
 * be a million, each with an answer. Those of one time lie side by side, so most are in the part that was
 * read last.
 */
export class GradeIndex {
  readonly #file: string;
  readonly #places: ReadonlyMap<string, number>;
  #fd: number | null = null;
  #part = { from: 0, bytes: Buffer.alloc(0) };

  private constructor(file: string, places: ReadonlyMap<string, number>) {
    this.#file = file;
    this.#places = places;
  }

  /**
   * @returns `null` where nothing was graded
   * @throws TokentapeError (exit 2) where the file cannot be read
   */
  static async open(run: StoredRun): Promise<GradeIndex | null> {
    const file = path.join(run.path, RUN_FILES.grades);
    const places = new Map<string, number>();
    try {
      for await (const lines of placedLines(file)) {
        for (const { line, from } of lines) {
          const id = requestIdOf(line);
          if (id !== null) places.set(id, from);
        }
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw usageError(`cannot read ${file}: ${messageOf(error)}`);
    }
    return places.size === 0 ? null : new GradeIndex(file, places);
  }

  get(requestId: string): Grade | undefined {
    const from = this.#places.get(requestId);
    if (from === undefined) return undefined;
    for (let size = READ_BYTES; ; size *= 2) {
      const at = from - this.#part.from;
      const end = at < 0 ? -1 : this.#part.bytes.indexOf(LINE_BREAK, at);
      if (end !== -1) return JSON.parse(this.#part.bytes.toString('utf8', at, end)) as Grade;
      this.#read(from, size);
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #read(from: number, size: number): void {
    this.#fd ??= openSync(this.#file, 'r');
    const bytes = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const count = readSync(this.#fd, bytes, read, size - read, from + read);
      if (count === 0) break;
      read += count;
    }
    if (read === 0) throw usageError(`${this.#file} is shorter than it was`);
    this.#part = { from, bytes: bytes.subarray(0, read) };
  }
}

/** Whole lines alone, those that one read completes together: a last one that was cut off is none. */
async function* placedLines(file: string): AsyncGenerator<{ line: string; from: number }[]> {
  // Parts of a line that no read has completed yet, put together once: its answer may be of megabytes.
  let begun: Buffer[] = [];
  let from = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) {
    begun.push(chunk);
    if (!chunk.includes(LINE_BREAK)) continue;
    const all: Buffer = Buffer.concat(begun);
    const lines: { line: string; from: number }[] = [];
    let at = 0;
    for (let end = all.indexOf(LINE_BREAK); end !== -1; end = all.indexOf(LINE_BREAK, at)) {
      lines.push({ line: all.toString('utf8', at, end), from: from + at });
      at = end + 1;
    }
    yield lines;
    from += at;
    begun = [all.subarray(at)];
  }
}
