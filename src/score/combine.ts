import { ungraded } from './judgement.ts';
import type { GraderResult, Judgement } from './types.ts';

/**
 * What several expectations say together.
 *
 * Without `threshold` all of them have to be right: one wrong makes the whole wrong, else one
 * ungraded makes it ungraded. With `threshold` the whole is right where the weighted mean of the
 * scores reaches it; where ungraded members could decide that either way, it is ungraded.
 * @param results weights ≥ 0; those of weight 0 are reported and decide nothing
 * @param threshold score needed, 0 to 1
 * @returns `score` is the weighted mean over the graded members; `null` where the whole is ungraded
 */
export function combined(results: readonly GraderResult[], threshold?: number): Judgement {
  const counted = results.filter(({ weight }) => weight > 0);
  const graded = counted.filter(({ score }) => score !== null);
  const answer = results.find((result) => result.answer !== null)?.answer ?? null;
  const doubt = counted.find(({ mark }) => mark === 'ungraded');
  const undecided: Judgement = { ...ungraded(doubt?.reason ?? 'nothing to grade'), answer };
  if (graded.length === 0 && counted.length > 0) return undecided;

  const weightOfAll = sumOf(counted.map(({ weight }) => weight));
  const reached = sumOf(graded.map(({ weight, score }) => weight * (score ?? 0)));
  const weightGraded = sumOf(graded.map(({ weight }) => weight));
  const score = weightGraded > 0 ? reached / weightGraded : 1;
  const failed = counted.find(({ mark }) => mark === 'wrong');
  const wrong: Judgement = { mark: 'wrong', score, answer, reason: failed?.reason ?? null };
  const right: Judgement = { mark: 'right', score, answer, reason: null };

  if (threshold === undefined) {
    if (failed !== undefined) return wrong;
    return doubt === undefined ? right : undecided;
  }
  if (atLeast(reached, threshold * weightOfAll)) return right;
  const mostPossible = reached + weightOfAll - weightGraded;
  if (atLeast(mostPossible, threshold * weightOfAll)) return undecided;
  return { ...wrong, reason: `score ${score.toFixed(2)} is below ${threshold}` };
}

/** Sums of weights such as 0.1 + 0.2 must not miss a threshold of 0.3 by their last bit. */
function atLeast(sum: number, wanted: number): boolean {
  return sum >= wanted - 1e-9;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
