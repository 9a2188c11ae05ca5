import { CHANCE_SDS } from './design-effect.ts';

/**
 * The design effect of a first-order process with the rank correlation of neighbours. It sees
 * dependence in fewer samples than hits do, which know only of two values.
 * @param series in the order of time
 * @param sorted the same, ascending
 * @returns 1 or more; 1 where chance alone would often show as much
 */
export function neighbourEffect(series: Float64Array, sorted: Float64Array): number {
  const n = series.length;
  const ranks = series.map((value) => rankOf(value, sorted) - (n - 1) / 2);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += (ranks[i] as number) ** 2;
    if (i > 0) products += (ranks[i] as number) * (ranks[i - 1] as number);
  }
  if (squares === 0) return 1;
  const seen = products / squares;
  if (seen + 1 / n < CHANCE_SDS / Math.sqrt(n)) return 1;
  // What is seen falls short of the true correlation by about (1 + 3ρ)/n (Kendall 1954).
  const rho = Math.min(0.99, seen + (1 + 3 * seen) / n);
  return (1 + rho) / (1 - rho);
}

/** From 0 on; the mean of their ranks where several are equal. */
function rankOf(value: number, sorted: Float64Array): number {
  const first = firstWhere(sorted, (each) => each >= value);
  const past = firstWhere(sorted, (each) => each > value);
  return (first + past - 1) / 2;
}

/** The first index from which on it holds. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
