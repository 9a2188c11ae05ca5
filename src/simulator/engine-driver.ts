import type { Engine, OnToken, Work } from './batching.ts';

/** Monotonic time and one-shot timers, so that a test can hold the clock. */
export interface DriverClock {
  nowMs(): number;
  /** Calls back once, `delayMs` or more from now; returns how to call it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: DriverClock = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    // Timers cut fractions off, which would wake the engine before its step is over.
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

/**
 * Runs an engine against a clock with a single timer, however many streams it holds. A timer that
 * comes late costs lateness, never drift: all steps that are over by then are taken at once.
 */
export class EngineDriver<W extends Work> {
  readonly engine: Engine<W>;
  readonly #clock: DriverClock;
  readonly #onToken: OnToken<W>;
  #callOff: (() => void) | undefined;
  #armedForMs = Number.POSITIVE_INFINITY;

  constructor(engine: Engine<W>, clock: DriverClock, onToken: OnToken<W>) {
    this.engine = engine;
    this.#clock = clock;
    this.#onToken = onToken;
  }

  submit(work: W): void {
    this.engine.submit(work, this.#clock.nowMs());
    this.#arm();
  }

  /** The timer stays armed: at worst it wakes an engine with nothing to do. */
  cancel(work: W): void {
    this.engine.cancel(work);
  }

  close(): void {
    this.#callOff?.();
    this.#armedForMs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    const nextAtMs = this.engine.nextAtMs;
    if (nextAtMs === undefined || nextAtMs >= this.#armedForMs) return;
    this.#callOff?.();
    this.#armedForMs = nextAtMs;
    const delayMs = Math.max(0, nextAtMs - this.#clock.nowMs());
    this.#callOff = this.#clock.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    this.#armedForMs = Number.POSITIVE_INFINITY;
    this.engine.advance(this.#clock.nowMs(), this.#onToken);
    this.#arm();
  }
}
