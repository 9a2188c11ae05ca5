import { type Due, DueQueue } from './due-queue.ts';

/** What one turn of the loop writes at most, so that requests are read in between. */
const WRITES_PER_TURN = 64;
/** Node's timers are whole milliseconds and up to one late: nearer instants are slept for. */
const TIMER_FROM_MS = 3;
/** How long one sleep keeps the loop from reading. */
const SLEEP_MOST_MS = 1;

/** One stream, as the pacer sees it. */
export interface PacedStream extends Due {
  /** Does what is due, and moves `dueMs`; `blocked` where the socket takes no more. */
  send(nowMs: number): 'again' | 'blocked' | 'done';
  /** Whether a blocked one can go on. */
  readonly writable: boolean;
}

/**
 * Calls streams when they are due, to a fraction of a millisecond and without burning a core.
 * Node's own timers cannot: so where the next instant is near, the thread sleeps in the kernel
 * (`Atomics.wait`) between two turns of the event loop.
 */
export class Pacer {
  readonly #queue = new DueQueue<PacedStream>();
  readonly #grainMs: number;
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  readonly #onTurn = (): void => this.#turn();
  #blocked: PacedStream[] = [];
  #timer: NodeJS.Timeout | null = null;
  #turning = false;

  /** @param grainMs no sleep is shorter: what falls due within it is sent together */
  constructor(grainMs: number) {
    this.#grainMs = grainMs;
  }

  add(stream: PacedStream): void {
    this.#queue.add(stream);
    if (this.#turning) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#turning = true;
    setImmediate(this.#onTurn);
  }

  #turn(): void {
    this.#resumeBlocked();
    const queue = this.#queue;
    let nowMs = performance.now();
    for (let writes = 0; writes < WRITES_PER_TURN; writes++) {
      const stream = queue.first;
      if (stream === undefined || stream.dueMs > nowMs) break;
      const then = stream.send(nowMs);
      if (then === 'again') {
        queue.moveFirst();
      } else {
        queue.removeFirst();
        if (then === 'blocked') this.#blocked.push(stream);
      }
      nowMs = performance.now();
    }
    this.#rest(nowMs);
  }

  #rest(nowMs: number): void {
    const next = this.#queue.first;
    const waitMs = next === undefined ? Infinity : next.dueMs - nowMs;
    if (waitMs >= TIMER_FROM_MS) {
      this.#turning = false;
      const sleepMs = this.#blocked.length > 0 ? 1 : waitMs - (TIMER_FROM_MS - 1);
      if (sleepMs === Infinity) return;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#turning = true;
        this.#turn();
      }, sleepMs);
      return;
    }
    if (waitMs > 0) {
      const sleepMs = Math.min(Math.max(waitMs, this.#grainMs), SLEEP_MOST_MS);
      Atomics.wait(this.#cell, 0, 0, sleepMs);
    }
    setImmediate(this.#onTurn);
  }

  #resumeBlocked(): void {
    if (this.#blocked.length === 0) return;
    const blocked = this.#blocked;
    this.#blocked = [];
    for (const stream of blocked) {
      if (stream.writable) this.#queue.add(stream);
      else this.#blocked.push(stream);
    }
  }
}
