import { regularizedBeta } from './beta.ts';
import { normalQuantile } from './normal.ts';

/**
 * Distribution function of Student's t.
 * @param df degrees of freedom, above 0; need not be whole
 * @see https://dlmf.nist.gov/8.17, for I_x(a, b)
 */
export function studentCdf(t: number, df: number): number {
  if (t > 0) return 1 - studentCdf(-t, df);
  const square = t * t;
  // Each form keeps its digits where the other would lose them.
  return square < 1
    ? 0.5 - regularizedBeta(square / (df + square), 0.5, df / 2) / 2
    : regularizedBeta(df / (df + square), df / 2, 0.5) / 2;
}

/**
 * The quantile of Student's t, by bisection between powers of two.
 * @param p in [0, 1]
 * @param df degrees of freedom, above 0; need not be whole
 * @returns ∓`Infinity` at 0 and 1
 */
export function studentQuantile(p: number, df: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, df);
  // Its tails are heavier than the normal ones: the quantile is further out.
  let high = normalQuantile(p);
  let low = 2 * Math.min(high, -1e-3);
  while (studentCdf(low, df) > p) low *= 2;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentCdf(middle, df) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
