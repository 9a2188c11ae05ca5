/** One completion request as the simulator saw it. */
export interface SimulatedRequest {
  /** The reply's id (`chatcmpl-…`). */
  id: string;
  model: string;
  /** Of its prompt; `null` without one. */
  nonce: string | null;
  /** Messages of the user before the last: 0 in the first turn of a conversation. */
  turn: number;
  status: number | null;
  prompt_tokens: number;
  /** Sent, which is fewer than planned where the client left or a fault cut the reply. */
  completion_tokens: number;
  fault: string | null;
  ended: 'finished' | 'aborted';
}

export interface ModelStats {
  /** Completion requests that named the model, refused ones included. */
  requests: number;
  /** Replies played to their end without a fault. */
  completions: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** Part of `completion_tokens`; counted for completions alone. */
  reasoning_tokens: number;
}

/** What `GET /stats` answers. */
export interface SimulatorStats {
  /** HTTP requests of every kind, but for those that ask for these figures. */
  requests: number;
  /** Completion requests being answered now. */
  in_flight: number;
  models: Record<string, ModelStats>;
  /** Empty unless the simulator was started with `logRequests`. */
  log: SimulatedRequest[];
}

/** Told of each completion request as it ends. */
export type OnEnded = (request: SimulatedRequest) => void;

/** Counts what the simulator was asked and what it sent. */
export class StatsKeeper {
  requests = 0;
  inFlight = 0;
  readonly #models = new Map<string, ModelStats>();
  readonly #log: SimulatedRequest[] = [];
  readonly #keepsLog: boolean;
  readonly #onEnded: OnEnded;

  constructor(keepsLog: boolean, onEnded: OnEnded) {
    this.#keepsLog = keepsLog;
    this.#onEnded = onEnded;
  }

  of(model: string): ModelStats {
    let stats = this.#models.get(model);
    if (!stats) {
      stats = {
        requests: 0,
        completions: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        reasoning_tokens: 0,
      };
      this.#models.set(model, stats);
    }
    return stats;
  }

  /** Adds a reply that has ended; `reasoningTokens` of a whole one. */
  ended(request: SimulatedRequest, reasoningTokens: number): void {
    const stats = this.of(request.model);
    stats.prompt_tokens += request.prompt_tokens;
    stats.completion_tokens += request.completion_tokens;
    if (request.ended === 'finished' && request.fault === null && request.status === 200) {
      stats.completions++;
      stats.reasoning_tokens += reasoningTokens;
    }
    if (this.#keepsLog) this.#log.push(request);
    this.#onEnded(request);
  }

  snapshot(): SimulatorStats {
    return structuredClone({
      requests: this.requests,
      in_flight: this.inFlight,
      models: Object.fromEntries(this.#models),
      log: this.#log,
    });
  }
}
