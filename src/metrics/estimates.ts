import type { Slo } from '../config/types.ts';
import { censoredQuantile, minimumSamples } from '../stats/quantile.ts';
import type { Column } from './column.ts';
import type { RowSamples, Sampled } from './row-samples.ts';
import { type Accounting, ESTIMATES, type Estimate, type EstimateName } from './types.ts';

/** The sampled metric and the quantile behind each estimate that is one. */
const QUANTILES: Partial<Record<EstimateName, { metric: Sampled; p: number }>> = {
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

/** An estimate without an interval, which a later stage may put around it. */
function estimate(value: number | null | undefined, n: number): Estimate {
  return { value: value ?? null, low: null, high: null, n };
}

/** Every estimate of a row: rates over its window, then the quantiles of its samples. */
export function estimatesOf(
  samples: RowSamples,
  requests: Accounting,
  windowMs: number | null,
  slo: Slo,
): Record<EstimateName, Estimate> {
  const rates = ratesOf(samples, requests, windowMs, slo);
  return Object.fromEntries(
    ESTIMATES.map((name) => {
      const wanted = QUANTILES[name];
      return [
        name,
        wanted === undefined
          ? (rates[name] ?? estimate(null, 0))
          : quantileEstimate(samples.columns[wanted.metric], wanted.p),
      ];
    }),
  ) as Record<EstimateName, Estimate>;
}

function quantileEstimate(column: Column, p: number): Estimate {
  const n = column.length;
  if (n < minimumSamples(p)) return estimate(null, n);
  const found = censoredQuantile(column.sorted(), p, column.lowestBound);
  const given = estimate(found?.value, n);
  return found?.atLeast ? { ...given, at_least: true } : given;
}

function ratesOf(
  samples: RowSamples,
  requests: Accounting,
  windowMs: number | null,
  slo: Slo,
): Partial<Record<EstimateName, Estimate>> {
  const { ok, failed, planned } = requests;
  const perSecond = (count: number | null): number | null =>
    windowMs === null || windowMs === 0 || count === null ? null : (1000 * count) / windowMs;

  const tokenRate = estimate(perSecond(samples.outputTokens), samples.okWithTokens);
  const wantsGoodput = Object.values(slo).some((limit) => limit !== undefined);
  const good = wantsGoodput && samples.records > 0 ? samples.meetingSlo : null;
  return {
    error_rate: estimate(ok + failed > 0 ? failed / (ok + failed) : null, ok + failed),
    // Replies whose tokens nobody counted add nothing to the sum, yet were sent.
    output_tokens_per_second:
      tokenRate.value !== null && samples.okWithTokens < ok
        ? { ...tokenRate, at_least: true }
        : tokenRate,
    requests_per_second: estimate(perSecond(ok), ok),
    goodput_per_second: estimate(perSecond(good), good === null ? 0 : ok),
    goodput_share: estimate(good === null ? null : good / planned, good === null ? 0 : planned),
  };
}
