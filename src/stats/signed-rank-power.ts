import { normalCdf, normalQuantile } from './normal.ts';

/** How often sums of one, two and overlapping pairs of shifted differences are above 0. */
export interface ShiftShares {
  /** P(x > 0) */
  one: number;
  /** P(x + y > 0) */
  two: number;
  /** P(x + y > 0 and x + z > 0) */
  three: number;
}

/**
 * Differences together with their mirror images: what chance alone does to pairs whose arms are drawn
 * at random looks the same from both sides.
 * @param centred around 0; may hold ±Infinity
 * @returns ascending, twice as long
 */
export function mirrored(centred: Float64Array): Float64Array {
  const both = new Float64Array(2 * centred.length);
  for (let i = 0; i < centred.length; i++) {
    both[2 * i] = centred[i] as number;
    both[2 * i + 1] = -(centred[i] as number);
  }
  return both.sort();
}

/**
 * The shares that a Wilcoxon signed-rank test rests on, if every difference were larger by `shift`.
 * A value is put together neither with itself nor with its own mirror image, whose sums say nothing
 * of how two draws differ.
 * @param symmetric ascending, as `mirrored` gives them; at least 4
 */
export function shiftShares(symmetric: Float64Array, shift: number): ShiftShares {
  const m = symmetric.length;
  let one = 0;
  let two = 0;
  let three = 0;
  let first = m;
  for (let i = 0; i < m; i++) {
    const x = symmetric[i] as number;
    // As x rises, more of the others lift the sum above 0.
    const least = -2 * shift - x;
    while (first > 0 && (symmetric[first - 1] as number) > least) first--;
    const own = Number(x > least) + Number(-x > least);
    const share = (m - first - own) / (m - 2);
    two += share;
    three += share * share;
    if (x > -shift) one++;
  }
  return { one: one / m, two: two / m, three: three / m };
}

/**
 * The chance that n differences with these shares have a signed-rank sum past the bound that a test
 * at `alpha` (one-sided) sets, by the sum's normal approximation.
 * @param alpha 0.5: past the middle, which is where the Hodges–Lehmann estimate is above 0
 * @see Lehmann, Nonparametrics: Statistical Methods Based on Ranks (1975), section 4.2
 */
export function signedRankPower(
  { one, two, three }: ShiftShares,
  n: number,
  alpha: number,
): number {
  const sums = (n * (n - 1)) / 2;
  const mean = n * one + sums * two;
  const variance =
    n * one * (1 - one) +
    sums * (2 * (one - two) ** 2 + 3 * two * (1 - two)) +
    n * (n - 1) * (n - 2) * (three - two * two);
  const underNothing = (n * (n + 1) * (2 * n + 1)) / 24;
  const bound = (n * (n + 1)) / 4 + normalQuantile(1 - alpha) * Math.sqrt(underNothing);
  if (!(variance > 0)) return Number(mean > bound);
  return normalCdf((mean - bound) / Math.sqrt(variance));
}
