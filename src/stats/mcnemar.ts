import { regularizedBeta } from './beta.ts';

/**
 * Exact one-sided McNemar test: of the pairs of which one side alone was hit, as many or more hit
 * `first` if each side were as likely as the other. P(Bin(first + second, ½) ≥ first).
 * @param first pairs of which only the first side was hit
 * @param second pairs of which only the second was
 * @returns in (0, 1]; 1 where `first` is 0
 */
export function mcnemarP(first: number, second: number): number {
  return first === 0 ? 1 : regularizedBeta(0.5, first, second + 1);
}

/**
 * Lower bound for the chance that, of a pair of which one side was hit, it was the first
 * (Clopper–Pearson). It is above ½ just where `mcnemarP` is below the level.
 * @param level one-sided, in (0, 1)
 */
export function firstShareLow(first: number, second: number, level: number): number {
  if (first === 0) return 0;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    // P(Bin(first + second, middle) ≥ first), which rises with it.
    if (regularizedBeta(middle, first, second + 1) < level) low = middle;
    else high = middle;
  }
  return low;
}
