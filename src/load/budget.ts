import type { UnsentReason } from './protocol.ts';

export interface BudgetLimits {
  costUsd: number | null;
  outputTokens: number | null;
}

/** What one request may cost at most. */
export interface Reservation {
  costUpperUsd: number | null;
  outputTokensUpper: number | null;
}

/**
 * Money and tokens of a run. A request is let through only if the limit would hold even were every
 * request in flight to cost its upper estimate; else it waits for one to end, and when none is in
 * flight any more, the budget is spent.
 */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #reserved = new Map<string, Reservation>();
  #spentUsd = 0;
  #spentTokens = 0;
  /** What a request without an upper estimate is taken for: the longest answer so far. */
  #longestAnswerTokens = 1;
  #waiting: (() => void)[] = [];

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** @returns the limit in the way, or `null` once the request may be sent (and is reserved) */
  async reserve(requestId: string, upper: Reservation): Promise<UnsentReason | null> {
    for (;;) {
      const obstacle = this.#obstacle(upper);
      if (obstacle === null) {
        this.#reserved.set(requestId, upper);
        return null;
      }
      if (this.#reserved.size === 0) return obstacle;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Replaces the reservation by what it came to. */
  settle(requestId: string, costUsd: number, outputTokens: number): void {
    this.#reserved.delete(requestId);
    this.#spentUsd += costUsd;
    this.#spentTokens += outputTokens;
    this.#longestAnswerTokens = Math.max(this.#longestAnswerTokens, outputTokens);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #obstacle(upper: Reservation): UnsentReason | null {
    const { costUsd, outputTokens } = this.#limits;
    if (costUsd !== null) {
      const reserved = this.#sum((one) => one.costUpperUsd);
      if (this.#spentUsd + reserved + (upper.costUpperUsd ?? 0) > costUsd) return 'max_cost';
    }
    if (outputTokens !== null) {
      const upperOf = (one: Reservation) => one.outputTokensUpper ?? this.#longestAnswerTokens;
      const reserved = this.#sum(upperOf);
      if (this.#spentTokens + reserved + upperOf(upper) > outputTokens) return 'max_tokens';
    }
    return null;
  }

  #sum(of: (reservation: Reservation) => number | null): number {
    let sum = 0;
    for (const reservation of this.#reserved.values()) sum += of(reservation) ?? 0;
    return sum;
  }
}
