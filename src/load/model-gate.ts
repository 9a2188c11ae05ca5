/**
 * Whether a model may be sent to. Its first request goes alone until its status is known: a key that
 * does not open the model then costs one request, not as many as there are slots.
 */
export class ModelGate {
  /** Resolves once the first request's status is known. */
  readonly decided: Promise<void>;
  #state: 'unknown' | 'open' | 'refused' | 'skipped' = 'unknown';
  #resolve: () => void = () => {};

  constructor() {
    this.decided = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Why nothing more may be sent to it; `null` while something may. */
  get closed(): 'refused' | 'skipped' | null {
    return this.#state === 'refused' || this.#state === 'skipped' ? this.#state : null;
  }

  get undecided(): boolean {
    return this.#state === 'unknown';
  }

  open(): void {
    if (this.#state === 'unknown') this.#state = 'open';
    this.#resolve();
  }

  close(reason: 'refused' | 'skipped'): void {
    this.#state = reason;
    this.#resolve();
  }
}

/** LiteLLM answers 400 where others say 403 or 404. */
const INVALID_MODEL = /invalid model name/i;

/** True where the answer means that this key does not open this model. */
export function isRefusal(status: number | null, body: Uint8Array): boolean {
  if (status === 401 || status === 403 || status === 404) return true;
  return status === 400 && INVALID_MODEL.test(Buffer.from(body.subarray(0, 4096)).toString('utf8'));
}
