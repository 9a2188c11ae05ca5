import type { RowSamples } from './row-samples.ts';
import type { SummaryRow } from './types.ts';

/**
 * A summary row with the samples that it was drawn from: what a verdict needs beyond the 95 %
 * intervals, as bounds at other levels and quantiles that a row does not hold.
 */
export interface RowEvidence {
  row: SummaryRow;
  /** Empty where nothing was sent. */
  samples: RowSamples;
}
