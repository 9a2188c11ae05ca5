/** Of differences that are left, few enough to be laid out and sorted. */
const FEW = 4096;

/**
 * The differences of every value of one sample to every value of another, n·m of them, none of which
 * is kept: they are counted, and the k-th smallest is found, in O((n + m)·log(n + m)) steps.
 */
export class PairwiseDifferences {
  readonly #base: Float64Array;
  readonly #other: Float64Array;

  /**
   * @param base ascending, without NaN; may end with `Infinity`
   * @param other likewise; `Infinity` in one of the two only
   */
  constructor(base: Float64Array, other: Float64Array) {
    this.#base = base;
    this.#other = other;
  }

  /** n·m */
  get count(): number {
    return this.#base.length * this.#other.length;
  }

  /** The middle one of other − base, or the mean of the two middle ones: Hodges and Lehmann's shift. */
  median(): number {
    const middle = this.ranked(Math.ceil(this.count / 2));
    if (this.count % 2 === 1) return middle;
    const next = this.ranked(this.count / 2 + 1);
    return middle === next ? middle : (middle + next) / 2;
  }

  /**
   * The k-th smallest of other − base.
   * @param k from 1 to n·m
   */
  ranked(k: number): number {
    const base = this.#base;
    const other = this.#other;
    const open = this.#openEnd(k);
    if (open !== undefined) return open;
    // All finite ones lie in (low, high].
    let low = (other[0] as number) - lastFinite(base);
    let high = lastFinite(other) - (base[0] as number);
    let upToLow = this.upTo(low);
    if (upToLow >= k) return low;
    let upToHigh = this.count - (other.length - finiteOf(other)) * base.length;
    while (upToHigh - upToLow > FEW) {
      const middle = low + (high - low) / 2;
      // Neighbours among the numbers there are: all that is left equals the upper one.
      if (middle <= low || middle >= high) return high;
      const upToMiddle = this.upTo(middle);
      if (upToMiddle >= k) [high, upToHigh] = [middle, upToMiddle];
      else [low, upToLow] = [middle, upToMiddle];
    }
    return this.#between(low, high)[k - upToLow - 1] as number;
  }

  /** How many of other − base are no larger than `limit`. */
  upTo(limit: number): number {
    const base = this.#base;
    const other = this.#other;
    let count = 0;
    // The larger the base, the more of the other sample are within the limit.
    let within = 0;
    for (let i = 0; i < base.length; i++) {
      const from = base[i] as number;
      while (within < other.length && (other[within] as number) - from <= limit) within++;
      count += within;
    }
    return count;
  }

  /** The differences that an open value takes part in stand at the ends: −∞ in front, ∞ behind. */
  #openEnd(k: number): number | undefined {
    const openBase = this.#base.length - finiteOf(this.#base);
    const openOther = this.#other.length - finiteOf(this.#other);
    if (k <= openBase * this.#other.length) return -Infinity;
    return k > this.count - openOther * this.#base.length ? Infinity : undefined;
  }

  /** The differences in (low, high], ascending. */
  #between(low: number, high: number): Float64Array {
    const base = this.#base;
    const other = this.#other;
    const found: number[] = [];
    let first = 0;
    for (let i = 0; i < base.length; i++) {
      const from = base[i] as number;
      while (first < other.length && (other[first] as number) - from <= low) first++;
      for (let j = first; j < other.length; j++) {
        const difference = (other[j] as number) - from;
        if (difference > high) break;
        found.push(difference);
      }
    }
    return Float64Array.from(found).sort();
  }
}

function finiteOf(ascending: Float64Array): number {
  let finite = ascending.length;
  while (finite > 0 && ascending[finite - 1] === Infinity) finite--;
  return finite;
}

function lastFinite(ascending: Float64Array): number {
  return ascending[finiteOf(ascending) - 1] as number;
}
