/** Permutations over the level: so many of them are expected to lie as far out as just rejects. */
const PERMUTATIONS_PER_LEVEL = 10;
/** Bounds are found to this much of the log ratio: 0.1 %. */
const STEP = 1e-3;
/** And sought no further than this: a factor of e²⁰. */
const FARTHEST = 20;

interface Sorted {
  /** Descending. */
  values: Float64Array;
  /** The lot of each. */
  lots: Uint32Array;
}

/**
 * How far a quantile of one arm lies from the same quantile of the other, where the samples come in
 * pairs: S = q(first) − q(second). If nothing but chance told the two of a pair apart, either could
 * be the other: swapping a random half of the pairs gives what S is by chance alone. A shift is
 * tested by taking it off the first arm beforehand. Exact for any distribution, also where the pairs
 * differ among themselves or drift; for a shift, where it is the same at every height of the
 * distribution.
 *
 * Values are logarithms where a ratio is meant. ±`Infinity` is allowed: a reply that never ended;
 * where both quantiles are infinite their difference counts as 0.
 */
export class SwapPermutation {
  readonly #first: Sorted;
  readonly #second: Sorted;
  /** From the top: how many values lie above the upper of the two that the quantile lies between. */
  readonly #above: number;
  readonly #weight: number;
  readonly #words: number;
  /** Where in the merged row the values of either arm are; written over by each permutation. */
  readonly #places: Uint32Array;
  /**
   * One bit a lot, so many words a permutation, of which the first swaps none; drawn as they are
   * needed, and the same for all that is tested.
   */
  #swaps: Uint32Array;
  #drawn = 1;
  readonly #random: () => number;

  /**
   * @param first parallel to `second`: one entry a pair, without NaN
   * @param p in (0, 1); type 7
   * @param random uniform in [0, 1)
   * @param lots parallel too: pairs with the same number are swapped together; all differ without it
   */
  constructor(
    first: Float64Array,
    second: Float64Array,
    p: number,
    random: () => number,
    lots: Uint32Array = Uint32Array.from(first, (_, pair) => pair),
  ) {
    // Down from the top is the shorter way to a high quantile; to a low one, of the negatives.
    const [one, other] = p < 0.5 ? [second.map(negative), first.map(negative)] : [first, second];
    this.#first = sortedWithLots(one, lots);
    this.#second = sortedWithLots(other, lots);
    const position = (first.length - 1) * Math.max(p, 1 - p);
    const index = Math.min(Math.floor(position), Math.max(0, first.length - 2));
    this.#above = Math.max(0, first.length - 2 - index);
    this.#weight = first.length < 2 ? 1 : position - index;
    this.#words = Math.ceil(lots.reduce((most, lot) => Math.max(most, lot + 1), 0) / 32);
    this.#swaps = new Uint32Array(64 * this.#words);
    this.#places = new Uint32Array(2 * (2 * first.length + 1));
    this.#random = random;
  }

  /** S; `undefined` without pairs. */
  estimate(): number | undefined {
    if (this.#first.values.length === 0) return undefined;
    return this.#statistic(this.#merged(0), 0);
  }

  /**
   * Whether S is larger (`sign` 1) or smaller (−1) than swaps show at the level if the true shift
   * were `shift`. Stops as soon as the answer is known.
   */
  rejects(shift: number, sign: 1 | -1, level: number): boolean {
    const count = Math.ceil(PERMUTATIONS_PER_LEVEL / level);
    const allowed = Math.floor(level * (count + 1)) - 1;
    const merged = this.#merged(shift);
    const observed = sign * this.#statistic(merged, 0);
    const tolerance = 1e-12 * Math.abs(Number.isFinite(observed) ? observed : 0);
    let asFar = 0;
    for (let permutation = 1; permutation <= count; permutation++) {
      if (permutation >= this.#drawn) this.#draw();
      if (sign * this.#statistic(merged, permutation) < observed - tolerance) continue;
      if (++asFar > allowed) return false;
    }
    return true;
  }

  /**
   * The true shift is above this but for a chance of `level`; above `anchor` just where the test at
   * `anchor` rejects.
   * @returns -`Infinity` where there is none
   */
  lowerBound(level: number, anchor = 0): number {
    return this.#bound(level, anchor, 1);
  }

  /** The true shift is below this but for a chance of `level`; `Infinity` where there is none. */
  upperBound(level: number, anchor = 0): number {
    return this.#bound(level, anchor, -1);
  }

  #bound(level: number, anchor: number, sign: 1 | -1): number {
    const rejects = (shift: number) => this.rejects(shift, sign, level);
    const rejected = rejects(anchor);
    // From the anchor towards where the test's answer is the other one.
    const direction = rejected ? sign : -sign;
    let near = anchor;
    let width = 0.05;
    let far = anchor + direction * width;
    while (rejects(far) === rejected) {
      width *= 2;
      if (width > FARTHEST) return direction * Infinity;
      near = far;
      far = anchor + direction * width;
    }
    while (Math.abs(far - near) > STEP) {
      const middle = (near + far) / 2;
      if (rejects(middle) === rejected) near = middle;
      else far = middle;
    }
    // What was rejected is no longer possible, so it is the end to give.
    return rejected ? near : far;
  }

  #draw(): void {
    const start = this.#drawn++ * this.#words;
    if (start + this.#words > this.#swaps.length) {
      const grown = new Uint32Array(2 * this.#swaps.length);
      grown.set(this.#swaps);
      this.#swaps = grown;
    }
    for (let word = 0; word < this.#words; word++) {
      this.#swaps[start + word] = this.#random() * 2 ** 32;
    }
  }

  /** Both arms in one descending row, the shift taken off the first. */
  #merged(shift: number) {
    const [a, b] = [this.#first, this.#second];
    const n = a.values.length;
    const values = new Float64Array(2 * n);
    /** Twice the lot, and 1 more for the second arm. */
    const marks = new Uint32Array(2 * n);
    for (let at = 0, i = 0, j = 0; at < 2 * n; at++) {
      const first = i < n ? (a.values[i] as number) - shift : -Infinity;
      if (j >= n || (i < n && first >= (b.values[j] as number))) {
        values[at] = first;
        marks[at] = 2 * (a.lots[i++] as number);
      } else {
        values[at] = b.values[j] as number;
        marks[at] = 2 * (b.lots[j++] as number) + 1;
      }
    }
    return { values, marks };
  }

  /**
   * S after one permutation: down from the top until both arms have their quantile's two neighbours. The
   * innermost loop of all: one step costs a few nanoseconds, and there are millions.
   */
  #statistic(
    { values, marks }: { values: Float64Array; marks: Uint32Array },
    permutation: number,
  ): number {
    const swaps = this.#swaps;
    const start = permutation * this.#words;
    const places = this.#places;
    const room = places.length >>> 1;
    const enough = this.#above + 2;
    let secondCount = 0;
    for (let at = 0; at < values.length; at++) {
      const mark = marks[at] as number;
      const lot = mark >>> 1;
      const isSecond = (mark ^ ((swaps[start + (lot >>> 5)] as number) >>> (lot & 31))) & 1;
      // Without a branch on a random bit: the arm's own part of `places`, at its own count.
      const firstCount = at - secondCount;
      places[firstCount + isSecond * (room + secondCount - firstCount)] = at;
      secondCount += isSecond;
      if (secondCount >= enough && at + 1 - secondCount >= enough) break;
    }
    const first = this.#quantile(values, 0);
    const second = this.#quantile(values, room);
    return first === second ? 0 : first - second;
  }

  /** Of the arm whose places in the row begin there. */
  #quantile(values: Float64Array, start: number): number {
    const upper = values[this.#places[start + this.#above] as number] as number;
    if (this.#weight === 1) return upper;
    const lower = values[this.#places[start + this.#above + 1] as number] as number;
    // Between an infinite and a finite one it is the infinite one; between two alike, either.
    return this.#weight === 0 || lower === upper || lower === -Infinity
      ? lower
      : lower + this.#weight * (upper - lower);
  }
}

function negative(value: number): number {
  return -value;
}

function sortedWithLots(values: Float64Array, lots: Uint32Array): Sorted {
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => {
    const [one, other] = [values[a] as number, values[b] as number];
    return one === other ? a - b : other - one;
  });
  return {
    values: Float64Array.from(order, (index) => values[index] as number),
    lots: Uint32Array.from(order, (index) => lots[index] as number),
  };
}
