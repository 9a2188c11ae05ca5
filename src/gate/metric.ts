import { ESTIMATES, type EstimateName, type RequestRecord } from '../metrics/types.ts';

/** A metric of each request that can be compared pair by pair. */
export type PairedMetric = Extract<
  keyof RequestRecord,
  | 'ttft_ms'
  | 'ttfat_ms'
  | 'tpot_ms'
  | 'itl_ms_p50'
  | 'chunk_gap_ms_p50'
  | 'decode_tokens_per_second'
  | 'e2e_ms'
  | 'e2e_tokens_per_second'
>;

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
  | { kind: 'error_rate'; text: 'error_rate'; better: 'lower' };

/** Metrics, by their first word, of which more is better. */
const HIGHER_IS_BETTER: readonly string[] = [
  'decode_tokens_per_second',
  'e2e_tokens_per_second',
  'output_tokens_per_second',
  'requests_per_second',
  'goodput_per_second',
  'goodput_share',
];

/** Which way a metric points, by its name without a quantile. */
export function betterOf(metric: string): 'lower' | 'higher' {
  return HIGHER_IS_BETTER.includes(metric) ? 'higher' : 'lower';
}

/** The estimate of a summary row behind a gated metric; `null` where a row holds no such quantile. */
export function estimateNameOf(metric: GatedMetric): EstimateName | null {
  if (metric.kind === 'error_rate') return 'error_rate';
  const base = metric.metric.replace(/_p50$/, '');
  const name = `${base}_p${100 * metric.p}`;
  return ESTIMATES.find((one) => one === name) ?? null;
}
