import type { Report } from './protocol.ts';

const EVERY_MS = 100;

/**
 * Hands reports over a few at a time. Each wakes the main thread, which on a machine with few cores
 * takes the processor from the thread that wakes it, for a millisecond in which no stamp is taken.
 */
export class HandOver {
  readonly #post: (reports: Report[], transfer: ArrayBuffer[]) => void;
  #reports: Report[] = [];
  #transfer: ArrayBuffer[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(post: (reports: Report[], transfer: ArrayBuffer[]) => void) {
    this.#post = post;
  }

  /** In the order they are given; at once where somebody waits for the answer. */
  give(report: Report): void {
    this.#reports.push(report);
    if (report.type === 'tape') {
      const { body, arrivalsMs, arrivalBytes } = report.tape;
      for (const { buffer } of [body, arrivalsMs, arrivalBytes]) {
        this.#transfer.push(buffer as ArrayBuffer);
      }
    }
    if (isUrgent(report)) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), EVERY_MS);
  }

  /** Hands over what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#reports.length === 0) return;
    const reports = this.#reports;
    const transfer = this.#transfer;
    this.#reports = [];
    this.#transfer = [];
    this.#post(reports, transfer);
  }
}

/** Readiness and the end are waited for; a conversation waits for its next turn. */
function isUrgent(report: Report): boolean {
  if (report.type === 'tape') return report.request.turn < report.request.turnCount - 1;
  return report.type === 'ready' || report.type === 'finished';
}
