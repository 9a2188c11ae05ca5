/**
 * Tapes handed over but not yet taken by the main thread, in bytes. At the cap sending pauses, so
 * that a slow decoder or disk costs time, never memory.
 */
export class Backlog {
  /** How often a send had to wait. */
  pauses = 0;
  readonly #capBytes: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(capBytes: number) {
    this.#capBytes = capBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes >= this.#capBytes) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  async room(): Promise<void> {
    if (this.#bytes < this.#capBytes) return;
    this.pauses += 1;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
