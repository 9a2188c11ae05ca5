import type { EstimateName, SummaryRow } from '../metrics/types.ts';
import type { Distribution, Figures } from './tally.ts';

/** Our own figures of a row in the form of the others'; means we give none. */
export function ownFigures({ requests, estimates, output_tokens }: SummaryRow): Figures {
  const atLeast: string[] = [];
  const figureOf = (name: EstimateName, path: string): number | null => {
    if (estimates[name].at_least) atLeast.push(path);
    return estimates[name].value;
  };
  const distribution = (
    metric: 'ttft_ms' | 'tpot_ms' | 'itl_ms',
    names: Partial<Record<'p50' | 'p95' | 'p99', EstimateName>>,
  ): Distribution => {
    const quantile = (p: 'p50' | 'p95' | 'p99'): number | null => {
      const name = names[p];
      return name === undefined ? null : figureOf(name, `${metric}.${p}`);
    };
    return {
      n: estimates[names.p50 ?? 'ttft_ms_p50'].n,
      mean: null,
      p50: quantile('p50'),
      p95: quantile('p95'),
      p99: quantile('p99'),
    };
  };
  const figures: Omit<Figures, 'at_least'> = {
    requests_ok: requests.ok,
    requests_failed: requests.failed,
    requests_lost: 0,
    ttft_ms: distribution('ttft_ms', {
      p50: 'ttft_ms_p50',
      p95: 'ttft_ms_p95',
      p99: 'ttft_ms_p99',
    }),
    tpot_ms: distribution('tpot_ms', { p50: 'tpot_ms_p50', p95: 'tpot_ms_p95' }),
    itl_ms: distribution('itl_ms', { p50: 'itl_ms_p50' }),
    output_tokens,
    output_tokens_per_second: figureOf('output_tokens_per_second', 'output_tokens_per_second'),
    lacking_tokenizer: 0,
  };
  // The sum and the rate are of the same replies.
  if (atLeast.includes('output_tokens_per_second')) atLeast.push('output_tokens');
  return { ...figures, at_least: atLeast };
}
