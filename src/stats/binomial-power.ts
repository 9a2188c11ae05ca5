import { regularizedBeta } from './beta.ts';

/** P(Bin(n, p) ≥ k) */
export function binomialAtLeast(n: number, p: number, k: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : regularizedBeta(p, k, n - k + 1);
}

/**
 * The chance that the exact one-sided test of n trials finds their share above (or below) a limit.
 * @param share the true one
 * @param limit in (0, 1)
 * @param side on which of the limit the share is to be found
 */
export function binomialPower(
  share: number,
  limit: number,
  n: number,
  alpha: number,
  side: 'above' | 'below',
): number {
  // The test's count from the other end: few hits are many misses.
  if (side === 'below') return binomialPower(1 - share, 1 - limit, n, alpha, 'above');
  let [most, least] = [-1, n + 1];
  while (least - most > 1) {
    const middle = (most + least) >> 1;
    if (binomialAtLeast(n, limit, middle) <= alpha) least = middle;
    else most = middle;
  }
  return binomialAtLeast(n, share, least);
}
