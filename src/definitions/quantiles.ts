import { quantile } from '../stats/quantile.ts';

/** Samples with their weights, in any order; both of one length. */
export interface Samples {
  values: Float64Array;
  weights: Float64Array;
}

/** A quantile at p in (0, 1); `null` of no sample. */
export type QuantileRule = (samples: Samples, p: number) => number | null;

/** NumPy's and pandas' default: linear between order statistics, as ours. */
export const linear: QuantileRule = ({ values }, p) =>
  quantile(Float64Array.from(values).sort(), p) ?? null;

/** The smallest value at which the cumulative share of the weights reaches p. */
export const inverseCdf: QuantileRule = ({ values, weights }, p) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const byValue = Array.from(values.keys()).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  let reached = 0;
  for (const i of byValue) {
    const weight = weights[i] as number;
    reached += weight;
    // The last share may fall short of 1 by what adding up loses.
    if (weight > 0 && reached / total >= p - 1e-12) return values[i] as number;
  }
  return null;
};

/** The sample at index ⌊n·p⌋, rounded to hundredths. */
export const sortedIndex: QuantileRule = ({ values }, p) => {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.floor((sorted.length * Math.round(100 * p)) / 100)];
  return value === undefined ? null : Math.round(value * 100) / 100;
};
