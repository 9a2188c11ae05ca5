import type { QuantileRule } from './quantiles.ts';
import type { Span } from './span.ts';

/** One reply as a client of another tool would have got it: its bytes, when they came, how it ended. */
export interface Reply {
  status: number | null;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** After content decoding; one entry per read, ascending, from the start of the request. */
  reads: { atMs: number; bytes: Uint8Array }[];
  endMs: number;
  /** The body ended as its framing says; a client that reads on after `[DONE]` sees no error. */
  whole: boolean;
  /** `max_completion_tokens` or `max_tokens` of the request. */
  requestedTokens: number | null;
  /**
   * Tokens of a text by the model's own tokenizer, none added, as most tools would load it; `null` where
   * it is not to be had.
   */
  countTokens: ((text: string) => number) | null;
}

/** What a tool makes of a reply that it counts as a success. */
export interface Success {
  kind: 'ok';
  /** `null` where the tool gives this reply none. */
  ttftMs: number | null;
  tpotMs: number | null;
  /** One value of the whole reply, or one per gap, as the tool has it. */
  itlMs: readonly number[];
  /** How much this reply's values weigh in the distributions; 1 for most tools. */
  weights?: { tpot: number; itl: number };
  /** `null` where only a tokenizer could tell. */
  outputTokens: number | null;
  /** The tokens that its throughput counts, where they are others. */
  ratedTokens?: number | null;
  /** A figure above is `null` for want of a tokenizer that the tool would have. */
  lacksTokenizer: boolean;
  span: Span;
}

/**
 * `failed`: the tool counts a failure. `lost`: an error that it does not expect ends its handling of
 * the reply, which is then in neither of its counts.
 */
export type Reading = Success | { kind: 'failed' | 'lost'; span: Span };

/** Another tool's rules: what it makes of one reply, and how it sums replies up. */
export interface Definition {
  name: string;
  /** As its users call it. */
  title: string;
  /** Whether it has a figure under this name at all. */
  has: { tpot: boolean; itl: boolean };
  quantile: QuantileRule;
  /** What it does with a tokenizer that is not to be had here; `null` where it needs none. */
  tokenizer: string | null;
  /** How a failed request stretches the tool's duration. */
  failedSpan(reply: Reply): Span;
  /** @throws Raised where the tool's own code would raise, which it counts as a failure */
  read(reply: Reply): Reading;
}
