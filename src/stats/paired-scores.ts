import { firstShareLow } from './mcnemar.ts';
import { differenceHigh, differenceLow } from './score-difference.ts';

/**
 * What the differences of pairs come to, a difference of 1 being a whole pair: of pairs that are right
 * or wrong these are McNemar's counts.
 */
export interface ScoreDifferences {
  /** Sum of those above 0, in pairs. */
  lost: number;
  /** Sum of those below 0, likewise. */
  gained: number;
  /** All, those of 0 included. */
  count: number;
  /** Σd² / Σ|d|: 1 where every difference is a whole one; 0 where there is none. */
  size: number;
}

/** @param differences each in [−1, 1], above 0 being a loss; independent of one another */
export function scoreDifferences(differences: Float64Array): ScoreDifferences {
  let [lost, gained, squares] = [0, 0, 0];
  for (let i = 0; i < differences.length; i++) {
    const difference = differences[i] as number;
    squares += difference * difference;
    if (difference > 0) lost += difference;
    else gained -= difference;
  }
  const differing = lost + gained;
  const size = differing === 0 ? 0 : squares / differing;
  return { lost, gained, count: differences.length, size };
}

/**
 * The mean loss is above this but for a chance of `level`: the smaller of Tango's bound and of the exact
 * one given how many pairs differ, which is above 0 just where the exact McNemar test rejects. Differences
 * smaller than a whole one count as the fewer, whole-sized pairs that have their variance, of which the
 * test then takes signs for fair coins, as it does of whole ones.
 * @param level one-sided, in (0, 0.5)
 * @returns in [−1, 1]; −1 without pairs
 */
export function lossLow({ lost, gained, count, size }: ScoreDifferences, level: number): number {
  if (count === 0) return -1;
  const scale = size === 0 ? 1 : size;
  const [firstOnly, secondOnly] = [lost / scale, gained / scale];
  const exact = (2 * firstShareLow(firstOnly, secondOnly, level) - 1) * ((lost + gained) / count);
  return Math.min(exact, differenceLow({ firstOnly, secondOnly, pairs: count / scale }, level));
}

/**
 * The mean loss is below this but for a chance of `level`: Tango's bound, a part of a difference
 * counting as that part of a pair. That is the widest that differences of this mean can have, so pairs
 * that were all but alike are not taken to say that none could differ by more.
 * @returns in [−1, 1]; 1 without pairs
 */
export function lossHigh({ lost, gained, count }: ScoreDifferences, level: number): number {
  return differenceHigh({ firstOnly: lost, secondOnly: gained, pairs: count }, level);
}

/**
 * The mean of the differences of each case, in the order in which cases come.
 * @param cases the number of the case that each difference is of
 */
export function caseMeans(differences: Float64Array, cases: Uint32Array): Float64Array {
  const byCase = new Map<number, { sum: number; count: number }>();
  for (let i = 0; i < differences.length; i++) {
    const found = byCase.get(cases[i] as number);
    const difference = differences[i] as number;
    if (found === undefined) byCase.set(cases[i] as number, { sum: difference, count: 1 });
    else {
      found.sum += difference;
      found.count++;
    }
  }
  return Float64Array.from(byCase.values(), ({ sum, count }) => sum / count);
}
