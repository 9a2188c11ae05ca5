import type { Slo } from '../config/types.ts';
import type { OutcomeClass } from '../decode/types.ts';
import { emptyTable } from '../own.ts';
import { Column } from './column.ts';
import { GradeSamples } from './grade-samples.ts';
import { PairKeys } from './pair-keys.ts';
import { Timeline } from './timeline.ts';
import { TokenChecker } from './token-check.ts';
import { TurnCounts } from './turn-counts.ts';
import type { RequestRecord, TokenSource } from './types.ts';

/** Metrics of which a row keeps every sample, for its quantiles. */
export const SAMPLED = [
  'ttft_ms',
  'ttft_from_schedule_ms',
  'ttfat_ms',
  'thinking_ms',
  'tpot_ms',
  'itl_ms_p50',
  'chunk_gap_ms_p50',
  'decode_tokens_per_second',
  'e2e_ms',
  'e2e_tokens_per_second',
] as const;
export type Sampled = (typeof SAMPLED)[number];

/** Where one chunk brought half of the answer, these would measure the proxy's buffer. */
const DISTORTED_BY_COALESCING: readonly Sampled[] = [
  'tpot_ms',
  'itl_ms_p50',
  'decode_tokens_per_second',
];

/** What the measured records of one summary row come to; takes one record at a time. */
export class RowSamples {
  /** Parallel to one another, as all columns are: one entry for each request that was sent. */
  readonly columns = Object.fromEntries(SAMPLED.map((name) => [name, new Column()])) as Record<
    Sampled,
    Column
  >;
  /** 1 where it failed, 0 where it was ok; nothing where it was cancelled. */
  readonly failures = new Column();
  /** 1 where it met every objective, 0 where it did not or failed. */
  readonly goods = new Column();
  /** Output tokens of an ok reply. */
  readonly tokens = new Column();
  /** What each was billed, whatever became of it; nothing where its model has no price. */
  readonly costs = new Column();
  readonly #starts = new Column();
  readonly #ends = new Column();
  /** Parallel to the columns: which case each is of, and which other row's request is its pair. */
  readonly keys = new PairKeys();
  readonly outcomes: Partial<Record<OutcomeClass, number>> = emptyTable();
  readonly examples: Partial<Record<OutcomeClass, string>> = emptyTable();
  readonly flags: Record<string, number> = emptyTable();
  readonly tokenSources: Partial<Record<TokenSource, number>> = emptyTable();
  readonly tokenChecker = new TokenChecker();
  readonly turns = new TurnCounts();
  /** What became of its answers, by case and pass: not parallel to the columns. */
  readonly grades = new GradeSamples();
  records = 0;
  meetingSlo = 0;
  okWithTokens = 0;
  /** ok requests of which it is known whether the client was late. */
  okWatched = 0;
  promptTokens: number | null = null;
  outputTokens: number | null = null;
  reasoningTokens: number | null = null;
  costUsd: number | null = null;
  readonly #slo: Slo;
  #timeline: Timeline | undefined;

  constructor(slo: Slo) {
    this.#slo = slo;
  }

  add(record: RequestRecord): void {
    this.#timeline = undefined;
    this.records++;
    this.outcomes[record.outcome] = this.count(record.outcome) + 1;
    this.costUsd = sum(this.costUsd, record.cost_usd);
    if (record.outcome === 'ok') this.#addOk(record);
    else if (record.error_message !== null) this.examples[record.outcome] ??= record.error_message;
    if (wasSent(record)) this.#addSent(record);
  }

  /** Its requests in the order of time; laid out once, until more are added. */
  timeline(): Timeline {
    this.#timeline ??= this.#laidOut();
    return this.#timeline;
  }

  #laidOut(): Timeline {
    const repeats = this.keys.caseCount < this.keys.count;
    return new Timeline(
      this.#starts.entries(),
      this.#ends.entries(),
      repeats ? this.keys.cases() : null,
    );
  }

  count(outcome: OutcomeClass): number {
    return this.outcomes[outcome] ?? 0;
  }

  #addOk(record: RequestRecord): void {
    for (const flag of record.flags) this.flags[flag] = (this.flags[flag] ?? 0) + 1;
    const source = record.token_source;
    this.tokenSources[source] = (this.tokenSources[source] ?? 0) + 1;
    this.tokenChecker.add(record);
    this.turns.add(record);
    if (record.output_tokens !== null) this.okWithTokens++;
    if (typeof record.client_late_ms === 'number') this.okWatched++;
    this.promptTokens = sum(this.promptTokens, record.prompt_tokens);
    this.outputTokens = sum(this.outputTokens, record.output_tokens);
    this.reasoningTokens = sum(this.reasoningTokens, record.reasoning_tokens);
    if (meetsSlo(record, this.#slo)) this.meetingSlo++;
  }

  #addSent(record: RequestRecord): void {
    const ok = record.outcome === 'ok';
    const cancelled = record.outcome === 'cancelled';
    this.#starts.push(record.started_ms);
    this.#ends.push(record.ended_ms);
    this.keys.add(record);
    this.failures.push(cancelled ? null : Number(!ok));
    this.goods.push(cancelled ? null : Number(ok && meetsSlo(record, this.#slo)));
    this.tokens.push(ok ? record.output_tokens : null);
    this.costs.push(record.cost_usd);
    if (ok) this.#sample(record);
    else this.#sampleBounds(record);
  }

  #sample(record: RequestRecord): void {
    const left = leftOutOf(record);
    for (const name of SAMPLED) this.columns[name].push(left.includes(name) ? null : record[name]);
  }

  /** Of a request that is not ok, only what its timeout says: no less than this. */
  #sampleBounds(record: RequestRecord): void {
    for (const name of SAMPLED) {
      const bound = record.censored.includes(name) ? record[name] : null;
      if (bound === null) this.columns[name].push(null);
      else this.columns[name].pushBound(bound);
    }
  }
}

/** What of an ok record says nothing of the model: of a cached reply all of it. */
export function leftOutOf({ flags }: Pick<RequestRecord, 'flags'>): readonly Sampled[] {
  if (flags.includes('cached_reply')) return SAMPLED;
  return flags.includes('coalesced') ? DISTORTED_BY_COALESCING : [];
}

/** A dropped request never started, and of a lost one nobody knows when it ended. */
function wasSent({ outcome }: RequestRecord): boolean {
  return outcome !== 'dropped' && outcome !== 'lost';
}

/** Whether an ok request meets every objective; a metric it has none of cannot miss one. */
function meetsSlo(record: RequestRecord, slo: Slo): boolean {
  return (
    (record.ttft_ms ?? 0) <= (slo.ttft_ms ?? Infinity) &&
    (record.tpot_ms ?? 0) <= (slo.tpot_ms ?? Infinity) &&
    (record.e2e_ms ?? 0) <= (slo.e2e_ms ?? Infinity)
  );
}

function sum(total: number | null, value: number | null): number | null {
  return value === null ? total : (total ?? 0) + value;
}
