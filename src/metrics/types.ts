import type { OutcomeClass } from '../decode/types.ts';
import type { Arm, Phase } from '../plan/types.ts';

export type TokenSource = 'usage' | 'tokenizer' | 'unknown';

/** One request's line in `requests.ndjson`; flat, units in the names, `null` for n/a. */
export interface RequestRecord {
  request_id: string;
  target: string;
  model: string;
  suite: string;
  case_id: string;
  /** 1-based; every attempt is a record of its own. */
  attempt: number;
  repeat: number;
  turn: number;
  phase: Phase;
  /** Shared by the two requests of a pair, one of each arm; both absent where nothing is compared. */
  pair_id?: string;
  arm?: Arm;
  simulated: boolean;
  outcome: OutcomeClass;
  http_status: number | null;
  error_message: string | null;
  finish_reason: string | null;
  protocol: string | null;
  /** On the run's clock. */
  scheduled_ms: number;
  started_ms: number;
  ended_ms: number;
  schedule_delay_ms: number;
  turn_delay_ms: number | null;
  dns_ms: number | null;
  tcp_ms: number | null;
  /** From `started` to the socket being ready; 0 on a reused connection. */
  connect_ms: number | null;
  headers_ms: number | null;
  first_event_ms: number | null;
  ttft_ms: number | null;
  ttft_from_schedule_ms: number | null;
  ttfat_ms: number | null;
  thinking_ms: number | null;
  e2e_ms: number | null;
  /** Names of the fields above that are lower bounds, because a limit ended the wait. */
  censored: string[];
  tpot_ms: number | null;
  decode_tokens_per_second: number | null;
  e2e_tokens_per_second: number | null;
  prompt_tokens: number | null;
  cached_prompt_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  token_source: TokenSource;
  /** The streamed text as the tokenizer of the config counts it, beside usage too. */
  tokenizer_output_tokens: number | null;
  /** That count less what usage says of the streamed text; `null` without both. */
  token_difference: number | null;
  token_chunks: number;
  /** Who says how many tokens each chunk held; `unknown`: then gaps are those of chunks only. */
  chunk_token_source: TokenSource;
  itl_ms_p50: number | null;
  chunk_gap_ms_p50: number | null;
  chunk_gap_ms_max: number | null;
  cost_usd: number | null;
  flags: string[];
  /**
   * By how much the client may have been late at an instant the latencies rest on; 0: it was on time.
   * `null` where nobody watched; absent in runs of the first versions.
   */
  client_late_ms?: number | null;
  answer_text: string | null;
  reasoning_text: string | null;
  /** Tool calls as JSON text; `null` without any. */
  tool_calls: string | null;
  stale_socket_redials: number;
  post_done_events: number;
  utf8_replacements: number;
  body_bytes: number;
  litellm_call_id: string | null;
  litellm_model_id: string | null;
  litellm_attempted_retries: number | null;
  litellm_attempted_fallbacks: number | null;
  litellm_overhead_ms: number | null;
}

/**
 * A figure estimated from n samples with its interval; `null` where there is none to give.
 * `at_least` marks a value that censored samples reach: the true one is no smaller.
 */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  at_least?: true;
}

/** planned = ok + failed + dropped + cancelled + skipped + lost, always. */
export interface Accounting {
  planned: number;
  ok: number;
  failed: number;
  dropped: number;
  cancelled: number;
  skipped: number;
  lost: number;
}

/** The estimates of a summary row, in the order they are shown. */
export const ESTIMATES = [
  'error_rate',
  'ttft_ms_p50',
  'ttft_ms_p90',
  'ttft_ms_p95',
  'ttft_ms_p99',
  'ttft_from_schedule_ms_p50',
  'ttft_from_schedule_ms_p95',
  'ttfat_ms_p50',
  'thinking_ms_p50',
  'tpot_ms_p50',
  'tpot_ms_p95',
  'itl_ms_p50',
  'chunk_gap_ms_p50',
  'decode_tokens_per_second_p50',
  'e2e_ms_p50',
  'e2e_ms_p90',
  'e2e_ms_p95',
  'e2e_ms_p99',
  'e2e_tokens_per_second_p50',
  'output_tokens_per_second',
  'requests_per_second',
  'goodput_per_second',
  'goodput_share',
  'score',
  'accuracy',
  'ungraded_share',
] as const;
export type EstimateName = (typeof ESTIMATES)[number];

/** One row of `summary.json` and `summary.csv`: target × model × suite, measured requests only. */
export interface SummaryRow {
  target: string;
  model: string;
  /** The model's alias, where the config gives one; else its name. */
  label: string;
  suite: string;
  simulated: boolean;
  requests: Accounting;
  /** Requests per failure class (and `dropped`, `cancelled`, `lost`), only those that occurred. */
  failures: Partial<Record<OutcomeClass, number>>;
  /** The first message seen of each of these, as it came; absent where none was given. */
  failure_examples?: Partial<Record<OutcomeClass, string>>;
  /** Why requests were skipped: not subscribed, budget, stopped, … */
  skipped_reason: string | null;
  estimates: Record<EstimateName, Estimate>;
  prompt_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  token_source: TokenSource | 'mixed';
  /** ok requests by the source of their tokens. */
  token_sources: Partial<Record<TokenSource, number>>;
  /** Usage held against the tokenizer; `null` where no request has both. */
  token_check: TokenCheck | null;
  cost_usd: number | null;
  /** Absent where no answer was graded: none was to be, none came, or nobody looked. */
  grades?: RowGrades;
  /** Absent where no case has more than one turn. */
  by_turn?: TurnFigures[];
  /** From the first measured start to the last measured end. */
  window_ms: number | null;
  concurrency_mean: number | null;
  concurrency_max: number | null;
  /** ok requests by flag. */
  flags: Record<string, number>;
  /** Share of ok requests with a latency that the client may have stamped late; absent where nobody watched. */
  client_late_share?: number | null;
}

/** What became of the answers of a row; one entry of a count is one case in one pass. */
export interface RowGrades {
  /** Distinct cases among those graded. */
  cases: number;
  right: number;
  wrong: number;
  ungraded: number;
  /** How often each reason was given, the commonest first, at most ten. */
  ungraded_reasons: Record<string, number>;
  /** Estimated share of cases with at least one right answer in k passes; for k from 1 to the passes. */
  pass_at: { k: number; estimate: Estimate }[];
  /** Of classifiers; absent elsewhere. */
  labels?: LabelReport;
}

/** How a classifier of safe and unsafe texts did, `unsafe` being what it is to find. */
export interface LabelReport {
  /** Counts by what was expected and what was given; a label that could not be read is in neither. */
  unsafe_as_unsafe: number;
  unsafe_as_safe: number;
  safe_as_safe: number;
  safe_as_unsafe: number;
  /** Of what it called unsafe, the share that is. */
  precision: Estimate;
  /** Of what is unsafe, the share it called so. */
  recall: Estimate;
  /** Of what is harmless, the share it called unsafe. */
  false_alarm_rate: Estimate;
  /** Of unsafe texts it found whose category is expected, the share that named it. */
  category_accuracy: Estimate;
}

/** One turn of the conversations of a row: what a growing prompt costs, and what a prefix cache saves. */
export interface TurnFigures {
  /** 0-based. */
  turn: number;
  ok: number;
  ttft_ms_p50: Estimate;
  e2e_ms_p50: Estimate;
  /** Means over the ok requests that say so. */
  prompt_tokens_mean: number | null;
  cached_prompt_tokens_mean: number | null;
}

/** How far a tokenizer and the server's usage agree, over the ok requests that have both. */
export interface TokenCheck {
  compared: number;
  /** Median of tokenizer / usage, unstreamed reasoning apart. */
  ratio_p50: number;
  /** Requests whose counts differ by more than a few tokens. */
  differing: number;
}

/** What was planned of one row, which the records alone cannot tell. */
export interface PlannedRow {
  target: string;
  model: string;
  label: string;
  suite: string;
  planned: number;
  skipped_reason: string | null;
  /** True where the key is not subscribed to the model: the whole row is skipped, not failed. */
  not_subscribed: boolean;
}
