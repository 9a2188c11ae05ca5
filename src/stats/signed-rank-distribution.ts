import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

/** Up to here the distribution is counted out; beyond, its approximation is off by under 1 % of a level. */
const MOST_EXACT = 128;

/**
 * How many of the smallest Walsh averages may lie below a bound at a one-sided level: the largest k
 * with P(T < k) ≤ level, T being Wilcoxon's signed-rank statistic of n differences that are
 * symmetric around 0.
 * @param n differences, 0 or more
 * @param level in (0, 0.5]
 * @returns 0 where no bound has that level: n is too small
 */
export function signedRankCount(n: number, level: number): number {
  return n <= MOST_EXACT ? exactCount(n, level) : approximateCount(n, level);
}

/** P(T = t), t = 0 …, counted out once for each n. */
const known = new Map<number, Float64Array>();

function exactCount(n: number, level: number): number {
  const probabilities = known.get(n) ?? distributionOf(n);
  known.set(n, probabilities);
  let below = 0;
  let k = 0;
  while (k < probabilities.length && below + (probabilities[k] as number) <= level) {
    below += probabilities[k] as number;
    k++;
  }
  return k;
}

/** Every rank is in the sum or not, with equal chances; the lower half is enough. */
function distributionOf(n: number): Float64Array {
  const most = Math.floor((n * (n + 1)) / 4);
  const probabilities = new Float64Array(most + 1);
  probabilities[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let t = most; t >= 0; t--) {
      const without = probabilities[t] as number;
      probabilities[t] = (without + (t >= rank ? (probabilities[t - rank] as number) : 0)) / 2;
    }
  }
  return probabilities;
}

/** Normal, with the correction for continuity and the Edgeworth term of the excess kurtosis. */
function approximateCount(n: number, level: number): number {
  const mean = (n * (n + 1)) / 4;
  const squares = (n * (n + 1) * (2 * n + 1)) / 6;
  const fourths = (squares * (3 * n * n + 3 * n - 1)) / 5;
  const sd = Math.sqrt(squares / 4);
  const excess = (-2 * fourths) / squares ** 2;
  const atMost = (t: number): number => {
    const z = (t + 0.5 - mean) / sd;
    return normalCdf(z) - (normalDensity(z) * excess * (z ** 3 - 3 * z)) / 24;
  };
  let k = Math.max(0, Math.floor(mean + sd * normalQuantile(level)));
  while (k > 0 && atMost(k - 1) > level) k--;
  while (k < mean && atMost(k) <= level) k++;
  return k;
}
