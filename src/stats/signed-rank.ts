import { signedRankCount } from './signed-rank-distribution.ts';
import { kthWalsh, walshAtMost } from './walsh-averages.ts';

/** Stands for an infinite difference while sums are taken: far beyond any finite one. */
const HUGE = 1e300;

/**
 * Where differences are centred, by Wilcoxon's signed ranks: the Hodges–Lehmann estimate is the
 * median of the Walsh averages (xᵢ + xⱼ)/2, i ≤ j; a bound is that of them which the signed-rank
 * test still does not reject as the centre. Nothing is supposed of the differences but that they are
 * independent and symmetric around the centre.
 *
 * Ties and zeros need no correction: a bound counts every average that equals it as on its far
 * side. Were ties broken at random, the differences would have the untied distribution and the count
 * could only be smaller, so a bound is wrong no more often than its level says, however many are
 * equal (what it costs is nothing, unless they are nearly all equal, and then it lies on the tie).
 *
 * ±`Infinity` is a difference beyond all others (one of the two never ended). An average of two that
 * point the same way, or of one with a finite one, is infinite. One of each cancel out to 0 in the
 * estimate, and count against either bound.
 */
export class SignedRank {
  readonly #sorted: Float64Array;
  readonly #infinite: { negative: number; positive: number };

  /** @param differences without NaN, in any order; not changed */
  constructor(differences: ArrayLike<number>) {
    this.#sorted = Float64Array.from(differences).sort();
    const n = this.#sorted.length;
    let negative = 0;
    while (negative < n && this.#sorted[negative] === -Infinity) negative++;
    let positive = 0;
    while (positive < n - negative && this.#sorted[n - 1 - positive] === Infinity) positive++;
    this.#infinite = { negative, positive };
  }

  /** Hodges–Lehmann; `undefined` without differences. */
  estimate(): number | undefined {
    const averages = this.#averages;
    if (averages === 0) return undefined;
    const lower = this.#kth(Math.floor((averages + 1) / 2), HUGE, HUGE);
    if (averages % 2 === 1) return lower;
    const upper = this.#kth(averages / 2 + 1, HUGE, HUGE);
    if (lower === upper) return lower;
    return lower === -Infinity && upper === Infinity ? 0 : (lower + upper) / 2;
  }

  /**
   * The true centre is above this but for a chance of `level`.
   * @param level in (0, 0.5]
   * @returns -`Infinity` where there are too few differences for that level
   */
  lowerBound(level: number): number {
    const k = signedRankCount(this.#sorted.length, level);
    return k === 0 ? -Infinity : this.#kth(k, 2 * HUGE, HUGE);
  }

  /** The true centre is below this but for a chance of `level`; `Infinity` where none can be given. */
  upperBound(level: number): number {
    const k = signedRankCount(this.#sorted.length, level);
    return k === 0 ? Infinity : this.#kth(this.#averages + 1 - k, HUGE, 2 * HUGE);
  }

  get #averages(): number {
    return (this.#sorted.length * (this.#sorted.length + 1)) / 2;
  }

  /** The k-th smallest average, with what stands for -`Infinity` and `Infinity`. */
  #kth(k: number, below: number, above: number): number {
    const { negative, positive } = this.#infinite;
    const n = this.#sorted.length;
    let values = this.#sorted;
    if (negative + positive > 0) {
      values = values.slice().fill(-below, 0, negative);
      values.fill(above, n - positive);
    }
    const finite = n - negative - positive;
    const from = finite > 0 ? Math.min(0, values[negative] as number) : 0;
    const to = finite > 0 ? Math.max(0, values[n - 1 - positive] as number) : 0;
    if (negative > 0 && k <= walshAtMost(values, -HUGE / 4)) return -Infinity;
    if (positive > 0 && k > walshAtMost(values, HUGE / 4)) return Infinity;
    return kthWalsh(values, k, from, to);
  }
}
