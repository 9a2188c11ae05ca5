import type { Slo } from '../config/types.ts';
import type { Grade } from '../score/types.ts';
import { concurrency } from '../stats/concurrency.ts';
import { estimatesOf } from './estimates.ts';
import type { RowEvidence } from './evidence.ts';
import { rowGradesOf } from './grades.ts';
import { type RowName, rowKey } from './row-key.ts';
import { RowSamples } from './row-samples.ts';
import { turnFiguresOf } from './turn-figures.ts';
import type { Accounting, PlannedRow, RequestRecord, SummaryRow } from './types.ts';

/**
 * The summary of a run: one row per planned row, in plan order, of measured requests only. Records
 * that no planned row speaks for get a row of their own behind these, so that none is lost.
 * @param records in any order; read once, and not kept
 * @param slo limits in milliseconds; goodput is n/a without one
 * @see docs/metrics.md#summaries
 */
export function summarise(
  records: Iterable<RequestRecord>,
  planned: PlannedRow[],
  slo: Slo,
): SummaryRow[] {
  const summariser = new Summariser(slo);
  for (const record of records) summariser.add(record);
  return summariser.rows(planned);
}

/** The same, taking records as they come; what was planned has to be known at the end only. */
export class Summariser {
  readonly #slo: Slo;
  readonly #rows = new Map<string, { plan: PlannedRow; samples: RowSamples }>();
  readonly #lastRows = new Map<string, { plan: PlannedRow; samples: RowSamples }>();
  readonly #simulatedTargets: Set<string>;

  /** @param simulatedTargets that the embedded simulator answers for, as far as it is known without a record */
  constructor(slo: Slo, simulatedTargets: readonly string[] = []) {
    this.#slo = slo;
    this.#simulatedTargets = new Set(simulatedTargets);
  }

  add(record: RequestRecord): void {
    if (record.simulated) this.#simulatedTargets.add(record.target);
    if (record.phase !== 'measure') return;
    this.#samplesOf(record).add(record);
  }

  /** Takes the grade of a measured reply, before or after its record. */
  addGrade(grade: Grade): void {
    this.#samplesOf(grade).grades.add(grade);
  }

  /** A conversation that is not gone on with: over a long run, what was graded of those would pile up. */
  brokenOff(of: RowName & { conversationId: string }): void {
    this.#rows.get(rowKey(of))?.samples.grades.brokenOff(of.conversationId);
  }

  /** Most records are of the row that the last one of their model was of: no key is put together. */
  #samplesOf(of: RowName): RowSamples {
    const last = this.#lastRows.get(of.model);
    if (last?.plan.suite === of.suite && last.plan.target === of.target) {
      return last.samples;
    }
    const key = rowKey(of);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { plan: unplanned(of), samples: new RowSamples(this.#slo) };
      this.#rows.set(key, row);
    }
    this.#lastRows.set(of.model, row);
    return row.samples;
  }

  rows(planned: PlannedRow[]): SummaryRow[] {
    return this.evidence(planned).map(({ row }) => row);
  }

  /** The same rows, each with its samples; these grow if more records are added. */
  evidence(planned: PlannedRow[]): RowEvidence[] {
    const plans = new Map(planned.map((plan) => [rowKey(plan), plan]));
    for (const [key, { plan }] of this.#rows) if (!plans.has(key)) plans.set(key, plan);
    return [...plans].map(([key, plan]) => {
      // The one request that found a model closed says so in the row's reason, and nowhere else.
      const kept = plan.not_subscribed ? undefined : this.#rows.get(key)?.samples;
      const samples = kept ?? new RowSamples(this.#slo);
      const simulated = this.#simulatedTargets.has(plan.target);
      return { row: summaryRow(plan, samples, this.#slo, simulated), samples };
    });
  }
}

function unplanned({ target, model, suite }: RowName): PlannedRow {
  return {
    target,
    model,
    label: model,
    suite,
    planned: 0,
    skipped_reason: null,
    not_subscribed: false,
  };
}

function summaryRow(
  plan: PlannedRow,
  samples: RowSamples,
  slo: Slo,
  simulated: boolean,
): SummaryRow {
  const requests = accountFor(plan, samples);
  const timeline = samples.timeline();
  const { window } = timeline;
  const busy = concurrency(timeline.starts, timeline.ends);
  const { ok: _ok, ...failures } = samples.outcomes;
  const grades = rowGradesOf(samples.grades);
  const byTurn = turnFiguresOf(samples, timeline);
  return {
    target: plan.target,
    model: plan.model,
    label: plan.label,
    suite: plan.suite,
    simulated,
    requests,
    failures,
    failure_examples: samples.examples,
    skipped_reason: requests.skipped > 0 || plan.planned === 0 ? plan.skipped_reason : null,
    estimates: estimatesOf(samples, timeline, requests, slo),
    prompt_tokens: samples.promptTokens,
    output_tokens: samples.outputTokens,
    reasoning_tokens: samples.reasoningTokens,
    token_source: tokenSourceOf(samples),
    token_sources: samples.tokenSources,
    token_check: samples.tokenChecker.result(),
    cost_usd: samples.costUsd,
    ...(grades && { grades }),
    ...(byTurn && { by_turn: byTurn }),
    window_ms: window === null ? null : window.endMs - window.startMs,
    concurrency_mean: busy?.mean ?? null,
    concurrency_max: busy?.max ?? null,
    flags: samples.flags,
    client_late_share: samples.okWatched === 0 ? null : lateOf(samples) / samples.okWatched,
  };
}

/**
 * planned = ok + failed + dropped + cancelled + skipped + lost. What left no record was skipped;
 * where a run was bounded by time alone, there may be more records than were counted beforehand.
 */
function accountFor(plan: PlannedRow, samples: RowSamples): Accounting {
  const ok = samples.count('ok');
  const dropped = samples.count('dropped');
  const cancelled = samples.count('cancelled');
  const lost = samples.count('lost');
  const planned = Math.max(plan.planned, samples.records);
  return {
    planned,
    ok,
    failed: samples.records - ok - dropped - cancelled - lost,
    dropped,
    cancelled,
    skipped: planned - samples.records,
    lost,
  };
}

function lateOf({ flags }: RowSamples): number {
  return flags.client_late ?? 0;
}

function tokenSourceOf({ tokenSources }: RowSamples): SummaryRow['token_source'] {
  const [only, ...others] = Object.keys(tokenSources) as (keyof typeof tokenSources)[];
  if (only === undefined) return 'unknown';
  return others.length > 0 ? 'mixed' : only;
}
