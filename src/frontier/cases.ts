import type { PairKeys } from '../metrics/pair-keys.ts';
import { drawingOf } from './pool.ts';

/** The cases that models were asked, numbered over all of them: equal numbers are equal prompts. */
export class Cases {
  readonly #numbers = new Map<string, number>();
  readonly #strata = new Map<string, number>();
  readonly #stratumOf: number[] = [];

  /** The number of the case that each entry of a row's columns is of. */
  numbersOf(keys: PairKeys): Uint32Array {
    const numbers = keys.caseNames.map((name) => this.#numberOf(name));
    return Uint32Array.from(keys.cases(), (own) => numbers[own] as number);
  }

  get count(): number {
    return this.#stratumOf.length;
  }

  /** Of each case: which suite, as drawn from which seed, it is of; from 0 on. */
  strata(): Uint32Array {
    return Uint32Array.from(this.#stratumOf);
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const drawing = drawingOf(name);
    const stratum = this.#strata.get(drawing) ?? this.#strata.size;
    this.#strata.set(drawing, stratum);
    this.#numbers.set(name, this.#stratumOf.length);
    return this.#stratumOf.push(stratum) - 1;
  }
}
