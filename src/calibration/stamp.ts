/** Width of an instant in a chunk: nanoseconds of the monotonic clock, with leading zeros. */
export const STAMP_DIGITS = 19;
const NS_DIGITS = 9;
const ZERO = '0'.charCodeAt(0);

/**
 * Writes instants of the monotonic clock (that of `process.hrtime.bigint()`, which is
 * CLOCK_MONOTONIC on Linux) as digits, without a BigInt or a string for each.
 */
export class MonotonicStamper {
  /** What `performance.now()` has to be moved by, as whole seconds and nanoseconds. */
  readonly #offsetSeconds: number;
  readonly #offsetNs: number;

  constructor() {
    const offsetNs = clockOffsetNs();
    this.#offsetSeconds = Number(offsetNs / 1_000_000_000n);
    this.#offsetNs = Number(offsetNs % 1_000_000_000n);
  }

  /**
   * @param nowMs an instant of `performance.now()`
   * @param target gets `STAMP_DIGITS` digits from `at` on
   */
  write(nowMs: number, target: Uint8Array, at: number): void {
    let seconds = Math.floor(nowMs / 1000);
    let ns = Math.round((nowMs - seconds * 1000) * 1e6) + this.#offsetNs;
    seconds += this.#offsetSeconds + Math.floor(ns / 1e9);
    ns %= 1e9;
    writeDigits(seconds, STAMP_DIGITS - NS_DIGITS, target, at);
    writeDigits(ns, NS_DIGITS, target, at + STAMP_DIGITS - NS_DIGITS);
  }
}

/** The same instant on both clocks, the tightest of several tries. */
function clockOffsetNs(): bigint {
  let offsetNs = 0n;
  let tightestMs = Infinity;
  for (let attempt = 0; attempt < 50; attempt++) {
    const before = performance.now();
    const ns = process.hrtime.bigint();
    const after = performance.now();
    if (after - before >= tightestMs) continue;
    tightestMs = after - before;
    offsetNs = ns - BigInt(Math.round(((before + after) / 2) * 1e6));
  }
  return offsetNs;
}

function writeDigits(value: number, digits: number, target: Uint8Array, at: number): void {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place--) {
    const next = Math.floor(rest / 10);
    target[place] = ZERO + rest - next * 10;
    rest = next;
  }
}
