import { stat } from 'node:fs/promises';
import { messageOf, writeError } from '../errors.ts';

const LOOK_EVERY_MS = 500;

/** A file of a run that is written to for as long as the run lasts. */
export interface WatchedFile {
  readonly file: string;
  /** Told of what went wrong behind a write that seemed to succeed. */
  readonly failed: Promise<Error>;
}

/**
 * Hears what goes wrong with a run's files while nobody writes to them: a sync that failed, and a file
 * that is no longer at its place. What is written to a deleted file succeeds, and nobody ever finds it.
 */
export class WriteWatch {
  /** The first of it, a TokentapeError (exit 74); where there is none, it waits for ever. */
  readonly trouble: Promise<Error>;
  #onTrouble: (error: Error) => void = () => {};
  readonly #files: readonly WatchedFile[];
  readonly #timer: NodeJS.Timeout;
  #ended = false;

  constructor(files: readonly WatchedFile[]) {
    this.#files = files;
    this.trouble = new Promise((resolve) => {
      this.#onTrouble = resolve;
    });
    for (const { failed } of files) void failed.then((error) => this.#tell(error));
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    for (const { file } of this.#files) {
      try {
        await stat(file);
      } catch (error) {
        const what = `${file} is no longer there: deleted, moved, or its disk is gone`;
        this.#tell(writeError(`${what} (${messageOf(error)})`, undefined, error));
        return;
      }
    }
  }

  #tell(error: Error): void {
    if (this.#ended) return;
    this.end();
    this.#onTrouble(error);
  }
}
