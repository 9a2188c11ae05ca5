import { closest, distance } from 'fastest-levenshtein';
import { SAMPLED, type Sampled } from '../metrics/row-samples.ts';
import { ESTIMATES, type EstimateName } from '../metrics/types.ts';
import { ownOf } from '../own.ts';

/** What graded answers come to; a sample is one case in one pass. */
export const GRADE_NAMES = ['score', 'accuracy', 'ungraded_share'] as const;
export type GradeName = (typeof GRADE_NAMES)[number];

/** What of a summary row is judged. */
export type Observed =
  | {
      kind: 'quantile';
      metric: Sampled;
      /** In (0, 1). */
      p: number;
    }
  | { kind: 'share'; name: 'error_rate' | 'goodput_share' }
  | { kind: 'grade'; name: GradeName }
  | {
      kind: 'rate';
      name: 'output_tokens_per_second' | 'requests_per_second' | 'goodput_per_second';
    }
  | { kind: 'cost' };

/** A mistake in what the user wrote, and what to write instead. */
export interface ThresholdProblem {
  problem: string;
  remedy: string;
}

/** Of one figure per row. */
const PLAIN: Record<string, Observed> = {
  error_rate: { kind: 'share', name: 'error_rate' },
  goodput_share: { kind: 'share', name: 'goodput_share' },
  score: { kind: 'grade', name: 'score' },
  accuracy: { kind: 'grade', name: 'accuracy' },
  ungraded_share: { kind: 'grade', name: 'ungraded_share' },
  output_tokens_per_second: { kind: 'rate', name: 'output_tokens_per_second' },
  requests_per_second: { kind: 'rate', name: 'requests_per_second' },
  goodput_per_second: { kind: 'rate', name: 'goodput_per_second' },
  cost_usd: { kind: 'cost' },
};

/** Of every request, by the word for it: of some, what a request has is itself a median. */
const SAMPLED_BY_WORD = new Map<string, Sampled>(SAMPLED.map((name) => [wordOf(name), name]));
const WORDS = [...SAMPLED_BY_WORD.keys(), ...Object.keys(PLAIN)];

const WHY_NOT: Record<string, string> = {
  min: 'the fastest of all requests says nothing of the others',
  max: 'the slowest of all requests grows with their number, and nothing bounds it',
  avg: 'one stuck request moves a mean more than all others do',
};

/**
 * Reads what is observed: a metric and, where every request has one, its quantile.
 * @param metric `ttft_ms`
 * @param aggregate `p`, `med`, …; absent for metrics of one figure per row
 * @param percent what stands between the parentheses, as `97.5`
 */
export function readObserved(
  metric: string,
  aggregate: string | undefined,
  percent: string | undefined,
): Observed | ThresholdProblem {
  const plain = ownOf(PLAIN, metric);
  if (plain !== undefined) {
    if (aggregate === undefined) return plain;
    return { problem: `${metric} has no quantiles`, remedy: `leave out ':${aggregate}'` };
  }
  const sampled = SAMPLED_BY_WORD.get(metric);
  if (sampled === undefined) return unknownMetric(metric);
  const examples = `use ${metric}:med, ${metric}:p(95) or any other p(N)`;
  if (aggregate === undefined) {
    return { problem: `${metric} needs a quantile`, remedy: examples };
  }
  const whyNot = reasonAgainst(aggregate, percent);
  if (whyNot !== undefined) {
    return { problem: `${metric} is not judged by ${whyNot}`, remedy: examples };
  }
  const p = aggregate === 'med' ? 0.5 : Number(`${percent}e-2`);
  const isKnown = aggregate === 'med' ? percent === undefined : aggregate === 'p';
  if (isKnown && p > 0 && p < 1) return { kind: 'quantile', metric: sampled, p };
  const written = `${aggregate}${percent === undefined ? '' : `(${percent})`}`;
  return { problem: `${metric} has no ${written}`, remedy: examples };
}

/** The ends of a sample and its mean, under whatever name. */
function reasonAgainst(aggregate: string, percent: string | undefined): string | undefined {
  const end = { 0: 'min', 100: 'max' }[Number(percent ?? Number.NaN)];
  const name = aggregate === 'p' && end !== undefined ? end : aggregate;
  const reason = ownOf(WHY_NOT, name);
  return reason && `its ${name}: ${reason}`;
}

function unknownMetric(metric: string): ThresholdProblem {
  const problem = `unknown metric '${metric}'`;
  const [, word = '', percent] = /^(\w+)_p(\d+)$/.exec(metric) ?? [];
  if (SAMPLED_BY_WORD.has(word)) return { problem, remedy: `write it as '${word}:p(${percent})'` };
  const near = closest(metric, WORDS);
  return {
    problem,
    remedy:
      distance(metric, near) <= Math.max(2, metric.length / 3)
        ? `did you mean ${near}?`
        : `known are ${WORDS.join(', ')}`,
  };
}

/** As it is written in a threshold: `ttft_ms:p(95)`, `error_rate`. */
export function textOf(observed: Observed): string {
  if (observed.kind === 'cost') return 'cost_usd';
  if (observed.kind !== 'quantile') return observed.name;
  return `${wordOf(observed.metric)}:p(${percentOf(observed.p)})`;
}

/** 97.5 of 0.975, without the last bits of a multiplication. */
export function percentOf(p: number): number {
  return Number((100 * p).toPrecision(12));
}

/** The estimate that a summary row holds of a quantile; `null` where it holds none. */
export function quantileNameOf(quantile: { metric: Sampled; p: number }): EstimateName | null {
  const name = `${wordOf(quantile.metric)}_p${percentOf(quantile.p)}`;
  return ESTIMATES.find((one) => one === name) ?? null;
}

function wordOf(metric: Sampled): string {
  return metric.replace(/_p50$/, '');
}
