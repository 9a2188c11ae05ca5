import type { Estimate } from '../metrics/types.ts';
import { readLimit } from './limit-value.ts';
import { type Observed, readObserved, type ThresholdProblem } from './observed.ts';
import type { FindingVerdict } from './types.ts';

export type Operator = '<' | '<=' | '>' | '>=';

/** An absolute limit on a metric, in k6's one-line form. */
export interface Threshold {
  /** As the user wrote it, blanks at the ends cut off. */
  text: string;
  observed: Observed;
  operator: Operator;
  /** In the metric's unit: ms, tokens/s, a share, USD. */
  limit: number;
  /** Rows it is meant for; an absent name means all of them. */
  scope: Partial<Record<ScopeName, string>>;
}

export const SCOPES = ['model', 'suite', 'target'] as const;
export type ScopeName = (typeof SCOPES)[number];

const FORM =
  /^(\w+)\s*(?:\{(.*)\})?\s*(?::\s*(\w+)\s*(?:\(\s*([\d.]+)\s*\))?)?\s*(<=|>=|<|>)\s*([^<>=\s].*)$/;
const EXAMPLE = "write it as 'ttft_ms:p(95)<800' or 'error_rate{model:DeepSeek-R1}<1%'";

/**
 * Reads a threshold: `metric[{model:NAME,suite:NAME,target:NAME}][:p(N)] OPERATOR LIMIT`, `med`
 * being another way to write `p(50)`, and the limit a number, or one with its unit.
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds
 */
export function parseThreshold(text: string): Threshold | ThresholdProblem {
  const trimmed = text.trim();
  const [, metric = '', scopeText, aggregate, percent, operator, limitText = ''] =
    FORM.exec(trimmed) ?? [];
  if (operator === undefined) {
    return { problem: `'${trimmed}' is not a threshold`, remedy: EXAMPLE };
  }
  const observed = readObserved(metric, aggregate, percent);
  if ('problem' in observed) return observed;
  const limit = readLimit(limitText, observed, trimmed);
  if (typeof limit !== 'number') return limit;
  const scope = parseScope(scopeText);
  if ('problem' in scope) return scope as ThresholdProblem;
  return { text: trimmed, observed, operator: operator as Operator, limit, scope };
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

/** Whether it is an upper limit: then larger figures are worse. */
export function isUpperLimit({ operator }: Pick<Threshold, 'operator'>): boolean {
  return operator.startsWith('<');
}

export function keepsLimit(
  value: number,
  { operator, limit }: Pick<Threshold, 'operator' | 'limit'>,
): boolean {
  return {
    '<': value < limit,
    '<=': value <= limit,
    '>': value > limit,
    '>=': value >= limit,
  }[operator];
}

/**
 * Whether a figure keeps a limit, by its point estimate. A lower bound decides only where every
 * larger value would decide the same; no figure decides nothing.
 */
export function judgeEstimate(
  { value, at_least }: Estimate,
  threshold: Pick<Threshold, 'operator' | 'limit'>,
): FindingVerdict {
  if (value === null) return 'inconclusive';
  const kept = keepsLimit(value, threshold);
  if (at_least && kept === isUpperLimit(threshold)) return 'inconclusive';
  return kept ? 'pass' : 'fail';
}
