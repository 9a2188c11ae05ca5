/**
 * One metric of a row's requests, one entry for each in the order they came: eight bytes each,
 * however many there are, and nothing as long as all are n/a. A censored sample stands at its bound.
 */
export class Column {
  #entries = new Float64Array(0);
  #length = 0;
  #count = 0;
  #lowestBound = Infinity;

  /** `null` is an entry without a sample. */
  push(value: number | null): void {
    if (value !== null) {
      this.#makeRoom();
      this.#entries[this.#length] = value;
      this.#count++;
    } else if (this.#length < this.#entries.length) {
      this.#entries[this.#length] = Number.NaN;
    }
    this.#length++;
  }

  pushBound(bound: number): void {
    this.push(bound);
    this.#lowestBound = Math.min(this.#lowestBound, bound);
  }

  /** How many samples there are; entries without one do not count. */
  get count(): number {
    return this.#count;
  }

  /** The smallest bound of a censored sample; `Infinity` without one. */
  get lowestBound(): number {
    return this.#lowestBound;
  }

  /** Every entry in the order they came, NaN where there is no sample; a view, not a copy. */
  entries(): Float64Array {
    if (this.#entries.length < this.#length) this.#makeRoom();
    return this.#entries.subarray(0, this.#length);
  }

  /** The samples alone, ascending; a copy. */
  sorted(): Float64Array {
    return this.entries()
      .filter((entry) => !Number.isNaN(entry))
      .sort();
  }

  /** Of the same length, with the samples of those entries alone that are meant; bounds stay bounds. */
  only(isMeant: (index: number) => boolean): Column {
    const meant = new Column();
    const entries = this.entries();
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] as number;
      meant.push(Number.isNaN(entry) || !isMeant(index) ? null : entry);
    }
    meant.#lowestBound = this.#lowestBound;
    return meant;
  }

  /** Twice the room wherever it is full; entries that there was no room for were without a sample. */
  #makeRoom(): void {
    if (this.#length < this.#entries.length) return;
    const grown = new Float64Array(Math.max(16, 2 * this.#length));
    grown.set(this.#entries);
    grown.fill(Number.NaN, this.#entries.length, this.#length);
    this.#entries = grown;
  }
}
