import { closest, distance } from 'fastest-levenshtein';
import { ESTIMATES, type Estimate, type EstimateName } from '../metrics/types.ts';

export type Operator = '<' | '<=' | '>' | '>=';

/** An absolute limit on a metric, in k6's one-line form. */
export interface Threshold {
  /** As the user wrote it, blanks at the ends cut off. */
  text: string;
  /** What of a summary row is judged. */
  observed: EstimateName | 'cost_usd';
  operator: Operator;
  /** In the metric's unit: ms, tokens/s, a share, USD. */
  limit: number;
  /** Rows it is meant for; an absent name means all of them. */
  scope: Partial<Record<ScopeName, string>>;
}

export interface ThresholdProblem {
  problem: string;
  remedy: string;
}

const SCOPES = ['model', 'suite', 'target'] as const;
export type ScopeName = (typeof SCOPES)[number];

/** Metrics of one figure per row, and for those of several the quantiles that a row holds. */
const PLAIN = new Set<string>(['cost_usd']);
const QUANTILES_OF = new Map<string, number[]>();
for (const name of ESTIMATES) {
  const [, metric, quantile] = /^(.*)_p(\d+)$/.exec(name) ?? [];
  if (metric === undefined) PLAIN.add(name);
  else QUANTILES_OF.set(metric, [...(QUANTILES_OF.get(metric) ?? []), Number(quantile)]);
}
const METRICS = [...QUANTILES_OF.keys(), ...PLAIN];

const FORM =
  /^(\w+)\s*(?:\{(.*)\})?\s*(?::\s*(\w+)\s*(?:\(\s*([\d.]+)\s*\))?)?\s*(<=|>=|<|>)\s*(\S+)$/;
const EXAMPLE = "write it as 'ttft_ms:p(95)<800' or 'error_rate{model:DeepSeek-R1}<0.01'";

/**
 * Reads a threshold: `metric[{model:NAME,suite:NAME,target:NAME}][:p(N)] OPERATOR NUMBER`, `med`
 * being another way to write `p(50)`.
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds
 */
export function parseThreshold(text: string): Threshold | ThresholdProblem {
  const trimmed = text.trim();
  const [, metric = '', scopeText, aggregate, quantile, operator, number = ''] =
    FORM.exec(trimmed) ?? [];
  if (operator === undefined) {
    return { problem: `'${trimmed}' is not a threshold`, remedy: EXAMPLE };
  }
  const observed = observedOf(metric, aggregate, quantile);
  if (typeof observed !== 'string') return observed;
  const limit = Number(number);
  if (!Number.isFinite(limit)) {
    return {
      problem: `the limit '${number}' of '${trimmed}' is not a number`,
      remedy: 'give a plain number in the unit that the metric is named after',
    };
  }
  const scope = parseScope(scopeText);
  if ('problem' in scope) return scope as ThresholdProblem;
  return { text: trimmed, observed, operator: operator as Operator, limit, scope };
}

function observedOf(
  metric: string,
  aggregate: string | undefined,
  quantile: string | undefined,
): Threshold['observed'] | ThresholdProblem {
  const quantiles = QUANTILES_OF.get(metric);
  if (quantiles === undefined && !PLAIN.has(metric)) return unknownMetric(metric);
  if (quantiles === undefined) {
    if (aggregate === undefined) return metric as Threshold['observed'];
    return { problem: `${metric} has no quantiles`, remedy: `write it as '${metric}<…'` };
  }
  const p = aggregate === 'med' && quantile === undefined ? 50 : Number(quantile);
  const known = aggregate === 'med' || aggregate === 'p';
  if (known && quantiles.includes(p)) return `${metric}_p${p}` as EstimateName;
  return {
    problem:
      aggregate === undefined
        ? `${metric} needs a quantile`
        : `${metric} is not kept as ${aggregate}${quantile === undefined ? '' : `(${quantile})`}`,
    remedy: `use ${quantiles.map((each) => `${metric}:p(${each})`).join(', ')}`,
  };
}

function unknownMetric(metric: string): ThresholdProblem {
  const near = closest(metric, METRICS);
  return {
    problem: `unknown metric '${metric}'`,
    remedy:
      distance(metric, near) <= Math.max(2, metric.length / 3)
        ? `did you mean ${near}?`
        : `known are ${METRICS.join(', ')}`,
  };
}

/** Values run to the next `,name:`, for a model's name may hold commas and colons of its own. */
function parseScope(text: string | undefined): Threshold['scope'] | ThresholdProblem {
  const scope: Threshold['scope'] = {};
  if (text === undefined) return scope;
  for (const part of text.split(/,(?=\s*\w+\s*:)/)) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(part) ?? [];
    if (!SCOPES.includes(name as ScopeName) || value === '') {
      return {
        problem: `'${part.trim()}' names no rows`,
        remedy: `use ${SCOPES.map((each) => `${each}:NAME`).join(', ')} between the braces`,
      };
    }
    scope[name as ScopeName] = value;
  }
  return scope;
}

export type ThresholdVerdict = 'pass' | 'fail' | 'inconclusive';

/**
 * Whether a figure keeps a limit, by its point estimate. A lower bound decides only where every
 * larger value would decide the same; no figure decides nothing.
 */
export function judgeEstimate(
  { value, at_least }: Estimate,
  operator: Operator,
  limit: number,
): ThresholdVerdict {
  if (value === null) return 'inconclusive';
  const kept = {
    '<': value < limit,
    '<=': value <= limit,
    '>': value > limit,
    '>=': value >= limit,
  }[operator];
  const largerIsWorse = operator.startsWith('<');
  if (at_least && kept === largerIsWorse) return 'inconclusive';
  return kept ? 'pass' : 'fail';
}
