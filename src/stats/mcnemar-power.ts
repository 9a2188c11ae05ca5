import { binomialAtLeast } from './binomial-power.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** Where more pairs than this are expected to differ, the normal approximation is as good. */
const MANY = 80;

/**
 * The chance that the exact one-sided McNemar test over n pairs finds more hits in the first arm.
 * @param first probability that a pair has a hit in the first arm alone
 * @param second in the second alone
 */
export function mcnemarPower(first: number, second: number, n: number, alpha: number): number {
  const differing = first + second;
  if (differing === 0) return 0;
  if (n * differing > MANY) return approximatePower(first, second, n, alpha);
  const share = first / differing;
  let power = 0;
  let atLeast = binomialAtLeast(n, differing, 1);
  for (let count = 1; count <= n && atLeast > 1e-9; count++) {
    const more = binomialAtLeast(n, differing, count + 1);
    const least = leastSignificant(count, alpha);
    if (least <= count) power += (atLeast - more) * binomialAtLeast(count, share, least);
    atLeast = more;
  }
  return power;
}

/** (first − second)/√(first + second) of the counts, whose variance a difference makes smaller. */
function approximatePower(first: number, second: number, n: number, alpha: number): number {
  const differing = first + second;
  const mean = ((first - second) * n - 1) / Math.sqrt(differing * n);
  const sd = Math.sqrt(Math.max(1e-12, 1 - (first - second) ** 2 / differing));
  return normalCdf((mean - normalQuantile(1 - alpha)) / sd);
}

/** The fewest hits of `count` that a fair coin has no more often than `alpha`; `count + 1`: none. */
function leastSignificant(count: number, alpha: number): number {
  let least = Math.floor(count / 2) + 1;
  while (least <= count && binomialAtLeast(count, 0.5, least) > alpha) least++;
  return least;
}
