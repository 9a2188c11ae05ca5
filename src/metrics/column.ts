/**
 * Samples of one metric in a growing typed array: eight bytes each, however many there are.
 * A censored sample stands at its lower bound.
 */
export class Column {
  #values = new Float64Array(16);
  #length = 0;
  #lowestBound = Infinity;
  #sorted = true;

  /** `null` is no sample. */
  push(value: number | null): void {
    if (value === null) return;
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
    this.#sorted = false;
  }

  pushBound(bound: number): void {
    this.push(bound);
    this.#lowestBound = Math.min(this.#lowestBound, bound);
  }

  get length(): number {
    return this.#length;
  }

  /** The smallest bound of a censored sample; `Infinity` without one. */
  get lowestBound(): number {
    return this.#lowestBound;
  }

  /** The samples in the order they came, until `sorted` is called; a view, not a copy. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** The samples, ascending, sorted where they stand. */
  sorted(): Float64Array {
    const values = this.values();
    if (!this.#sorted) values.sort();
    this.#sorted = true;
    return values;
  }
}
