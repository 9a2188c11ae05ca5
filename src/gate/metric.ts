import type { Sampled } from '../metrics/row-samples.ts';
import type { EstimateName } from '../metrics/types.ts';
import {
  GRADE_NAMES,
  type GradeName,
  quantileNameOf,
  readObserved,
  type ThresholdProblem,
  textOf,
} from './observed.ts';

/** A metric of each request that can be compared pair by pair. */
export type PairedMetric = Sampled;

/** What a check with a second arm, or with earlier runs, judges. */
export type GatedMetric =
  | {
      kind: 'quantile';
      /** As it is written in a threshold: `ttft_ms:p(95)`. */
      text: string;
      metric: PairedMetric;
      /** In (0, 1). */
      p: number;
      better: 'lower' | 'higher';
    }
  | { kind: 'error_rate'; text: 'error_rate'; better: 'lower' }
  | { kind: 'grade'; text: GradeName; better: 'lower' | 'higher' };

export type GradeMetric = Extract<GatedMetric, { kind: 'grade' }>;

export function isGradeMetric(metric: GatedMetric): metric is GradeMetric {
  return metric.kind === 'grade';
}

/** Whether a change of it is told in points, as that of two shares; of others it is a ratio. */
export function isOfShares({ kind }: Pick<GatedMetric, 'kind'>): boolean {
  return kind !== 'quantile';
}

export function gradeMetric(text: GradeName): GradeMetric {
  return { kind: 'grade', text, better: betterOf(text) };
}

/** Metrics, by their first word, of which more is better. */
const HIGHER_IS_BETTER: readonly string[] = [
  'decode_tokens_per_second',
  'e2e_tokens_per_second',
  'output_tokens_per_second',
  'requests_per_second',
  'goodput_per_second',
  'goodput_share',
  'score',
  'accuracy',
];

/** Which way a metric points, by its name without a quantile. */
export function betterOf(metric: string): 'lower' | 'higher' {
  return HIGHER_IS_BETTER.includes(metric) ? 'higher' : 'lower';
}

/** The estimate of a summary row behind a gated metric; `null` where a row holds no such quantile. */
export function estimateNameOf(metric: GatedMetric): EstimateName | null {
  return metric.kind === 'quantile' ? quantileNameOf(metric) : metric.text;
}

const FORM = /^(\w+)\s*(?::\s*(\w+)\s*(?:\(\s*([\d.]+)\s*\))?)?$/;
const EXAMPLE =
  "write it as 'ttft_ms', which is its median, 'ttft_ms:p(95)', 'error_rate' or 'score'";

/**
 * Reads a metric to compare: `METRIC[:p(N)]` or `METRIC:med`, a metric alone being its median,
 * `error_rate`, or what graded answers come to (`score`, `accuracy`, `ungraded_share`).
 */
export function parseGatedMetric(text: string): GatedMetric | ThresholdProblem {
  const trimmed = text.trim();
  const [, metric, aggregate, percent] = FORM.exec(trimmed) ?? [];
  if (metric === undefined) return { problem: `'${trimmed}' is not a metric`, remedy: EXAMPLE };
  if (metric === 'error_rate' && aggregate === undefined) {
    return { kind: 'error_rate', text: 'error_rate', better: 'lower' };
  }
  const grade = GRADE_NAMES.find((name) => name === metric);
  if (grade !== undefined && aggregate === undefined) return gradeMetric(grade);
  const read = readObserved(metric, aggregate, percent);
  const isBare = aggregate === undefined && 'problem' in read;
  const observed = isBare ? readObserved(metric, 'med', undefined) : read;
  if ('problem' in observed) return observed;
  if (observed.kind !== 'quantile') {
    return {
      problem: `${metric} is one figure of a whole run, so there are no two requests to compare`,
      remedy: `give it a limit instead: --threshold '${metric}${betterOf(metric) === 'lower' ? '<' : '>'}…'`,
    };
  }
  return {
    kind: 'quantile',
    text: textOf(observed),
    metric: observed.metric,
    p: observed.p,
    better: betterOf(metric),
  };
}
