import type { Slo } from '../config/types.ts';
import type { OutcomeClass } from '../decode/types.ts';
import { Column } from './column.ts';
import { TokenChecker } from './token-check.ts';
import type { RequestRecord, TokenSource } from './types.ts';

/** Metrics of which a row keeps every sample, for its quantiles. */
const SAMPLED = [
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
  readonly columns = Object.fromEntries(SAMPLED.map((name) => [name, new Column()])) as Record<
    Sampled,
    Column
  >;
  readonly starts = new Column();
  readonly ends = new Column();
  readonly outcomes: Partial<Record<OutcomeClass, number>> = {};
  readonly examples: Partial<Record<OutcomeClass, string>> = {};
  readonly flags: Record<string, number> = {};
  readonly tokenSources: Partial<Record<TokenSource, number>> = {};
  readonly tokenChecker = new TokenChecker();
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

  constructor(slo: Slo) {
    this.#slo = slo;
  }

  add(record: RequestRecord): void {
    this.records++;
    this.outcomes[record.outcome] = this.count(record.outcome) + 1;
    this.costUsd = sum(this.costUsd, record.cost_usd);
    if (wasSent(record)) {
      this.starts.push(record.started_ms);
      this.ends.push(record.ended_ms);
    }
    if (record.outcome === 'ok') this.#addOk(record);
    else this.#addOther(record);
  }

  count(outcome: OutcomeClass): number {
    return this.outcomes[outcome] ?? 0;
  }

  #addOk(record: RequestRecord): void {
    for (const name of samplesOf(record)) this.columns[name].push(record[name]);
    for (const flag of record.flags) this.flags[flag] = (this.flags[flag] ?? 0) + 1;
    const source = record.token_source;
    this.tokenSources[source] = (this.tokenSources[source] ?? 0) + 1;
    this.tokenChecker.add(record);
    if (record.output_tokens !== null) this.okWithTokens++;
    if (typeof record.client_late_ms === 'number') this.okWatched++;
    this.promptTokens = sum(this.promptTokens, record.prompt_tokens);
    this.outputTokens = sum(this.outputTokens, record.output_tokens);
    this.reasoningTokens = sum(this.reasoningTokens, record.reasoning_tokens);
    if (meetsSlo(record, this.#slo)) this.meetingSlo++;
  }

  /** Of a request that is not ok, only what its timeout says: no less than this. */
  #addOther(record: RequestRecord): void {
    if (record.error_message !== null) this.examples[record.outcome] ??= record.error_message;
    for (const name of record.censored) {
      const value = record[name as Sampled];
      if (name in this.columns && value !== null) this.columns[name as Sampled].pushBound(value);
    }
  }
}

/** What of an ok record says something of the model: of a cached reply nothing does. */
function samplesOf({ flags }: RequestRecord): readonly Sampled[] {
  if (flags.includes('cached_reply')) return [];
  if (!flags.includes('coalesced')) return SAMPLED;
  return SAMPLED.filter((name) => !DISTORTED_BY_COALESCING.includes(name));
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
