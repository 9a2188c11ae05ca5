import { quantileOfThinned } from '../../baseline/thinning.ts';
import type { Baseline, BaselineRow } from '../../baseline/types.ts';
import type { RowEvidence } from '../../metrics/evidence.ts';
import type { RowName } from '../../metrics/row-key.ts';
import type { Estimate, SummaryRow } from '../../metrics/types.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import { estimateNameOf, type GatedMetric } from '../metric.ts';
import { observe } from '../observe.ts';
import type { Tally } from './share-change.ts';

/** One earlier run's figure of a row. */
export interface EarlierFigure {
  runId: string;
  row: BaselineRow;
  /** `value` is above 0, or a share. */
  estimate: Estimate & { value: number };
}

/** The figures that a history has of one row and metric. */
export interface Series {
  figures: EarlierFigure[];
  /** Runs that have such a row, and no figure to hold against: too few samples, or only a bound. */
  without: number;
}

/** In the order of the history. */
export function seriesOf(row: RowName, metric: GatedMetric, history: readonly Baseline[]): Series {
  const figures: EarlierFigure[] = [];
  let without = 0;
  for (const { run_id: runId, rows } of history) {
    const earlier = rows.find(
      ({ target, model, suite }) =>
        target === row.target && model === row.model && suite === row.suite,
    );
    if (earlier === undefined || nothingSent(earlier)) continue;
    const { value, ...rest } = storedEstimate(earlier, metric);
    if (value === null || rest.at_least || (metric.kind === 'quantile' && value <= 0)) without++;
    else figures.push({ runId, row: earlier, estimate: { value, ...rest } });
  }
  return { figures, without };
}

function nothingSent({ requests }: Pick<SummaryRow, 'requests'>): boolean {
  return requests.skipped === requests.planned;
}

/** A share as counts of what is bad: of a score, what its answers lack of being right. */
export function tallyOf(
  metric: GatedMetric,
  { requests }: Pick<SummaryRow, 'requests'>,
  { value, n }: Pick<Estimate, 'value' | 'n'>,
): Tally {
  if (metric.kind !== 'grade') {
    return { failed: requests.failed, of: requests.ok + requests.failed };
  }
  const share = value ?? 0;
  return { failed: n * (metric.better === 'lower' ? share : 1 - share), of: n };
}

/** The tallies of earlier runs; those of one that nobody answered are none. */
export function talliesOf(metric: GatedMetric, { figures }: Pick<Series, 'figures'>): Tally[] {
  return figures.map(({ row, estimate }) => tallyOf(metric, row, estimate));
}

/** From the share of what is bad to the metric, and back. */
export function asMetric({ better }: Pick<GatedMetric, 'better'>, bad: number): number {
  return better === 'lower' ? bad : 1 - bad;
}

/** What the run that is judged shows of a metric. */
export function judgedEstimate(evidence: RowEvidence, metric: GatedMetric): Estimate {
  switch (metric.kind) {
    case 'error_rate':
      return observe(evidence, { kind: 'share', name: 'error_rate' });
    case 'grade':
      return observe(evidence, { kind: 'grade', name: metric.text });
    case 'quantile':
      return observe(evidence, metric);
  }
}

/** A quantile that a row does not hold comes from its samples, as far as they were kept. */
function storedEstimate(row: BaselineRow, metric: GatedMetric): Estimate {
  const name = estimateNameOf(metric);
  if (name !== null) return row.estimates[name];
  const none = { value: null, low: null, high: null, n: 0 };
  if (metric.kind !== 'quantile') return none;
  const stored = row.samples[metric.metric];
  if (stored === undefined || stored.of < minimumSamples(metric.p)) return none;
  const value = quantileOfThinned(stored, metric.p);
  const bound = stored.at_least_from;
  const bounded = bound !== null && value >= bound;
  return { ...none, value, n: stored.of, ...(bounded && { at_least: true }) };
}
