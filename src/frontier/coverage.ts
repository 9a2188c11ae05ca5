import { counted } from '../report/numbers.ts';
import type { Cases } from './cases.ts';
import type { Figure } from './figure.ts';
import type { PickedModel } from './pick-types.ts';
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

/** What a model's score rests on. */
export interface Coverage {
  /** Cases that it has a grade of. */
  gradedCases: number;
  /** The share of what it was asked, among cases that any model has a grade of, of which it has none. */
  withoutGrade: number;
}

/**
 * Of each model, how many cases have a grade, and what share of what it was asked has none, because nobody could grade the
 * answer or because the request failed. What nobody has a grade for is in no such share: it favours
 * nobody.
 */
export function coverageOf(candidates: readonly Candidate[], cases: Cases): Coverage[] {
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
    const gradedCases = graded.filter((count) => count > 0).length;
    asked.forEach((count, number) => {
      if (!isGraded(number)) return;
      of += count;
      without += Math.max(0, count - (graded[number] as number));
    });
    return { gradedCases, withoutGrade: of === 0 ? 0 : without / of };
  });
}

/**
 * Why a pick is not sure whatever its probability is: what no draw of the cases tells.
 * @param figures all that is weighed
 */
export function reservationOf(
  model: Pick<PickedModel, 'cases' | 'graded_cases' | 'without_grade'>,
  figures: readonly (Figure | null)[],
): string | null {
  const isOfGrades = weighsGrades(figures);
  const cases = isOfGrades ? model.graded_cases : model.cases;
  if (cases < LEAST_CASES) {
    const what = isOfGrades ? 'has grades of' : 'was asked';
    return `it ${what} ${counted(cases, 'case')}, and fewer than ${LEAST_CASES} make nothing sure`;
  }
  if (!isOfGrades || model.without_grade <= UNGRADED_MOST) return null;
  const percent = Math.round(100 * model.without_grade);
  return `${percent} % of what it was asked has no grade, and its score is of the rest alone`;
}
