import { normalQuantile } from './normal.ts';

/** Pairs in which something happened to one side, the other, or either way the same to both. */
export interface PairedCounts {
  firstOnly: number;
  secondOnly: number;
  /** All pairs, of which the rest were alike. */
  pairs: number;
}

/**
 * The true difference of the two shares (first − second) is below this but for a chance of `level`:
 * Tango's score bound for paired shares. It holds at shares of 0 and 1, too.
 * @param level one-sided, in (0, 0.5)
 * @returns in [−1, 1]; 1 without pairs
 * @see Tango (1998), Statistics in Medicine 17, 891–908
 */
export function differenceHigh({ firstOnly, secondOnly, pairs }: PairedCounts, level: number) {
  if (pairs === 0) return 1;
  const z = normalQuantile(level);
  let low = (firstOnly - secondOnly) / pairs;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (score(firstOnly, secondOnly, pairs, middle) > z) low = middle;
    else high = middle;
  }
  return high;
}

/** The true difference of the two shares is above this but for a chance of `level`. */
export function differenceLow({ firstOnly, secondOnly, pairs }: PairedCounts, level: number) {
  return -differenceHigh({ firstOnly: secondOnly, secondOnly: firstOnly, pairs }, level);
}

/** How many standard errors the difference lies above `delta`, if `delta` were the true one. */
function score(firstOnly: number, secondOnly: number, pairs: number, delta: number): number {
  const gap = firstOnly - secondOnly - pairs * delta;
  // The likeliest share of secondOnly under that difference: the root of a·q² + b·q + c.
  const a = 2 * pairs;
  const b = (2 * pairs - firstOnly + secondOnly) * delta - firstOnly - secondOnly;
  const c = -secondOnly * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = pairs * (2 * q + delta * (1 - delta));
  if (variance > 0) return gap / Math.sqrt(variance);
  return gap === 0 ? 0 : Math.sign(gap) * Infinity;
}
