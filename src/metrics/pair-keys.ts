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

  /** Their names, by number. */
  get caseNames(): readonly string[] {
    return this.#cases.names;
  }

  /** The case of each request: a number from 0 on. */
  cases(): Float64Array {
    return this.#caseKeys.entries().map((key) => Math.floor(key / (REPEATS * TURNS)));
  }

  /** The turn of each request within its conversation. */
  turns(): Float64Array {
    return this.#caseKeys.entries().map((key) => key % TURNS);
  }

  /** Whether every request is one of a pair. */
  get sentInPairs(): boolean {
    return this.count > 0 && this.#pairKeys.count === this.count;
  }

  /**
   * Where among the requests of another row the one that was sent the same prompt stands, for each
   * request; −1 without one.
   * @param bySending by the pair it was sent in, instead of case, repeat and turn
   */
  partnersAmong(other: PairKeys, bySending: boolean): Int32Array {
    const positions = new Map<number, number>();
    const [own, others] = bySending
      ? [this.#pairKeys.entries(), other.#pairKeys.entries()]
      : [this.#caseKeys.entries(), other.#caseKeys.entries()];
    const names = bySending ? [this.#pairs, other.#pairs] : [this.#cases, other.#cases];
    const [ownNames, otherNames] = names as [Names, Names];
    const size = bySending ? 1 : REPEATS * TURNS;
    const numbers = ownNames.names.map((name) => otherNames.known(name) ?? -1);
    for (let index = others.length - 1; index >= 0; index--) {
      positions.set(others[index] as number, index);
    }
    const partners = new Int32Array(own.length).fill(-1);
    for (let index = 0; index < own.length; index++) {
      const name = Math.floor((own[index] as number) / size);
      const number = numbers[name] as number;
      if (number < 0) continue;
      const key = number * size + ((own[index] as number) - name * size);
      partners[index] = positions.get(key) ?? -1;
      // Each is the partner of one only.
      positions.delete(key);
    }
    return partners;
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
