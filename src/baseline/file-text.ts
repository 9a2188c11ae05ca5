import { jsonText } from '../json.ts';
import { ESTIMATES, type Estimate } from '../metrics/types.ts';
import type { Baseline, BaselineRow } from './types.ts';

/** The first key of every baseline file: by it one is known among other JSON. */
export const FILE_KIND = 'tokentape-baseline';

/**
 * A baseline as its file: JSON with one line per row, model and list of samples, so that a diff shows
 * what differs, always in the same order. Estimates are `[value, low, high, n]`, those without a value
 * are left out; samples stand behind all rows, each with the number of its row.
 */
export function baselineText(baseline: Baseline): string {
  const { plan, rows, run_id, started_at, git, simulated, validity, plan_hash } = baseline;
  const head = {
    kind: FILE_KIND,
    schema_version: baseline.schema_version,
    run_id,
    started_at,
    git,
    simulated,
    validity,
    version: baseline.version,
    metrics_version: baseline.metrics_version,
    ...(baseline.graders_version !== undefined && { graders_version: baseline.graders_version }),
    plan_hash,
  };
  return `{\n${[
    ...Object.entries(head).map(([key, value]) => line(key, value)),
    plan === null
      ? line('plan', null)
      : ` "plan": {\n${[
          list('suites', plan.suites, '  '),
          list('models', plan.models, '  '),
          line('load', plan.load, '  '),
          ...(plan.comparisons ? [list('comparisons', plan.comparisons, '  ')] : []),
        ].join(',\n')}\n }`,
    list('rows', rows.map(rowOf)),
    list('samples', rows.flatMap(samplesOf)),
  ].join(',\n')}\n}\n`;
}

function line(key: string, value: unknown, indent = ' '): string {
  return `${indent}${jsonText(key)}: ${jsonText(value)}`;
}

function list(key: string, items: readonly unknown[], indent = ' '): string {
  if (items.length === 0) return line(key, [], indent);
  const lines = items.map((item) => `${indent} ${jsonText(item)}`);
  return `${indent}${jsonText(key)}: [\n${lines.join(',\n')}\n${indent}]`;
}

function rowOf({ estimates, samples: _, ...row }: BaselineRow) {
  const given = ESTIMATES.flatMap((name) => {
    const estimate = estimates[name];
    return estimate.value === null ? [] : [[name, estimateCells(estimate)]];
  });
  return { ...row, estimates: Object.fromEntries(given) };
}

function estimateCells({ value, low, high, n, at_least }: Estimate) {
  return at_least ? [value, low, high, n, 'at_least'] : [value, low, high, n];
}

function samplesOf({ samples }: BaselineRow, row: number) {
  return Object.entries(samples).map(([metric, { of, at_least_from, values }]) => ({
    row,
    metric,
    of,
    at_least_from,
    values,
  }));
}
