import type { Random } from '../random.ts';
import type { Latency } from './profiles.ts';

/** Prompt tokens that one step takes in at most: long prompts are cut, so that others go on. */
const PREFILL_TOKENS_PER_STEP = 2048;

/** What an engine is asked to do. */
export interface Work {
  promptTokens: number;
  /** ≥ 1. */
  outputTokens: number;
}

/** Told of each token: the work, how many it has by now, and the instant the model made it. */
export type OnToken<W> = (work: W, tokensMade: number, atMs: number) => void;

interface Slot<W> {
  work: W;
  promptTokensLeft: number;
  tokensMade: number;
  cancelled: boolean;
}

/**
 * Continuous batching as a pure model: no clock, no timer, no I/O. Time passes in steps. A step
 * gives every running stream one token and takes in prompts, at most 2,048 tokens of them; it lasts
 * a decode step of that batch plus the prefill, so a long prompt makes its neighbours stall.
 * The first token comes with the step that ends a prompt. Instants are on the caller's clock, and
 * steps follow each other without a gap, however late the caller asks.
 */
export class Engine<W extends Work> {
  readonly #latency: Latency;
  readonly #random: Random;
  /** Ascending by `readyMs`. */
  readonly #queue: { work: W; readyMs: number }[] = [];
  #batch: Slot<W>[] = [];
  #stepEndMs: number | undefined;

  constructor(latency: Latency, random: Random) {
    this.#latency = latency;
    this.#random = random;
  }

  get running(): number {
    return this.#batch.length;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** When `advance` next has something to do; `undefined` while idle. */
  get nextAtMs(): number | undefined {
    return this.#stepEndMs ?? this.#queue[0]?.readyMs;
  }

  submit(work: W, nowMs: number): void {
    const readyMs = nowMs + this.#jittered(this.#latency.overheadMs);
    const later = this.#queue.findIndex((entry) => entry.readyMs > readyMs);
    this.#queue.splice(later === -1 ? this.#queue.length : later, 0, { work, readyMs });
  }

  /** Takes the work out of the queue or frees its slot; does nothing where it has ended. */
  cancel(work: W): void {
    const queued = this.#queue.findIndex((entry) => entry.work === work);
    if (queued !== -1) this.#queue.splice(queued, 1);
    const slot = this.#batch.find((entry) => entry.work === work);
    if (slot) {
      slot.cancelled = true;
      this.#batch = this.#batch.filter((entry) => entry !== slot);
    }
  }

  /** Ends every step that is over by `nowMs`, in order. */
  advance(nowMs: number, onToken: OnToken<W>): void {
    for (let atMs = this.nextAtMs; atMs !== undefined && atMs <= nowMs; atMs = this.nextAtMs) {
      if (this.#stepEndMs !== undefined) this.#endStep(atMs, onToken);
      this.#startStep(atMs);
    }
  }

  #startStep(atMs: number): void {
    let prefillMs = 0;
    const decoding = this.#batch.reduce((n, slot) => n + (slot.promptTokensLeft > 0 ? 0 : 1), 0);
    while (
      this.#batch.length < this.#latency.maxBatch &&
      this.#queue[0] !== undefined &&
      this.#queue[0].readyMs <= atMs
    ) {
      const { work } = this.#queue.shift() as { work: W };
      // A prompt has a token at least, so that every stream passes through prefill.
      const promptTokensLeft = Math.max(1, work.promptTokens);
      this.#batch.push({ work, promptTokensLeft, tokensMade: 0, cancelled: false });
      prefillMs += this.#latency.prefillBaseMs;
    }
    if (this.#batch.length === 0) {
      this.#stepEndMs = undefined;
      return;
    }
    prefillMs += (this.#takePromptsIn() / 1000) * this.#latency.prefillMsPer1kTokens;
    const { decodeMs, slowdownPerStream } = this.#latency;
    const batchMs = decoding === 0 ? 0 : decodeMs * (1 + slowdownPerStream * (decoding - 1));
    this.#stepEndMs = atMs + this.#jittered(prefillMs + batchMs);
  }

  /** Spends the step's prefill budget, first come first served; returns the tokens taken in. */
  #takePromptsIn(): number {
    let budget = PREFILL_TOKENS_PER_STEP;
    for (const slot of this.#batch) {
      if (slot.promptTokensLeft <= 0) continue;
      const taken = Math.min(budget, slot.promptTokensLeft);
      slot.promptTokensLeft -= taken;
      budget -= taken;
      if (budget === 0) break;
    }
    return PREFILL_TOKENS_PER_STEP - budget;
  }

  #endStep(atMs: number, onToken: OnToken<W>): void {
    for (const slot of this.#batch) {
      // A listener may have cancelled a neighbour.
      if (slot.promptTokensLeft > 0 || slot.cancelled) continue;
      slot.tokensMade++;
      onToken(slot.work, slot.tokensMade, atMs);
    }
    this.#batch = this.#batch.filter((slot) => slot.tokensMade < slot.work.outputTokens);
  }

  /** Lognormal with mean 1 times `ms`. */
  #jittered(ms: number): number {
    const sigma = this.#latency.jitterSigma;
    return sigma === 0 ? ms : ms * Math.exp(sigma * this.#random.normal() - sigma ** 2 / 2);
  }
}
