import { createHistogram } from 'node:perf_hooks';

/** How late the sender itself was; a client is not to be blamed for that. */
export interface LatenessMs {
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

/** What a ground truth did since it started, or since it was last asked to forget. */
export interface SenderStats {
  /** How long ago that was. */
  spanMs: number;
  /** Content chunks sent. */
  chunks: number;
  /** Their bytes on the wire, HTTP framing included. */
  sentBytes: number;
  /** Of the chunks, those held back because the client had not read what came before. */
  heldChunks: number;
  streamsStarted: number;
  streamsFinished: number;
  /** Streams under way now. */
  streamsOpen: number;
  /** From the instant a write was due to the write, held chunks and flooded streams not counted. */
  lateness: LatenessMs;
  /** User and system time of the sender's process. */
  cpuUs: number;
  rssBytes: number;
}

/** Counts what the sender does. */
export class SenderMeter {
  readonly #lateness = createHistogram();
  #streamsOpen = 0;
  #sinceMs = 0;
  #cpu = process.cpuUsage();
  #counts = noCounts();

  constructor() {
    this.reset();
  }

  wrote(chunks: number, bytes: number): void {
    this.#counts.chunks += chunks;
    this.#counts.sentBytes += bytes;
  }

  late(lateMs: number): void {
    // The histogram takes whole numbers from 1 on.
    this.#lateness.record(Math.max(1, Math.round(lateMs * 1e6)));
  }

  held(chunks: number): void {
    this.#counts.heldChunks += chunks;
  }

  started(): void {
    this.#counts.streamsStarted += 1;
    this.#streamsOpen += 1;
  }

  ended(finished: boolean): void {
    this.#streamsOpen -= 1;
    if (finished) this.#counts.streamsFinished += 1;
  }

  read(): SenderStats {
    const { user, system } = process.cpuUsage(this.#cpu);
    const lateMs = (percentile: number): number =>
      this.#lateness.count === 0 ? 0 : this.#lateness.percentile(percentile) / 1e6;
    return {
      spanMs: performance.now() - this.#sinceMs,
      ...this.#counts,
      streamsOpen: this.#streamsOpen,
      lateness: {
        p50Ms: lateMs(50),
        p99Ms: lateMs(99),
        p999Ms: lateMs(99.9),
        maxMs: lateMs(100),
      },
      cpuUs: user + system,
      rssBytes: process.memoryUsage.rss(),
    };
  }

  /** Begins anew; streams under way stay open. */
  reset(): void {
    this.#lateness.reset();
    this.#counts = noCounts();
    this.#sinceMs = performance.now();
    this.#cpu = process.cpuUsage();
  }
}

function noCounts() {
  return { chunks: 0, sentBytes: 0, heldChunks: 0, streamsStarted: 0, streamsFinished: 0 };
}
