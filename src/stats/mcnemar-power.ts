import { regularizedBeta } from './beta.ts';
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
  let [below] = [0];
  for (let count = 1; count <= n; count++) {
    // P(exactly `count` pairs differ)
    const upTo = 1 - binomialAtLeast(n, differing, count + 1);
    const probability = upTo - (count === 1 ? 1 - binomialAtLeast(n, differing, 1) : below);
    below = upTo;
    if (probability > 1e-9) {
      const least = leastSignificant(count, alpha);
      if (least <= count) power += probability * binomialAtLeast(count, share, least);
    } else if (count > n * differing) break;
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

const known = new Map<string, number>();

/** The fewest hits of `count` that a fair coin has no more often than `alpha`; `count + 1`: none. */
function leastSignificant(count: number, alpha: number): number {
  const key = `${count}/${alpha}`;
  let least = known.get(key);
  if (least === undefined) {
    least = Math.floor(count / 2) + 1;
    while (least <= count && binomialAtLeast(count, 0.5, least) > alpha) least++;
    known.set(key, least);
  }
  return least;
}

/** P(Bin(n, p) ≥ k) */
export function binomialAtLeast(n: number, p: number, k: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : regularizedBeta(p, k, n - k + 1);
}
