import type { Estimate, EstimateName, SummaryRow } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';
import { distinct, type RunView } from './view.ts';

/** What is compared, in the order it is shown. */
const COMPARED = [
  'error_rate',
  'ttft_ms_p50',
  'ttft_ms_p95',
  'tpot_ms_p50',
  'decode_tokens_per_second_p50',
  'e2e_ms_p50',
] as const satisfies readonly EstimateName[];
export type ComparedMetric = (typeof COMPARED)[number];

/** One side of a comparison. */
export interface ComparedRun extends RunView {
  /** Shown above its column: the run's folder, or the model. */
  name: string;
}

export interface Difference {
  /** other − base, in the metric's unit. */
  absolute: number;
  /** Of the base; `null` where that is 0. */
  percent: number | null;
}

export interface MetricComparison {
  metric: ComparedMetric;
  /** One per run; `null` where it has no such row. */
  estimates: (Estimate | null)[];
  /** Beside the first run, one per run; `null` for the first, and where there is none to give. */
  differences: (Difference | null)[];
}

export interface ComparisonRow {
  /** `null` where the sides differ in it, which then is what is compared. */
  target: string | null;
  model: string | null;
  label: string | null;
  suite: string;
  metrics: MetricComparison[];
}

export interface Comparison {
  schema_version: 1;
  /** The first is the base. */
  runs: { name: string; run_id: string; plan_hash: string; simulated: boolean }[];
  rows: ComparisonRow[];
  /** Why these figures may not bear a comparison. */
  warnings: string[];
}

/**
 * Two or more runs side by side, row by row: those of the same suite, model and target. Where every
 * run has one target, or one model, these may differ, and are what is compared. What only one run
 * has is not compared, and told of in the warnings.
 * @param runs at least one; the first is the base
 */
export function compareRuns(runs: ComparedRun[]): Comparison {
  const sameModels = !differ(runs, (row) => row.model);
  const sameTargets = !differ(runs, (row) => row.target);
  const keyOf = (row: SummaryRow) =>
    [row.suite, sameModels ? row.model : '', sameTargets ? row.target : ''].join('\0');

  const byKey = runs.map(({ rows }) => new Map(rows.map((row) => [keyOf(row), row])));
  const keys = [...new Set(byKey.flatMap((rows) => [...rows.keys()]))];
  const shared = keys.filter((key) => byKey.filter((rows) => rows.has(key)).length > 1);
  const rows = shared.map((key) => {
    const sides = byKey.map((rowsByKey) => rowsByKey.get(key));
    const any = sides.find((side) => side !== undefined) as SummaryRow;
    return {
      target: sameTargets ? any.target : null,
      model: sameModels ? any.model : null,
      label: sameModels ? any.label : null,
      suite: any.suite,
      metrics: COMPARED.map((metric) => compareMetric(metric, sides)),
    };
  });
  return {
    schema_version: 1,
    runs: runs.map(({ name, manifest }) => ({
      name,
      run_id: manifest.run_id,
      plan_hash: manifest.plan_hash,
      simulated: manifest.simulated,
    })),
    rows,
    warnings: [...warningsOf(runs), ...countedApart(runs), ...lacks(runs, byKey)],
  };
}

/**
 * The models of one run side by side.
 * @param models names or labels to compare, the base first; all of the run's without any
 */
export function compareModels({ manifest, rows }: RunView, models: string[] = []): Comparison {
  const wanted = models.length > 0 ? models : distinct(rows, (row) => row.model);
  return compareRuns(
    wanted.map((name) => {
      const own = rows.filter((row) => row.model === name || row.label === name);
      return { name: own[0]?.label ?? name, manifest, rows: own };
    }),
  );
}

/** Whether each run has one value of a field, and not all the same. */
function differ(runs: ComparedRun[], of: (row: SummaryRow) => string): boolean {
  const values = runs.map(({ rows }) => distinct(rows, of));
  return values.every((each) => each.length <= 1) && new Set(values.flat()).size > 1;
}

function compareMetric(
  metric: ComparedMetric,
  sides: (SummaryRow | undefined)[],
): MetricComparison {
  const estimates = sides.map((side) => side?.estimates[metric] ?? null);
  const base = estimates[0] ?? null;
  const differences = estimates.map((estimate, index) =>
    index === 0 ? null : differenceOf(base, estimate),
  );
  return { metric, estimates, differences };
}

/** None beside a lower bound: how far it is from anything is not known. */
function differenceOf(base: Estimate | null, other: Estimate | null): Difference | null {
  if (base === null || other === null || base.value === null || other.value === null) return null;
  if (base.at_least || other.at_least) return null;
  const absolute = other.value - base.value;
  return { absolute, percent: base.value === 0 ? null : (100 * absolute) / base.value };
}

function warningsOf(runs: ComparedRun[]): string[] {
  const manifests = runs.map(({ manifest }) => manifest);
  const unequal = (of: (manifest: Manifest) => unknown) => new Set(manifests.map(of)).size > 1;
  const warnings: string[] = [];
  if (manifests.every(({ simulated }) => simulated)) {
    warnings.push("SIMULATED: these figures are the embedded simulator's, not any provider's.");
  } else if (manifests.some(({ simulated }) => simulated)) {
    const names = runs.filter(({ manifest }) => manifest.simulated).map(({ name }) => name);
    warnings.push(`SIMULATED: the figures of ${names.join(', ')}; the others are a provider's.`);
  }
  if (unequal(({ plan_hash }) => plan_hash)) {
    warnings.push(
      'The plans differ (plan_hash): suites, models, parameters or load are not equal.',
    );
  }
  for (const { name, manifest } of new Map(runs.map((run) => [run.manifest, run])).values()) {
    if (manifest.state === 'partial' || manifest.interrupted !== null) {
      warnings.push(`${name} is partial.`);
    }
    if (manifest.validity.verdict === 'invalid') warnings.push(`${name} is invalid.`);
  }
  return warnings;
}

/** What one server calls a token need not be one to a tokenizer, so speeds by either are not alike. */
function countedApart(runs: ComparedRun[]): string[] {
  const sources = runs.map(({ rows }) => {
    const counted = rows.filter(({ output_tokens }) => output_tokens !== null);
    return distinct(counted, (row) => row.token_source).sort();
  });
  const known = runs.flatMap(({ name }, index) => {
    const own = sources[index] ?? [];
    return own.length === 0 ? [] : [{ name, by: own.join(' and ') }];
  });
  if (new Set(known.map(({ by }) => by)).size < 2) return [];
  const each = known.map(({ name, by }) => `${name} by ${by}`).join(', ');
  return [`Tokens are not counted alike: ${each}. TPOT and tok/s differ by that too.`];
}

/** One line per run that lacks rows of the others: a whole suite by its name, else each model. */
function lacks(runs: ComparedRun[], byKey: Map<string, SummaryRow>[]): string[] {
  const all = new Map(byKey.flatMap((rows) => [...rows]));
  return runs.flatMap(({ name }, index) => {
    const own = byKey[index] ?? new Map();
    const missing = [...all].flatMap(([key, row]) => (own.has(key) ? [] : [row]));
    if (missing.length === 0) return [];
    const ownSuites = new Set([...own.values()].map(({ suite }) => suite));
    const named = missing.map(({ suite, label }) =>
      ownSuites.has(suite) ? `${label} · ${suite}` : `suite ${suite}`,
    );
    return [`${name} lacks ${[...new Set(named)].join(', ')}.`];
  });
}
