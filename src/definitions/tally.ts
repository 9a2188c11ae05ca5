import { Raised } from './python.ts';
import type { Samples } from './quantiles.ts';
import type { Definition, Reading, Reply, Success } from './types.ts';

/** A distribution as its tool sums it up; without samples, n is 0 and the rest `null`. */
export interface Distribution {
  n: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The figures of one row by one definition; `null` for what the definition does not know. */
export interface Figures {
  requests_ok: number;
  requests_failed: number;
  /** Replies that the tool itself would have lost sight of. */
  requests_lost: number;
  ttft_ms: Distribution;
  tpot_ms: Distribution | null;
  itl_ms: Distribution | null;
  output_tokens: number | null;
  output_tokens_per_second: number | null;
  /** Which of these are lower bounds, as `output_tokens` or `ttft_ms.p95`. */
  at_least: string[];
  /** ok replies of which some figure is missing for want of a tokenizer. */
  lacking_tokenizer: number;
}

/** Sums replies up as one tool would; replies in any order. */
export class Tally {
  readonly definition: Definition;
  readonly #ttft = new WeightedColumn();
  readonly #tpot = new WeightedColumn();
  readonly #itl = new WeightedColumn();
  readonly #counts = { ok: 0, failed: 0, lost: 0 };
  #tokens = new TokenSum();
  #ratedTokens = new TokenSum();
  #lackingTokenizer = 0;
  #fromMs = Infinity;
  #toMs = -Infinity;

  constructor(definition: Definition) {
    this.definition = definition;
  }

  /** @param startedMs the start of the request, on a clock that all replies share */
  add(reply: Reply, startedMs: number): void {
    const reading = this.#read(reply);
    this.#counts[reading.kind] += 1;
    const { fromMs, toMs } = reading.span;
    if (fromMs !== null) this.#fromMs = Math.min(this.#fromMs, startedMs + fromMs);
    if (toMs !== null) this.#toMs = Math.max(this.#toMs, startedMs + toMs);
    if (reading.kind === 'ok') this.#addOk(reading);
  }

  figures(): Figures {
    const { quantile, has } = this.definition;
    const distribution = (column: WeightedColumn): Distribution => {
      const samples = column.samples();
      return {
        n: samples.values.length,
        mean: column.mean(),
        p50: quantile(samples, 0.5),
        p95: quantile(samples, 0.95),
        p99: quantile(samples, 0.99),
      };
    };
    const spanMs = this.#toMs - this.#fromMs;
    const rated = this.#ratedTokens.whole;
    return {
      requests_ok: this.#counts.ok,
      requests_failed: this.#counts.failed,
      requests_lost: this.#counts.lost,
      ttft_ms: distribution(this.#ttft),
      tpot_ms: has.tpot ? distribution(this.#tpot) : null,
      itl_ms: has.itl ? distribution(this.#itl) : null,
      output_tokens: this.#tokens.known,
      output_tokens_per_second: rated === null || spanMs <= 0 ? null : (1000 * rated) / spanMs,
      // Those of some reply only a tokenizer could tell.
      at_least: this.#tokens.known !== null && this.#tokens.whole === null ? ['output_tokens'] : [],
      lacking_tokenizer: this.#lackingTokenizer,
    };
  }

  #read(reply: Reply): Reading {
    try {
      return this.definition.read(reply);
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      return { kind: 'failed', span: this.definition.failedSpan(reply) };
    }
  }

  #addOk(reading: Success): void {
    const { ttftMs, tpotMs, itlMs, outputTokens, ratedTokens = outputTokens } = reading;
    const { tpot, itl } = reading.weights ?? { tpot: 1, itl: 1 };
    if (ttftMs !== null) this.#ttft.push(ttftMs, 1);
    if (tpotMs !== null) this.#tpot.push(tpotMs, tpot);
    for (const gapMs of itlMs) this.#itl.push(gapMs, itl);
    this.#tokens.add(outputTokens);
    this.#ratedTokens.add(ratedTokens);
    if (reading.lacksTokenizer) this.#lackingTokenizer += 1;
  }
}

/** Samples that weigh nothing are in no distribution. */
class WeightedColumn {
  readonly #values: number[] = [];
  readonly #weights: number[] = [];

  push(value: number, weight: number): void {
    if (weight === 0) return;
    this.#values.push(value);
    this.#weights.push(weight);
  }

  samples(): Samples {
    return {
      values: Float64Array.from(this.#values),
      weights: Float64Array.from(this.#weights),
    };
  }

  mean(): number | null {
    const { values, weights } = this.samples();
    if (values.length === 0) return null;
    let sum = 0;
    let total = 0;
    values.forEach((value, i) => {
      const weight = weights[i] as number;
      sum += value * weight;
      total += weight;
    });
    return sum / total;
  }
}

class TokenSum {
  /** Of the replies whose tokens are known; `null` without any. */
  known: number | null = null;
  #complete = true;

  add(tokens: number | null): void {
    if (tokens === null) this.#complete = false;
    else this.known = (this.known ?? 0) + tokens;
  }

  /** `null` where those of any reply are unknown. */
  get whole(): number | null {
    return this.#complete ? this.known : null;
  }
}
