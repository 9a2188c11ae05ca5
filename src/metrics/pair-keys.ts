import { Column } from './column.ts';
import type { RequestRecord } from './types.ts';

/** Repeats and turns share one number with the name; so many of them are never reached. */
const TURNS = 2 ** 8;
const REPEATS = 2 ** 20;

/**
 * What tells which request of a row was sent the same prompt as which of another: numbers only, for
 * there may be a million. Names are numbered in the order they come, by each row for itself.
 */
export class PairKeys {
  readonly #cases = new Names();
  readonly #pairs = new Names();
  readonly #caseKeys = new Column();
  readonly #pairKeys = new Column();
  count = 0;

  add(record: Pick<RequestRecord, 'case_id' | 'repeat' | 'turn' | 'pair_id'>): void {
    const { case_id, repeat, turn, pair_id } = record;
    this.count++;
    const within = (repeat % REPEATS) * TURNS + (turn % TURNS);
    this.#caseKeys.push(this.#cases.numberOf(case_id) * REPEATS * TURNS + within);
    this.#pairKeys.push(pair_id === undefined ? null : this.#pairs.numberOf(pair_id));
  }

  /** How many different cases there are. */
  get caseCount(): number {
    return this.#cases.count;
  }

  /** The case of each request: a number from 0 on. */
  cases(): Float64Array {
    return this.#caseKeys.entries().map((key) => Math.floor(key / (REPEATS * TURNS)));
  }

  /** Whether every request is one of a pair. */
  get sentInPairs(): boolean {
    return this.count > 0 && this.#pairKeys.count === this.count;
  }

  /**
   * The key of each request, in the order they came.
   * @param bySending the pair it was sent in, instead of case, repeat and turn
   * @param numbering by whose numbers; −1, and what follows from it, for names it does not know
   */
  entries(bySending: boolean, numbering: PairKeys = this): Float64Array {
    const own = (bySending ? this.#pairKeys : this.#caseKeys).entries();
    if (numbering === this) return own;
    const [from, to] = bySending
      ? [this.#pairs, numbering.#pairs]
      : [this.#cases, numbering.#cases];
    const size = bySending ? 1 : REPEATS * TURNS;
    const numbers = from.names.map((name) => to.known(name) ?? Number.NaN);
    return own.map((key) => {
      const name = Math.floor(key / size);
      return (numbers[name] as number) * size + (key - name * size);
    });
  }
}

/** Names and their numbers. */
class Names {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.names.length;
  }

  known(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
