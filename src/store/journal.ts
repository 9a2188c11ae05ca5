import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { messageOf, writeError } from '../errors.ts';
import { syncFolderNow } from './sync-folder.ts';
import type { WatchedFile } from './write-watch.ts';

/** The rest of the 250 ms that are promised is for the sync itself, and for a machine that is busy. */
const SYNC_EVERY_MS = 100;

/**
 * A file of one record a line, as `requests.ndjson`: written whole as it comes and synced at least every
 * 250 ms. A process that is killed loses nothing that was appended; a machine that is, at most the last
 * quarter of a second and part of one line.
 */
export class Journal<Line extends object> implements WatchedFile {
  readonly file: string;
  /** Told of a sync that failed; until then, or for ever, it waits. */
  readonly failed: Promise<Error>;
  #tellFailed: (error: Error) => void = () => {};
  readonly #fd: number;
  #dirty = false;
  #timer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> | null = null;
  #failure: Error | null = null;

  /**
   * @param file `fresh`: it must not be there yet; `continued`: lines are added to those that are,
   *   of which `cutTornLine` has mended the last
   * @throws TokentapeError (exit 74)
   */
  constructor(file: string, start: 'fresh' | 'continued' = 'fresh') {
    this.file = file;
    this.failed = new Promise((resolve) => {
      this.#tellFailed = resolve;
    });
    try {
      this.#fd = openSync(file, start === 'fresh' ? 'ax' : 'a');
      syncFolderNow(path.dirname(file));
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
      // Nothing may follow a line that was written in part.
      this.#failure = this.#writeError(error);
      throw this.#failure;
    }
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.#sync(), SYNC_EVERY_MS);
  }

  /** Syncs what is left and closes; nothing can be appended any more. @throws TokentapeError (exit 74) */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const failedBefore = this.#failure;
    this.#failure ??= writeError(`${this.file} is closed`);
    while (this.#syncing !== null) await this.#syncing;
    try {
      // Who flushes at the last moment finds nothing left to do.
      this.flushNow();
    } catch (error) {
      throw this.#writeError(error);
    } finally {
      closeSync(this.#fd);
    }
    if (failedBefore !== null) throw failedBefore;
  }

  /** For a process about to exit: everything appended reaches the disk before this returns. */
  flushNow(): void {
    // One that is under way may not end before the process does.
    if (this.#dirty || this.#syncing !== null) fdatasyncSync(this.#fd);
    this.#dirty = false;
  }

  /** One at a time: a disk that takes long for one must not be given ever more of them. */
  #sync(): void {
    if (this.#syncing !== null) {
      void this.#syncing.then(() => this.#sync());
      return;
    }
    this.#timer = null;
    this.#dirty = false;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#fd, (error) => {
        this.#syncing = null;
        if (error !== null) {
          this.#failure = this.#writeError(error);
          this.#tellFailed(this.#failure);
        }
        resolve();
      });
    });
  }

  #writeError(error: unknown): Error {
    return writeError(`cannot write ${this.file}: ${messageOf(error)}`, undefined, error);
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written);
  }
}
