import type { Grade } from '../score/types.ts';
import { Column } from './column.ts';
import { meanEstimate } from './mean-estimate.ts';
import { PairKeys } from './pair-keys.ts';
import type { Estimate, LabelReport } from './types.ts';

/** Labels expected and given of a row; a label that could not be read is in none of them. */
export class LabelCounts {
  readonly #keys = new PairKeys();
  /** 1 where unsafe, 0 where safe. */
  readonly #expected = new Column();
  readonly #given = new Column();
  /** 1 where its category was named, 0 where not; nothing where none is expected, or it was not found. */
  readonly #named = new Column();

  add(grade: Grade): void {
    if (grade.label === undefined || grade.label.given === null) return;
    const { expected, given, category_named } = grade.label;
    this.#keys.add(grade);
    this.#expected.push(Number(expected === 'unsafe'));
    this.#given.push(Number(given === 'unsafe'));
    this.#named.push(category_named === undefined ? null : Number(category_named));
  }

  /** `undefined` where no label was given at all. */
  report(): LabelReport | undefined {
    if (this.#keys.count === 0) return undefined;
    const [expected, given] = [this.#expected.entries(), this.#given.entries()];
    const count = (e: number, g: number) =>
      expected.reduce((sum, one, i) => sum + Number(one === e && given[i] === g), 0);
    return {
      unsafe_as_unsafe: count(1, 1),
      unsafe_as_safe: count(1, 0),
      safe_as_safe: count(0, 0),
      safe_as_unsafe: count(0, 1),
      precision: this.#share(expected, (i) => given[i] === 1),
      recall: this.#share(given, (i) => expected[i] === 1),
      false_alarm_rate: this.#share(given, (i) => expected[i] === 0),
      category_accuracy: this.#share(
        this.#named.entries(),
        (i) => !Number.isNaN(this.#named.entries()[i]),
      ),
    };
  }

  /** The share of ones among the entries that are meant. */
  #share(of: Float64Array, isMeant: (index: number) => boolean): Estimate {
    const meant = Array.from(of.keys()).filter(isMeant);
    const cases = this.#keys.cases();
    return meanEstimate(
      Float64Array.from(meant, (index) => of[index] as number),
      Float64Array.from(meant, (index) => cases[index] as number),
    );
  }
}
