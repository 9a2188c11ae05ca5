import { closeSync, openSync, readSync } from 'node:fs';

/** What the kernel knows of a thread, since it began. */
export interface ThreadTimes {
  /** On a core. */
  cpuMs: number;
  /** Ready to run, and another had the core. */
  waitedMs: number;
}

/**
 * Reads the times of the thread that opened it, which is the calling one: `schedstat` on Linux. A
 * read costs some 5 µs, for the file stays open.
 */
export class ThreadClock {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(96);

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @returns `null` where the system does not tell, as anywhere but on Linux */
  static open(): ThreadClock | null {
    try {
      const clock = new ThreadClock(openSync('/proc/thread-self/schedstat', 'r'));
      // A kernel without these statistics gives zeros, and this thread has run for a while.
      if ((clock.read()?.cpuMs ?? 0) > 0) return clock;
      clock.close();
    } catch {}
    return null;
  }

  read(): ThreadTimes | null {
    try {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, 0);
      return parseSchedstat(this.#buffer.toString('latin1', 0, length));
    } catch {
      return null;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** `<ns on a core> <ns waiting for one> <slices>` */
export function parseSchedstat(text: string): ThreadTimes | null {
  const [cpuNs, waitedNs] = text.split(' ').map(Number);
  if (!Number.isFinite(cpuNs) || !Number.isFinite(waitedNs)) return null;
  return { cpuMs: (cpuNs as number) / 1e6, waitedMs: (waitedNs as number) / 1e6 };
}
