/** Buckets grow by 5 % each, so that no quantile is off by more. */
const GROWTH = Math.log(1.05);
const LEAST_MS = 0.05;
const BUCKETS = 300;

/**
 * Waits in milliseconds, each with a weight, in buckets that grow by 5 %: as small for a day as for a
 * second. A quantile is the upper edge of its bucket, so it is never understated.
 */
export class WaitHistogram {
  readonly #weights = new Float64Array(BUCKETS);
  #total = 0;
  #maxMs = 0;

  get maxMs(): number {
    return this.#maxMs;
  }

  add(waitMs: number, weight = 1): void {
    const bucket = Math.ceil(Math.log(waitMs / LEAST_MS) / GROWTH);
    const index = Math.min(Math.max(bucket, 0), BUCKETS - 1) || 0;
    this.#weights[index] = (this.#weights[index] ?? 0) + weight;
    this.#total += weight;
    this.#maxMs = Math.max(this.#maxMs, waitMs);
  }

  /** @returns the least edge that a share `p` of the weight does not pass; 0 where there is none */
  quantileMs(p: number): number {
    let seen = 0;
    for (const [index, weight] of this.#weights.entries()) {
      seen += weight;
      if (weight > 0 && seen >= p * this.#total) {
        return Math.min(LEAST_MS * Math.exp(GROWTH * index), this.#maxMs);
      }
    }
    return 0;
  }
}

export interface LateSpan {
  fromMs: number;
  toMs: number;
}

/** As many are kept: more than a run can have between two of its requests without being useless. */
const SPANS_MOST = 65_536;

/**
 * Spans of time in which the thread could not stamp at once: what came within one of them was
 * stamped late, by no more than the span had lasted by then.
 */
export class LateSpans {
  readonly #spans: LateSpan[] = [];

  /** @param toMs no earlier than that of the span before */
  add(fromMs: number, toMs: number): void {
    this.#spans.push({ fromMs, toMs });
    if (this.#spans.length > SPANS_MOST) this.#spans.splice(0, SPANS_MOST / 2);
  }

  /** Spans that reach into a stretch of time, the earliest first. */
  within(fromMs: number, toMs: number): LateSpan[] {
    const found: LateSpan[] = [];
    for (let index = this.#spans.length - 1; index >= 0; index--) {
      const span = this.#spans[index];
      if (span === undefined || span.toMs < fromMs) break;
      if (span.fromMs <= toMs) found.push(span);
    }
    return found.reverse();
  }
}

/** What is stamped in the turn of the loop after a late one came while that one lasted. */
const SAME_TURN_MS = 1;

/**
 * By how much a stamp may be late.
 * @param spans as `LateSpans.within` gives them
 * @returns 0 where the thread was on time
 */
export function latenessAt(instantMs: number, spans: readonly LateSpan[]): number {
  let lateMs = 0;
  for (const { fromMs, toMs } of spans) {
    if (instantMs <= fromMs || instantMs > toMs + SAME_TURN_MS) continue;
    lateMs = Math.max(lateMs, Math.min(instantMs, toMs) - fromMs);
  }
  return lateMs;
}
