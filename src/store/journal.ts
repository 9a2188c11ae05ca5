import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { messageOf, writeError } from '../errors.ts';

const SYNC_EVERY_MS = 250;

/**
 * A file of one record a line, as `requests.ndjson`: written whole as it comes and synced at least every
 * 250 ms. A process that is killed loses nothing that was appended; a machine that is, at most the last
 * quarter of a second and part of one line.
 */
export class Journal<Line extends object> {
  readonly #file: string;
  readonly #fd: number;
  #dirty = false;
  #timer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  /**
   * @param file `fresh`: it must not be there yet; `continued`: lines are added to those that are
   * @throws TokentapeError (exit 74)
   */
  constructor(file: string, start: 'fresh' | 'continued' = 'fresh') {
    this.#file = file;
    try {
      this.#fd = openSync(file, start === 'fresh' ? 'ax' : 'a');
    } catch (error) {
      throw this.#writeError(error);
    }
  }

  /** @throws TokentapeError (exit 74), also for a sync that failed since the last call */
  append(line: Line): void {
    if (this.#failure !== null) throw this.#failure;
    try {
      writeFully(this.#fd, Buffer.from(`${JSON.stringify(line)}\n`));
    } catch (error) {
      throw this.#writeError(error);
    }
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.#sync(), SYNC_EVERY_MS);
  }

  /** Syncs what is left and closes. @throws TokentapeError (exit 74) */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#syncing;
    try {
      if (this.#dirty) fdatasyncSync(this.#fd);
      // Who flushes at the last moment finds nothing left to do.
      this.#dirty = false;
      closeSync(this.#fd);
    } catch (error) {
      throw this.#writeError(error);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** For a process about to exit: everything appended reaches the disk before this returns. */
  flushNow(): void {
    if (this.#dirty) fdatasyncSync(this.#fd);
  }

  #sync(): void {
    this.#timer = null;
    this.#dirty = false;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#fd, (error) => {
        if (error !== null) this.#failure = this.#writeError(error);
        resolve();
      });
    });
  }

  #writeError(error: unknown): Error {
    return writeError(`cannot write ${this.#file}: ${messageOf(error)}`, undefined, error);
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written);
  }
}
