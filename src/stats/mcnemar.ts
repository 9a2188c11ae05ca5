import { regularizedBeta } from './beta.ts';

/**
 * Exact one-sided McNemar test: of the pairs of which one side alone was hit, so many or more hit
 * `first` if either side were as likely. P(Bin(first + second, ½) ≥ first).
 * @param first pairs of which only the first side was hit
 * @param second pairs of which only the second was
 * @returns in (0, 1]; 1 where `first` is 0
 */
export function mcnemarP(first: number, second: number): number {
  return asManyOrMore(first, second, 0.5);
}

/**
 * Lower bound for the chance that, of a pair of which one side was hit, it was the first
 * (Clopper–Pearson). It is above ½ just where `mcnemarP` is below the level.
 * @param level one-sided, in (0, 1)
 */
export function firstShareLow(first: number, second: number, level: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (asManyOrMore(first, second, middle) < level) low = middle;
    else high = middle;
  }
  return low;
}

/** P(Bin(first + second, share) ≥ first), which rises with the share. */
function asManyOrMore(first: number, second: number, share: number): number {
  return first === 0 ? 1 : regularizedBeta(share, first, second + 1);
}
