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
  const ranks = series.map((value) => midRank(value, sorted) - (n - 1) / 2);
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

/**
 * How many of a sorted sample are below a value, and half of those that equal it, less half of the
 * value itself where it is one of them: from 0 on, the mean of their ranks where several are equal.
 */
export function midRank(value: number, sorted: Float64Array): number {
  return (countBelow(value, sorted) + countUpTo(value, sorted) - 1) / 2;
}

/** How many of a sorted sample are smaller. */
export function countBelow(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of a sorted sample are no larger. */
export function countUpTo(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
