import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { betterOf } from '../gate/metric.ts';
import { GRADE_NAMES, type GradeName } from '../gate/observed.ts';
import { ESTIMATES, type EstimateName } from '../metrics/types.ts';

/** What is compared unless told otherwise, in the order it is shown. */
export const COMPARED: readonly EstimateName[] = [
  'error_rate',
  'ttft_ms_p50',
  'ttft_ms_p95',
  'tpot_ms_p50',
  'decode_tokens_per_second_p50',
  'e2e_ms_p50',
];

/** Other names that a person may write, those of the tables among them. */
const ALIASES: Record<string, EstimateName> = {
  errors: 'error_rate',
  err: 'error_rate',
  ttft: 'ttft_ms_p50',
  ttfat: 'ttfat_ms_p50',
  tpot: 'tpot_ms_p50',
  itl: 'itl_ms_p50',
  e2e: 'e2e_ms_p50',
  'tok/s': 'decode_tokens_per_second_p50',
  'all tok/s': 'output_tokens_per_second',
  'req/s': 'requests_per_second',
  'good/s': 'goodput_per_second',
  goodput: 'goodput_share',
};

/** Parts of names that are written in another way for people. */
const WORDS: Record<string, string> = {
  error_rate: 'errors',
  decode_tokens_per_second: 'tok/s',
  e2e_tokens_per_second: 'E2E tok/s',
  output_tokens_per_second: 'all tok/s',
  requests_per_second: 'req/s',
  goodput_per_second: 'good/s',
  goodput_share: 'goodput',
  score: 'score',
  accuracy: 'accuracy',
  ungraded_share: 'ungraded',
  ttft_from_schedule: 'TTFT planned',
  thinking: 'thinking',
  chunk_gap: 'chunk gap',
};

/** A metric's title with its unit: `TTFT p50, ms`. */
export function titleOf(metric: EstimateName): string {
  const unit = unitOf(metric);
  return unit === '' ? shortTitleOf(metric) : `${shortTitleOf(metric)}, ${unit}`;
}

/** Without its unit: `TTFT p50`. */
export function shortTitleOf(metric: EstimateName): string {
  const [, name = '', quantile] = /^(.*?)(?:_p(\d+))?$/.exec(metric) ?? [];
  const bare = name.replace(/_ms$/, '');
  const word = WORDS[bare] ?? bare.toUpperCase();
  return quantile === undefined ? word : `${word} p${quantile}`;
}

function unitOf(metric: EstimateName): string {
  if (isShare(metric)) return '%';
  return /_ms(_|$)/.test(metric) ? 'ms' : '';
}

/** Of a share the points between two are told, of anything else the ratio. */
export function isShare(metric: EstimateName): boolean {
  return metric === 'error_rate' || metric === 'goodput_share' || isGrade(metric);
}

/** Whether it is one of graded answers, of which a sample is one case in one pass. */
export function isGrade(metric: EstimateName): metric is GradeName {
  return GRADE_NAMES.some((name) => name === metric);
}

/** Which way a metric points. */
export function betterWayOf(metric: EstimateName): 'lower' | 'higher' {
  return betterOf(metric.replace(/_p\d+$/, ''));
}

/**
 * Reads the name of a metric: as files have it (`ttft_ms_p95`), as a threshold does (`ttft_ms:p(95)`),
 * or as a table does (`TTFT p95`, `tok/s`).
 * @param flag where it was given, for the message
 * @throws TokentapeError (exit 2) where there is none of that name
 */
export function readMetric(text: string, flag: string): EstimateName {
  const written = text.trim();
  const plain = written.replace(/:(?:p\(?|)(med|\d+)\)?$/, (_, p) => `_p${p === 'med' ? 50 : p}`);
  const known = new Map<string, EstimateName>([
    ...ESTIMATES.map((name) => [shortTitleOf(name).toLowerCase(), name] as const),
    ...Object.entries(ALIASES),
    ...ESTIMATES.map((name) => [name, name] as const),
  ]);
  const found = known.get(plain) ?? known.get(plain.toLowerCase());
  if (found !== undefined) return found;
  const otherwise = `known are ${ESTIMATES.join(', ')}`;
  throw usageError(
    `${flag}: there is no metric '${written}'`,
    didYouMean(plain, [...ESTIMATES, ...Object.keys(ALIASES)], otherwise),
  );
}
