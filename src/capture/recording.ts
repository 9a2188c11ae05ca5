import type { RequestLimits } from '../config/types.ts';
import { type BodyPool, OWN_BYTES } from './body-pool.ts';
import type { DialInstants } from './dial.ts';
import type { TransportFailure } from './failure.ts';
import { GrowingBody } from './growing-body.ts';
import { ScanFeed } from './scan-feed.ts';
import type { StreamScanner } from './scanner.ts';
import type { Tape, TapeEnd } from './tape.ts';

/** After `[DONE]`, how long the body may take to end before the connection is given up. */
const LINGER_MS = 250;
const MAX_TIMER_MS = 2 ** 31 - 1;
/** A body that is no event stream is a message: an error, a page. What makes it one stands in front. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Each read has an entry in the tape: a stream that comes byte by byte is bounded by these. */
const READS_PER_EVENT_MAX = 5;
/** Of a reply that we end ourselves, its beginning is kept: the rest of what has no end says no more. */
const KEPT_OF_ABORTED = { bytes: 512 * 1024, reads: 65_536 };
/** Whether the head of a response announces events. */
const EVENT_STREAM = /^\s*text\/event-stream\s*(?:[;,]|$)/i;

/** Why the client itself ends a request; the class it then bears. */
export type AbortCode =
  | 'cancelled'
  | 'connect_timeout'
  | 'ttft_timeout'
  | 'stalled'
  | 'total_timeout'
  | 'limit_exceeded';

export interface RecordingOptions {
  requestId: string;
  /** `performance.now()` at which the plan wanted it sent. */
  scheduledAtMs: number;
  /** `process.hrtime.bigint()` of the run's origin. */
  runOriginNs: bigint;
  turnDelayMs: number | null;
  limits: RequestLimits;
  scanner: StreamScanner;
  /** Shared by all that are in flight. */
  pool: BodyPool;
  /** Most bytes of a body that is no event stream; 1 MiB where not given. */
  messageBytes?: number;
  /** Sees the body's bytes as they come; never set while measuring. */
  onBytes?: (bytes: Uint8Array) => void;
}

/**
 * One request while it runs: takes the transport's events, stamps them, keeps the limits of time
 * and size, and ends as a `Tape`. One watchdog timer serves all limits: it sleeps until the nearest
 * deadline, and on waking looks whether reads have moved it.
 */
export class Recording {
  readonly requestId: string;
  /** Resolves once, whatever happens; never rejects. */
  readonly finished: Promise<Tape>;
  /** The response's status as soon as it is known; `null` if the request ended without one. */
  readonly status: Promise<number | null>;

  readonly #options: RecordingOptions;
  readonly #feed: ScanFeed;
  readonly #readsMax: number;
  #bodyBytesMax: number;
  #aborter: AbortController | null = null;
  #release: (() => void) | null = null;
  #body = new GrowingBody();
  #originMs = 0;
  #originNs = 0n;
  #instants: DialInstants | null = null;
  #headersMs: number | null = null;
  #responseStatus: number | null = null;
  #headers: Record<string, string> = {};
  #protocol: Tape['protocol'] = null;
  #redials = 0;
  #progressMs = 0;
  #doneMs: number | null = null;
  #unconfirmedMs: number | null = null;
  #ended = false;
  #watchdog: NodeJS.Timeout | undefined;
  #resolveFinished: (tape: Tape) => void = () => {};
  #resolveStatus: (status: number | null) => void = () => {};

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.requestId = options.requestId;
    this.#readsMax = READS_PER_EVENT_MAX * options.limits.events;
    this.#bodyBytesMax = options.limits.bodyBytes;
    this.#feed = new ScanFeed(options.scanner, options.limits.bodyBytes, (progressed) =>
      this.#onScanned(progressed),
    );
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
    this.status = new Promise((resolve) => {
      this.#resolveStatus = resolve;
    });
  }

  /**
   * Called once, when the recording ends: the transport must let go of the socket then. `null` takes
   * it back. It costs less than the signal, which says the same.
   */
  onEnd(release: (() => void) | null): void {
    this.#release = release;
    if (this.#ended) release?.();
  }

  /** Aborted when the recording ends; for what takes a signal. */
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#ended) this.#aborter.abort();
    return this.#aborter.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The request begins now: every instant of the tape is relative to this one. */
  start(): void {
    if (this.#ended) return;
    this.#stampOrigin();
    this.#instants = null;
    this.#watch();
  }

  /** A kept-alive socket turned out to be dead: the request starts again, once, on a fresh one. */
  redial(): void {
    this.#redials += 1;
    this.start();
  }

  /** @param instants `null` on a reused connection: ready the moment the request started */
  connected(instants: DialInstants | null, protocol: 'http/1.1' | 'h2'): void {
    if (this.#ended) return;
    this.#instants = instants ?? { dnsMs: null, tcpMs: this.#originMs, readyMs: this.#originMs };
    this.#protocol = protocol;
    // The first-token limit may end before the connect limit, which the watchdog slept for.
    this.#watch();
  }

  headers(status: number, headers: Record<string, string>, atMs: number): void {
    if (this.#ended) return;
    this.#headersMs = atMs;
    this.#responseStatus = status;
    this.#headers = headers;
    if (status < 200 || status > 299 || !EVENT_STREAM.test(headers['content-type'] ?? '')) {
      const { messageBytes = MESSAGE_BYTES_MAX } = this.#options;
      this.#bodyBytesMax = Math.min(this.#bodyBytesMax, messageBytes);
    }
    this.#feed.begin(headers['content-encoding']);
    // A refusal is understood by its body too, so its status is known only with the whole tape.
    if (status < 400) this.#resolveStatus(status);
  }

  /** Bytes of the body that one read at `atMs` brought. */
  data(chunk: Uint8Array, atMs: number): void {
    // After `[DONE]` only what the same read brought is kept.
    if (this.#ended || (this.#doneMs !== null && this.#doneMs !== atMs)) return;
    this.#body.append(chunk, atMs);
    if (this.#body.length > OWN_BYTES && !this.#drawsWithin()) return;
    if (this.#body.length > this.#bodyBytesMax) {
      return this.abort('limit_exceeded', `more than ${this.#bodyBytesMax} bytes`);
    }
    if (this.#body.reads > this.#readsMax) {
      return this.abort('limit_exceeded', `more than ${this.#readsMax} reads`);
    }
    this.#options.onBytes?.(chunk);
    this.#feed.push(chunk, atMs);
  }

  /** The body ended as its framing says. */
  complete(): void {
    if (this.#doneMs !== null) return this.#end({ ...this.#doneEnd(), code: null });
    this.#end({ atMs: this.#now(), how: 'complete', code: null, stage: null, message: null });
  }

  fail(failure: TransportFailure): void {
    if (this.#doneMs !== null) return this.#end({ ...this.#doneEnd(), ...failure });
    this.#end({ atMs: this.#now(), how: 'error', ...failure });
  }

  /** Gives it up; after `[DONE]` it is whole, whatever there is against the rest. */
  abort(code: AbortCode, message: string | null = null): void {
    if (this.#doneMs !== null) return this.#end({ ...this.#doneEnd(), code: null });
    this.#end({ atMs: this.#now(), how: 'abort', code, stage: null, message });
  }

  /** Bytes of the body that are held. */
  get bodyLength(): number {
    return this.#body.length;
  }

  /** Draws on what all share; false where that has ended this very reply. */
  #drawsWithin(): boolean {
    this.#options.pool.grew(this);
    return !this.#ended;
  }

  #onScanned(progressedAtMs: number | null): void {
    if (this.#ended) return;
    const { scanner } = this.#options;
    if (progressedAtMs !== null) this.#progressMs = progressedAtMs;
    if (scanner.exceeded !== null) {
      return this.abort('limit_exceeded', this.#limitPassed(scanner.exceeded));
    }
    const atMs = this.#feed.instantMs;
    if (scanner.done && this.#doneMs === null) {
      this.#doneMs = atMs;
      this.#watch();
    } else if (scanner.doneUnconfirmed && this.#unconfirmedMs === null) {
      this.#unconfirmedMs = atMs;
      this.#watch();
    } else if (!scanner.doneUnconfirmed) {
      this.#unconfirmedMs = null;
    }
  }

  #limitPassed(exceeded: NonNullable<StreamScanner['exceeded']>): string {
    const { events, eventBytes, bodyBytes } = this.#options.limits;
    switch (exceeded) {
      case 'events':
        return `more than ${events} events`;
      case 'event_bytes':
        return `an event of more than ${eventBytes} bytes`;
      case 'unpacked_bytes':
        return `more than ${bodyBytes} bytes once decoded`;
    }
  }

  /** What ends the request next if nothing else happens. */
  #deadline(): { atMs: number; code: AbortCode | 'linger' } {
    const { limits, scanner } = this.#options;
    const doneMs = this.#doneMs ?? this.#unconfirmedMs;
    if (doneMs !== null) return { atMs: doneMs + LINGER_MS, code: 'linger' };
    const total = { atMs: this.#originMs + limits.totalMs, code: 'total_timeout' as const };
    const next =
      this.#instants === null
        ? { atMs: this.#originMs + limits.connectMs, code: 'connect_timeout' as const }
        : scanner.sawToken
          ? { atMs: this.#progressMs + limits.stallMs, code: 'stalled' as const }
          : { atMs: this.#originMs + limits.firstTokenMs, code: 'ttft_timeout' as const };
    return next.atMs < total.atMs ? next : total;
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    const { limits, scanner } = this.#options;
    // The stall limit begins with a read nobody announces, so sleep no longer than it lasts.
    const soonest = scanner.sawToken ? Infinity : performance.now() + limits.stallMs;
    const waitMs = Math.min(this.#deadline().atMs, soonest) - performance.now();
    this.#watchdog = setTimeout(
      () => this.#onWatchdog(),
      Math.min(Math.max(Math.ceil(waitMs), 1), MAX_TIMER_MS),
    );
  }

  #onWatchdog(): void {
    if (performance.now() < this.#deadline().atMs) return this.#watch();
    // Timers run before input is polled: what came while this thread was held up is read first.
    setImmediate(() => this.#onDeadline());
  }

  #onDeadline(): void {
    if (this.#ended) return;
    const deadline = this.#deadline();
    if (performance.now() < deadline.atMs) return this.#watch();
    if (deadline.code !== 'linger') return this.abort(deadline.code);
    if (this.#doneMs !== null) return this.#end({ ...this.#doneEnd(), code: null });
    const atMs = (this.#unconfirmedMs ?? 0) - this.#originMs;
    this.#end({ atMs, how: 'done', code: null, stage: null, message: null });
  }

  #doneEnd(): TapeEnd {
    const atMs = (this.#doneMs ?? 0) - this.#originMs;
    return { atMs, how: 'done', code: null, stage: null, message: null };
  }

  #now(): number {
    // Before the start there is no origin to count from.
    return this.#originNs === 0n ? 0 : performance.now() - this.#originMs;
  }

  #stampOrigin(): void {
    this.#originMs = performance.now();
    this.#originNs = process.hrtime.bigint();
  }

  #end(end: TapeEnd): void {
    if (this.#ended) return;
    // Given up before the transport took it on: the request began and ended at once.
    if (this.#originNs === 0n) this.#stampOrigin();
    this.#ended = true;
    clearTimeout(this.#watchdog);
    this.#feed.close();
    this.#options.pool.left(this);
    this.#resolveStatus(this.#responseStatus);
    this.#resolveFinished(this.#tape(end));
    this.#release?.();
    this.#aborter?.abort(new Error(end.code ?? end.how));
  }

  #tape(end: TapeEnd): Tape {
    const relative = (ms: number | null | undefined): number | null =>
      ms === null || ms === undefined ? null : Math.max(ms - this.#originMs, 0);
    return {
      requestId: this.requestId,
      originNs: String(this.#originNs),
      scheduledMs: Math.min(this.#options.scheduledAtMs - this.#originMs, 0),
      startedMs: Number(this.#originNs - this.#options.runOriginNs) / 1e6,
      turnDelayMs: this.#options.turnDelayMs,
      dnsMs: relative(this.#instants?.dnsMs),
      tcpMs: relative(this.#instants?.tcpMs),
      connectedMs: relative(this.#instants?.readyMs),
      headersMs: relative(this.#headersMs),
      end,
      status: this.#responseStatus,
      headers: this.#headers,
      protocol: this.#protocol,
      staleSocketRedials: this.#redials,
      ...this.#body.take(this.#originMs, end.how === 'abort' ? KEPT_OF_ABORTED : undefined),
    };
  }
}
