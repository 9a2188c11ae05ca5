import { estimate } from '../metrics/estimate.ts';
import { orderedSample, quantileEstimate } from '../metrics/estimates.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import type { Estimate } from '../metrics/types.ts';
import { type Observed, quantileNameOf } from './observed.ts';

/** What a row shows of what is judged, with its 95 % interval; a quantile that it does not hold, from its samples. */
export function observe({ row, samples }: RowEvidence, observed: Observed): Estimate {
  if (observed.kind === 'cost') return estimate(row.cost_usd, row.requests.ok);
  if (observed.kind !== 'quantile') return row.estimates[observed.name];
  const name = quantileNameOf(observed);
  if (name !== null) return row.estimates[name];
  const column = samples.columns[observed.metric];
  return quantileEstimate(orderedSample(column, samples.timeline()), observed.p, column.count);
}
