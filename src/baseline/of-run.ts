import type { JsonObject } from '../json.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import type { RowSamples, Sampled } from '../metrics/row-samples.ts';
import { ESTIMATES, type Estimate, type SummaryRow } from '../metrics/types.ts';
import { FIRST_METRICS_VERSION } from '../metrics/version.ts';
import { type PlanParts, planHash } from '../plan/hash.ts';
import type { Manifest } from '../store/types.ts';
import { thinned } from './thinning.ts';
import type { Baseline, BaselineRow, HistoryIdentity, StoredSamples } from './types.ts';

/** Samples kept of one metric of a row, at most: enough for its quantiles and for a shift. */
export const SAMPLES_MOST = 200;
const ESTIMATE_DIGITS = 5;
const SAMPLE_DIGITS = 4;

/**
 * A run as a history keeps it.
 * @param metrics of which samples are kept
 */
export function baselineOf(
  manifest: Manifest,
  evidence: readonly RowEvidence[],
  metrics: readonly Sampled[],
): Baseline {
  const { verdict, reasons } = manifest.validity;
  return {
    schema_version: 1,
    run_id: manifest.run_id,
    started_at: manifest.started_at,
    git: manifest.git,
    ...identityOf(manifest),
    validity: { verdict, reasons },
    version: manifest.versions.tokentape ?? 'unknown',
    rows: evidence.map((each) => rowOf(each, metrics)),
  };
}

const PARTIAL = 'it is partial: ';
const INVALID = 'it is invalid: ';

/** Why nothing can be concluded from a run; `null` where something can. */
export function unfitness(manifest: Manifest): string | null {
  const { state, interrupted, validity } = manifest;
  if (interrupted !== null) return `${PARTIAL}${interrupted}`;
  if (state === 'partial') return `${PARTIAL}it never came to its end`;
  if (validity.verdict === 'invalid') return `${INVALID}${validity.reasons.join('; ')}`;
  return null;
}

/** Whether a reason is that nothing can be concluded from the run, whatever it is to be held against. */
export function isUnfitness(reason: string): boolean {
  return reason.startsWith(PARTIAL) || reason.startsWith(INVALID);
}

export function identityOf(manifest: Manifest): HistoryIdentity {
  return {
    simulated: manifest.simulated,
    plan_hash: manifest.plan_hash,
    plan: manifest.plan_parts ?? partsFromConfig(manifest),
    metrics_version: manifest.metrics_version ?? FIRST_METRICS_VERSION,
    ...(manifest.grading && { graders_version: manifest.grading.graders_version }),
  };
}

/** What the plan of a run of the first versions was made of, where its config gives the same hash. */
function partsFromConfig({ config, suites, plan_hash }: Manifest): PlanParts | null {
  const settings = (config.settings ?? {}) as JsonObject;
  const limits = (settings.run_limits ?? {}) as JsonObject;
  const targets = (config.targets ?? []) as {
    name: string;
    models: { name: string; parameters: JsonObject }[] | 'subscribed';
  }[];
  const parts = {
    suites: suites.map(({ name, hash }) => ({ name, hash })),
    models: targets.flatMap(({ name: target, models }) =>
      models === 'subscribed'
        ? []
        : models.map(({ name: model, parameters }) => ({ target, model, parameters })),
    ),
    load: {
      concurrency: settings.concurrency,
      order: settings.order,
      repeat: settings.repeat,
      warmup: settings.warmup,
      duration_ms: limits.duration_ms ?? null,
      requests: limits.requests ?? null,
    },
  } as PlanParts;
  return planHash(parts) === plan_hash ? parts : null;
}

function rowOf({ row, samples }: RowEvidence, metrics: readonly Sampled[]): BaselineRow {
  const kept = metrics.flatMap((metric): [Sampled, StoredSamples][] => {
    const stored = samplesOf(samples, metric);
    return stored === null ? [] : [[metric, stored]];
  });
  return {
    target: row.target,
    model: row.model,
    label: row.label,
    suite: row.suite,
    simulated: row.simulated,
    requests: row.requests,
    estimates: Object.fromEntries(
      ESTIMATES.map((name) => [name, rounded(row.estimates[name])]),
    ) as SummaryRow['estimates'],
    prompt_tokens: row.prompt_tokens,
    output_tokens: row.output_tokens,
    token_source: row.token_source,
    cost_usd: significant(row.cost_usd, ESTIMATE_DIGITS),
    samples: Object.fromEntries(kept),
  };
}

/** One without a value is left out of the file, with the number of samples that were too few for it. */
function rounded({ value, low, high, ...rest }: Estimate): Estimate {
  if (value === null) return { value, low, high, n: 0 };
  return {
    value: significant(value, ESTIMATE_DIGITS),
    low: significant(low, ESTIMATE_DIGITS),
    high: significant(high, ESTIMATE_DIGITS),
    ...rest,
  };
}

function significant<T extends number | null>(value: T, digits: number): T {
  return (value === null ? null : Number(value.toPrecision(digits))) as T;
}

/** In the order of time: what samples say of one another is in it. */
function samplesOf(samples: RowSamples, metric: Sampled): StoredSamples | null {
  const column = samples.columns[metric];
  if (column.count === 0) return null;
  const { series } = samples.timeline().samplesOf(column);
  const { lowestBound } = column;
  return {
    of: column.count,
    at_least_from: lowestBound === Infinity ? null : significant(lowestBound, SAMPLE_DIGITS),
    values: thinned([...series], SAMPLES_MOST).map((value) => significant(value, SAMPLE_DIGITS)),
  };
}
