import type { Slo } from '../config/types.ts';
import { OrderedSample } from '../stats/ordered-sample.ts';
import { minimumSamples } from '../stats/quantile.ts';
import type { Column } from './column.ts';
import { estimate } from './estimate.ts';
import { gradeEstimatesOf } from './grades.ts';
import { ratesOf } from './rates.ts';
import type { RowSamples, Sampled } from './row-samples.ts';
import type { Timeline } from './timeline.ts';
import { type Accounting, ESTIMATES, type Estimate, type EstimateName } from './types.ts';

/** The sampled metric and the quantile behind each estimate that is one. */
export const QUANTILES: Partial<Record<EstimateName, { metric: Sampled; p: number }>> = {
  ttft_ms_p50: { metric: 'ttft_ms', p: 0.5 },
  ttft_ms_p90: { metric: 'ttft_ms', p: 0.9 },
  ttft_ms_p95: { metric: 'ttft_ms', p: 0.95 },
  ttft_ms_p99: { metric: 'ttft_ms', p: 0.99 },
  ttft_from_schedule_ms_p50: { metric: 'ttft_from_schedule_ms', p: 0.5 },
  ttft_from_schedule_ms_p95: { metric: 'ttft_from_schedule_ms', p: 0.95 },
  ttfat_ms_p50: { metric: 'ttfat_ms', p: 0.5 },
  thinking_ms_p50: { metric: 'thinking_ms', p: 0.5 },
  tpot_ms_p50: { metric: 'tpot_ms', p: 0.5 },
  tpot_ms_p95: { metric: 'tpot_ms', p: 0.95 },
  itl_ms_p50: { metric: 'itl_ms_p50', p: 0.5 },
  chunk_gap_ms_p50: { metric: 'chunk_gap_ms_p50', p: 0.5 },
  decode_tokens_per_second_p50: { metric: 'decode_tokens_per_second', p: 0.5 },
  e2e_ms_p50: { metric: 'e2e_ms', p: 0.5 },
  e2e_ms_p90: { metric: 'e2e_ms', p: 0.9 },
  e2e_ms_p95: { metric: 'e2e_ms', p: 0.95 },
  e2e_ms_p99: { metric: 'e2e_ms', p: 0.99 },
  e2e_tokens_per_second_p50: { metric: 'e2e_tokens_per_second', p: 0.5 },
};

/** Every estimate of a row with its interval: rates over its window, quantiles of its samples. */
export function estimatesOf(
  samples: RowSamples,
  timeline: Timeline,
  requests: Accounting,
  slo: Slo,
): Record<EstimateName, Estimate> {
  const found = {
    ...ratesOf(samples, timeline, requests, slo),
    ...quantilesOf(samples, timeline),
    ...gradeEstimatesOf(samples.grades),
  };
  return Object.fromEntries(
    ESTIMATES.map((name) => [name, found[name] ?? estimate(null, 0)]),
  ) as Record<EstimateName, Estimate>;
}

/** One metric after another, so that no more than one is laid out in order at a time. */
function quantilesOf(
  samples: RowSamples,
  timeline: Timeline,
): Partial<Record<EstimateName, Estimate>> {
  const wanted = Object.entries(QUANTILES) as [EstimateName, { metric: Sampled; p: number }][];
  const found: Partial<Record<EstimateName, Estimate>> = {};
  for (const [metric, column] of Object.entries(samples.columns)) {
    const sample = orderedSample(column, timeline);
    for (const [name, of] of wanted) {
      if (of.metric === metric) found[name] = quantileEstimate(sample, of.p, column.count);
    }
  }
  return found;
}

/** A column's samples in the order of time. */
export function orderedSample(column: Column, timeline: Timeline): OrderedSample {
  const { series, clusters } = timeline.samplesOf(column);
  return new OrderedSample(series, clusters, column.lowestBound);
}

/**
 * A quantile of a metric's samples as a row has it, with its 95 % interval; n/a under the samples
 * that one at p needs at least.
 * @param p in (0, 1)
 * @param n how many samples these are
 */
export function quantileEstimate(sample: OrderedSample, p: number, n: number): Estimate {
  if (n < minimumSamples(p)) return estimate(null, n);
  const quantile = sample.quantile(p);
  const given = estimate(quantile?.value, n, sample.interval(p));
  return quantile?.atLeast ? { ...given, at_least: true } : given;
}
