import { type EventLoopUtilization, PerformanceObserver, performance } from 'node:perf_hooks';
import type { Tape } from '../capture/tape.ts';
import { ThreadClock, type ThreadTimes } from '../thread-times.ts';
import { LateSpans, latenessAt, WaitHistogram } from './lateness.ts';

/** How the measuring thread did over the measured window; shares are 0 to 1. */
export interface ThreadReport {
  /** From the first measured start to the last measured end. */
  windowMs: number;
  /** Probes at random instants: each was as late as bytes that came at that instant. */
  probes: number;
  /** Share of the time in which the thread was later than the limit. */
  lateShare: number;
  latenessMsP50: number;
  latenessMsP99: number;
  latenessMsMax: number;
  /** Of one core; `null` where the system does not tell. */
  cpuShare: number | null;
  /** Time outside of waiting for input: CPU, and whatever kept the thread from it. */
  loopShare: number;
  /** Ready to run, while another had the core; `null` where the system does not tell. */
  waitedShare: number | null;
  gcPauses: number;
  gcMs: number;
  gcMsMax: number;
  /** Reads of bodies, and those stamped in or right after a late turn. */
  reads: number;
  lateReads: number;
  scheduleDelayMsP99: number;
  scheduleDelayMsMax: number;
}

/**
 * Means; the instants themselves are random, or a regular hindrance could slip between them. To wake
 * a thread costs up to 0.1 ms of CPU on a virtual machine: a hundred a second come to 1 %.
 */
const PROBE_EVERY_MS = 10;
/** While something is amiss, to see how much. */
const PROBE_ALERT_EVERY_MS = 5;
const ALERT_FOR_MS = 500;
/** A thread that uses so much of a core is awake anyway, and more likely to be late. */
const BUSY_SHARE = 0.3;
/** Timers are whole milliseconds: what they are late by nature, from 0 to 1 ms, in the middle. */
const TIMER_LATE_MS = 0.5;
/** How much the latest stretch counts for in what the thread is taken to use. */
const SMOOTHING = 0.1;

/**
 * Watches the thread it runs in. Timers at random instants are its probes: a byte that arrived when
 * one was due would have been stamped as late as the probe came. Where a turn of the loop outlasts
 * the next probes, these count as well, so that lateness is weighted by time.
 */
export class ThreadWatch {
  readonly #lateMs: number;
  readonly #spans = new LateSpans();
  readonly #clock = ThreadClock.open();
  readonly #gc: PerformanceObserver;
  /** What `performance.now()` has to be moved by to be on the run's clock. */
  readonly #offsetMs: number;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = 0;
  #everyMs = PROBE_EVERY_MS;
  #busyShare = 0;
  /** When a probe was last late, or the thread had to wait for its core. */
  #amissMs = -Infinity;
  /** The thread's times at the latest probe. */
  #seen = { atMs: 0, cpuMs: 0, waitedMs: 0 };
  #inFlight = 0;
  #window: Window | null = null;
  #report: ThreadReport | null = null;

  constructor(lateMs: number, runOriginNs: bigint) {
    this.#lateMs = lateMs;
    this.#offsetMs = Number(process.hrtime.bigint() - runOriginNs) / 1e6 - performance.now();
    this.#gc = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#window?.collected(duration);
    });
  }

  begin(): void {
    this.#gc.observe({ entryTypes: ['gc'] });
    this.#seen = { ...this.#seen, ...this.#clock?.read(), atMs: performance.now() };
    this.#arm();
  }

  /** A request is about to be sent. */
  sending(measured: boolean): void {
    if (!measured) return;
    this.#inFlight += 1;
    this.#window ??= new Window(this.#lateMs, this.#clock?.read() ?? null);
  }

  /** A request has ended: its late instants go into the tape. */
  ended(tape: Tape, measured: boolean): Tape {
    const lateMoments = this.#lateMoments(tape);
    if (measured) {
      const lateReads = lateMoments.filter(([atMs]) => atMs > 0).length;
      this.#window?.took(tape, lateReads);
      this.#inFlight -= 1;
      // The window ends with the last measured request; which that is, nobody knows yet.
      if (this.#inFlight === 0) {
        this.#takeOverdue();
        this.#report = this.#window?.report(this.#clock?.read() ?? null) ?? null;
      }
    }
    return { ...tape, lateMoments };
  }

  /** @returns `null` where nothing was measured */
  end(): ThreadReport | null {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#gc.disconnect();
    this.#clock?.close();
    return this.#report;
  }

  #arm(): void {
    this.#everyMs = this.#isAlert() ? PROBE_ALERT_EVERY_MS : PROBE_EVERY_MS;
    const waitMs = 1 + Math.floor(Math.random() * (2 * this.#everyMs - 1));
    const dueMs = performance.now() + waitMs + TIMER_LATE_MS;
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      if (performance.now() >= this.#dueMs) this.#takeOverdue();
      // On time; unless the end of the window has taken it.
      else if (this.#dueMs === dueMs) this.#window?.probed(0, this.#everyMs);
      this.#arm();
    }, waitMs);
  }

  #isAlert(): boolean {
    const nowMs = performance.now();
    const spanMs = nowMs - this.#seen.atMs;
    const times = this.#clock?.read();
    if (spanMs >= 1 && times) {
      this.#busyShare += SMOOTHING * ((times.cpuMs - this.#seen.cpuMs) / spanMs - this.#busyShare);
      if (times.waitedMs - this.#seen.waitedMs > this.#lateMs) this.#amissMs = nowMs;
      this.#seen = { atMs: nowMs, ...times };
    }
    return this.#busyShare > BUSY_SHARE || nowMs - this.#amissMs < ALERT_FOR_MS;
  }

  /** Takes the probe that is overdue, if one is, and those that would have been since. */
  #takeOverdue(): void {
    const nowMs = performance.now();
    const dueMs = this.#dueMs;
    for (; this.#dueMs <= nowMs; this.#dueMs += this.#everyMs) {
      this.#window?.probed(nowMs - this.#dueMs, this.#everyMs);
    }
    if (nowMs - dueMs <= this.#lateMs) return;
    this.#spans.add(dueMs, nowMs);
    this.#amissMs = nowMs;
  }

  #lateMoments({ startedMs, connectedMs, headersMs, arrivalsMs }: Tape): [number, number][] {
    const originMs = startedMs - this.#offsetMs;
    const lastMs = arrivalsMs.at(-1) ?? headersMs ?? connectedMs ?? 0;
    const spans = this.#spans.within(originMs, originMs + lastMs);
    // A probe that is overdue now has its turn after whoever calls.
    const nowMs = performance.now();
    if (nowMs - this.#dueMs > this.#lateMs) spans.push({ fromMs: this.#dueMs, toMs: nowMs });
    if (spans.length === 0) return [];
    const moments: [number, number][] = [];
    // From the start until the request is on its way, whatever holds the thread up delays it.
    const sentMs = originMs + (connectedMs ?? 0);
    const heldMs = Math.max(
      0,
      ...spans
        .filter(({ fromMs }) => fromMs <= sentMs)
        .map(({ fromMs, toMs }) => toMs - Math.max(fromMs, originMs)),
    );
    if (heldMs > this.#lateMs) moments.push([0, heldMs]);
    for (const atMs of arrivalsMs) {
      const lateMs = latenessAt(originMs + atMs, spans);
      if (lateMs > this.#lateMs) moments.push([atMs, lateMs]);
    }
    return moments;
  }
}

/** What is counted from the first measured start on. */
class Window {
  readonly #lateMs: number;
  readonly #startedMs = performance.now();
  readonly #times: ThreadTimes | null;
  readonly #loop: EventLoopUtilization = performance.eventLoopUtilization();
  readonly #lateness = new WaitHistogram();
  readonly #scheduleDelay = new WaitHistogram();
  #probes = 0;
  #probedMs = 0;
  #lateForMs = 0;
  #gcPauses = 0;
  #gcMs = 0;
  #gcMsMax = 0;
  #reads = 0;
  #lateReads = 0;

  constructor(lateMs: number, times: ThreadTimes | null) {
    this.#lateMs = lateMs;
    this.#times = times;
  }

  /** @param spanMs the stretch of time that the probe stands for */
  probed(lateMs: number, spanMs: number): void {
    this.#probes += 1;
    this.#probedMs += spanMs;
    this.#lateness.add(lateMs, spanMs);
    if (lateMs > this.#lateMs) this.#lateForMs += spanMs;
  }

  collected(durationMs: number): void {
    this.#gcPauses += 1;
    this.#gcMs += durationMs;
    this.#gcMsMax = Math.max(this.#gcMsMax, durationMs);
  }

  took(tape: Tape, lateReads: number): void {
    this.#scheduleDelay.add(-tape.scheduledMs);
    this.#reads += tape.arrivalsMs.length;
    this.#lateReads += lateReads;
  }

  /** The window as if it ended now. */
  report(times: ThreadTimes | null): ThreadReport {
    const windowMs = performance.now() - this.#startedMs;
    const since = (of: keyof ThreadTimes): number | null =>
      times === null || this.#times === null ? null : (times[of] - this.#times[of]) / windowMs;
    return {
      windowMs,
      probes: this.#probes,
      lateShare: this.#probes === 0 ? 0 : this.#lateForMs / this.#probedMs,
      latenessMsP50: this.#lateness.quantileMs(0.5),
      latenessMsP99: this.#lateness.quantileMs(0.99),
      latenessMsMax: this.#lateness.maxMs,
      cpuShare: since('cpuMs'),
      loopShare: performance.eventLoopUtilization(this.#loop).utilization,
      waitedShare: since('waitedMs'),
      gcPauses: this.#gcPauses,
      gcMs: this.#gcMs,
      gcMsMax: this.#gcMsMax,
      reads: this.#reads,
      lateReads: this.#lateReads,
      scheduleDelayMsP99: this.#scheduleDelay.quantileMs(0.99),
      scheduleDelayMsMax: this.#scheduleDelay.maxMs,
    };
  }
}
