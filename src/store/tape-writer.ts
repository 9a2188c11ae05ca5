import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Tape } from '../capture/tape.ts';
import { messageOf, writeError } from '../errors.ts';
import { syncFolder } from './sync-folder.ts';
import { tapeToLine } from './tape-line.ts';
import type { WatchedFile } from './write-watch.ts';

const compress = promisify(gzip);
/** Compressed in well under a millisecond, for which a thread may stand on the measuring thread's core. */
const MEMBER_BYTES = 64 * 1024;
const MEMBER_EVERY_MS = 1000;
const SYNC_EVERY_MS = 1000;
/** Event streams repeat themselves so much that more effort costs twice the time for 4 % of the size. */
const COMPRESSION = { level: 3, memLevel: 9 };

/**
 * `tapes.ndjson.gz`: gzip members one after the other, each of whole lines, so that a file cut off
 * at any point can be read up to its last member. Compression runs in the thread pool. A tape waits up
 * to a second for its member, and that as long again to be synced: who loses it still has its record.
 */
export class TapeWriter implements WatchedFile {
  readonly file: string;
  /** Told of a write that failed; until then, or for ever, it waits. */
  readonly failed: Promise<Error>;
  #tellFailed: (error: Error) => void = () => {};
  readonly #handle: FileHandle;
  readonly #simulated: boolean;
  #lines: string[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #syncedAtMs = 0;
  #failure: Error | null = null;

  private constructor(file: string, handle: FileHandle, simulated: boolean) {
    this.file = file;
    this.#handle = handle;
    this.#simulated = simulated;
    this.failed = new Promise((resolve) => {
      this.#tellFailed = resolve;
    });
  }

  /**
   * @param start `fresh`: the file must not be there yet; `continued`: members are added to those that are
   * @throws TokentapeError (exit 74)
   */
  static async open(
    file: string,
    simulated: boolean,
    start: 'fresh' | 'continued' = 'fresh',
  ): Promise<TapeWriter> {
    try {
      const handle = await open(file, start === 'fresh' ? 'ax' : 'a');
      const writer = new TapeWriter(file, handle, simulated);
      await syncFolder(path.dirname(file));
      return writer;
    } catch (error) {
      throw writeError(`cannot write ${file}: ${messageOf(error)}`, undefined, error);
    }
  }

  /** @throws TokentapeError (exit 74) for a write that failed since the last call */
  append(tape: Tape): void {
    if (this.#failure !== null) throw this.#failure;
    const line = JSON.stringify(tapeToLine(tape, this.#simulated));
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes >= MEMBER_BYTES) this.#writeMember();
    else this.#timer ??= setTimeout(() => this.#writeMember(), MEMBER_EVERY_MS);
  }

  /** @throws TokentapeError (exit 74) */
  async close(): Promise<void> {
    this.#writeMember();
    await this.#writing;
    try {
      if (this.#failure === null) await this.#handle.datasync();
    } catch (error) {
      this.#fail(error);
    } finally {
      await this.#handle.close();
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #writeMember(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#bytes = 0;
    this.#writing = this.#writing
      .then(async () => {
        if (this.#failure !== null) return;
        const member = await compress(text, COMPRESSION);
        await this.#handle.appendFile(member);
        if (performance.now() - this.#syncedAtMs < SYNC_EVERY_MS) return;
        this.#syncedAtMs = performance.now();
        await this.#handle.datasync();
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#failure ??= writeError(
      `cannot write ${this.file}: ${messageOf(error)}`,
      undefined,
      error,
    );
    this.#tellFailed(this.#failure);
  }
}
