import type { Spells, Window } from '../stats/block-bootstrap.ts';
import { fullLoad } from '../stats/concurrency.ts';
import type { Clusters } from '../stats/design-effect.ts';
import type { Column } from './column.ts';

/** The requests of a row that were sent, in the order in which they began. */
export class Timeline {
  /** In milliseconds on the run's clock, ascending. */
  readonly starts: Float64Array;
  /** Ascending too, so not parallel to the starts. */
  readonly ends: Float64Array;
  /** From the first start to the last end; `null` without requests. */
  readonly window: Window | null;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #cases: Float64Array | null;
  readonly #order: Uint32Array;

  /** @param cases a number for each request; `null` where every one has a case of its own */
  constructor(starts: Float64Array, ends: Float64Array, cases: Float64Array | null) {
    this.#starts = starts;
    this.#ends = ends;
    this.#cases = cases;
    this.#order = orderOf(starts, ends);
    this.starts = new Float64Array(starts.length);
    for (let i = 0; i < starts.length; i++) {
      this.starts[i] = starts[this.#order[i] as number] as number;
    }
    this.ends = ends.slice().sort();
    const full = fullLoad(this.starts, this.ends);
    this.window =
      full === undefined
        ? null
        : {
            startMs: this.starts[0] as number,
            endMs: this.ends[this.ends.length - 1] as number,
            fullFromMs: full.from,
            fullToMs: full.to,
          };
  }

  /** Where each request stands in the columns, in the order of time. */
  get order(): Uint32Array {
    return this.#order;
  }

  /** The case of the request that stands there in the columns; `null` where each has its own. */
  caseOf(index: number): number | null {
    return this.#cases?.[index] ?? null;
  }

  /** A column's samples in the order of time, and the case of each. */
  samplesOf(column: Column): { series: Float64Array; clusters: Clusters } {
    const entries = column.entries();
    const series = new Float64Array(column.count);
    const clusters = this.#cases === null ? null : new Uint32Array(column.count);
    let at = 0;
    for (let i = 0; i < this.#order.length; i++) {
      const index = this.#order[i] as number;
      const sample = entries[index] as number;
      if (Number.isNaN(sample)) continue;
      series[at] = sample;
      if (clusters !== null) clusters[at] = this.#cases?.[index] as number;
      at++;
    }
    return { series, clusters };
  }

  /** When each request of which a column has a sample was under way, and what it came to. */
  spellsOf(column: Column, amountOf = (sample: number) => sample): Spells {
    const entries = column.entries();
    const [starts, ends, amounts] = [0, 1, 2].map(() => new Float64Array(column.count)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let at = 0;
    for (let i = 0; i < this.#order.length; i++) {
      const index = this.#order[i] as number;
      const sample = entries[index] as number;
      if (Number.isNaN(sample)) continue;
      starts[at] = this.#starts[index] as number;
      ends[at] = this.#ends[index] as number;
      amounts[at] = amountOf(sample);
      at++;
    }
    return { starts, ends, amounts };
  }
}

/** Of two that began at once, the one that ended first: not the chance of which was written first. */
function orderOf(starts: Float64Array, ends: Float64Array): Uint32Array {
  return Uint32Array.from(starts, (_, index) => index).sort(
    (a, b) =>
      (starts[a] as number) - (starts[b] as number) || (ends[a] as number) - (ends[b] as number),
  );
}
