import { ownOf } from '../../own.ts';
import { formatFigure, formatPercent, formatUsd } from '../numbers.ts';

/** How a gated metric is shown. */
export interface MetricName {
  /** As the table heads it: `TTFT p50`, `errors`. */
  title: string;
  /** Behind a figure, with its blank: ` ms`, ` %`; nothing where the title says it. */
  unit: string;
  /** A figure in that unit. */
  format: (value: number) => string;
  /** From the figure to what is shown of it. */
  scale: number;
  /** In front of it: `$`. */
  sign: string;
  /** What more of it, and less of it, is called. */
  more: string;
  less: string;
}

const TITLES: Record<string, string> = {
  ttft_ms: 'TTFT',
  ttft_from_schedule_ms: 'TTFT from schedule',
  ttfat_ms: 'TTFAT',
  thinking_ms: 'thinking',
  tpot_ms: 'TPOT',
  itl_ms: 'ITL',
  chunk_gap_ms: 'chunk gap',
  decode_tokens_per_second: 'tok/s',
  e2e_ms: 'E2E',
  e2e_tokens_per_second: 'E2E tok/s',
  output_tokens_per_second: 'all tok/s',
  requests_per_second: 'req/s',
  goodput_per_second: 'good/s',
  goodput_share: 'goodput',
  error_rate: 'errors',
  score: 'score',
  accuracy: 'accuracy',
  ungraded_share: 'ungraded',
  cost_usd: 'cost',
};

/**
 * The name of a metric as the table has it.
 * @param text as it is written in a threshold, `ttft_ms:p(50)`, or as a row's estimate is called,
 *   `ttft_ms_p50`; one that is not known keeps its own name
 */
export function metricNameOf(text: string): MetricName {
  const [, base = text, quantile] =
    /^(\w+?)(?:_p50)?\s*(?:\{.*\})?\s*:\s*p\(\s*([\d.]+)\s*\)$/.exec(text) ??
    /^(\w+?)_p(\d+)$/.exec(text) ??
    /^(\w+)/.exec(text) ??
    [];
  const known = ownOf(TITLES, base);
  const title = known === undefined ? text : `${known}${quantile ? ` p${quantile}` : ''}`;
  return { title, ...kindOf(base) };
}

function kindOf(base: string): Omit<MetricName, 'title'> {
  if (base.endsWith('_ms')) return { ...PLAIN, unit: ' ms', more: 'slower', less: 'faster' };
  if (base.endsWith('_per_second')) return { ...PLAIN, more: 'faster', less: 'slower' };
  if (base === 'cost_usd') {
    return { ...PLAIN, format: formatUsd, sign: '$', more: 'dearer', less: 'cheaper' };
  }
  if (base === 'error_rate') return { ...SHARE, more: 'more errors', less: 'fewer errors' };
  if (base === 'score' || base === 'accuracy') return { ...SHARE, more: 'better', less: 'worse' };
  return /_(rate|share)$/.test(base) ? SHARE : PLAIN;
}

const PLAIN = { unit: '', format: formatFigure, scale: 1, sign: '', more: 'more', less: 'less' };
const SHARE = {
  unit: ' %',
  format: formatPercent,
  scale: 100,
  sign: '',
  more: 'more',
  less: 'less',
};
