import type { Cases } from './cases.ts';
import type { Figure } from './figure.ts';
import type { Candidate } from './pool.ts';

/**
 * Fewer cases make nothing sure. Of picks among three like models that were held to be 90 % sure or
 * more, 68 % were right at 8 cases, and 93 % at 20.
 */
export const LEAST_CASES = 20;

/** From this share of answers without a grade on, a score may be of the easy ones. */
export const UNGRADED_MOST = 0.1;

export function weighsGrades(figures: readonly (Figure | null)[]): boolean {
  return figures.some((figure) => figure?.text === 'score' || figure?.text === 'accuracy');
}

/**
 * Of each model, the share of what it was asked that has no grade, because nobody could grade the
 * answer or because the request failed: among cases that have a grade of some model. What nobody has
 * a grade for favours nobody.
 */
export function ungradedShares(candidates: readonly Candidate[], cases: Cases): number[] {
  const counts = candidates.map(({ evidence: { samples } }) => {
    const [asked, graded] = [new Float64Array(cases.count), new Float64Array(cases.count)];
    const turns = samples.keys.turns();
    const add = (to: Float64Array, number: number) => {
      to[number] = (to[number] as number) + 1;
    };
    cases.numbersOf(samples.keys).forEach((number, i) => {
      if (turns[i] === 0) add(asked, number);
    });
    const marks = samples.grades.marks.entries();
    cases.numbersOf(samples.grades.keys).forEach((number, i) => {
      if (!Number.isNaN(marks[i])) add(graded, number);
    });
    return { asked, graded };
  });
  const isGraded = (number: number) => counts.some(({ graded }) => (graded[number] as number) > 0);
  return counts.map(({ asked, graded }) => {
    let [of, without] = [0, 0];
    asked.forEach((count, number) => {
      if (!isGraded(number)) return;
      of += count;
      without += Math.max(0, count - (graded[number] as number));
    });
    return of === 0 ? 0 : without / of;
  });
}
