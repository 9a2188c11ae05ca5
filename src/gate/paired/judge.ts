import { firstShareLow } from '../../stats/mcnemar.ts';
import { lossHigh, lossLow, scoreDifferences } from '../../stats/paired-scores.ts';
import { differenceHigh, differenceLow } from '../../stats/score-difference.ts';
import { SignedRank } from '../../stats/signed-rank.ts';
import { SwapPermutation } from '../../stats/swap-permutation.ts';
import type { ChangeLimits } from '../settings.ts';
import type { FindingVerdict } from '../types.ts';
import type { Failures, PairedSamples } from './pair.ts';

/** One-sided levels of one look. */
export interface Levels {
  /** α / (looks · tests): any of all tests may fail the check. */
  fail: number;
  /** α / looks: the check passes only if every test does. */
  pass: number;
}

/** How much worse the candidate is, above 0 being worse: on the log scale, or in shares. */
export interface Shift {
  estimate: number;
  /** At the level of `fail`. */
  low: number;
  /** At the level of `pass`. */
  high: number;
}

/** Of the middle of the differences. @see docs/gate.md#medians */
export function medianShift(differences: Float64Array, levels: Levels): Shift {
  const ranks = new SignedRank(differences);
  return {
    estimate: ranks.estimate() ?? Number.NaN,
    low: ranks.lowerBound(levels.fail),
    high: ranks.upperBound(levels.pass),
  };
}

/**
 * Of one quantile of each arm.
 * @param p of what is worse: of a metric of which more is better, 1 − p
 * @param passBelow on the log scale; the bound above lies below it just where its test rejects it
 * @see docs/gate.md#tails
 */
export function quantileShift(
  arms: Pick<PairedSamples, 'candidate' | 'baseline' | 'lots'>,
  p: number,
  levels: Levels,
  passBelow: number,
  random: () => number,
): Shift {
  const swaps = new SwapPermutation(arms.candidate, arms.baseline, p, random, arms.lots);
  return {
    estimate: swaps.estimate() ?? Number.NaN,
    low: swaps.lowerBound(levels.fail),
    high: swaps.upperBound(levels.pass, passBelow),
  };
}

/**
 * Of the share of requests that failed. The bound below is the smaller of two: Tango's, and the exact
 * one given how many pairs differed, which is above 0 just where the exact McNemar test rejects.
 * @see docs/gate.md#error-rate
 */
export function errorRateShift(
  {
    pairs,
    candidateOnly,
    baselineOnly,
  }: Pick<Failures, 'pairs' | 'candidateOnly' | 'baselineOnly'>,
  levels: Levels,
): Shift {
  const paired = { firstOnly: candidateOnly, secondOnly: baselineOnly, pairs };
  const differing = (candidateOnly + baselineOnly) / pairs;
  const exact = (2 * firstShareLow(candidateOnly, baselineOnly, levels.fail) - 1) * differing;
  return {
    estimate: (candidateOnly - baselineOnly) / pairs,
    low: Math.min(exact, differenceLow(paired, levels.fail)),
    high: differenceHigh(paired, levels.pass),
  };
}

/**
 * Of scores, by the difference of each case: McNemar's exact test and Tango's bounds, as of error rates.
 * @param differences in [−1, 1], one for each case, above 0 being worse
 * @see docs/gate.md#scores
 */
export function scoreShift(differences: Float64Array, levels: Levels): Shift {
  const found = scoreDifferences(differences);
  return {
    estimate: (found.lost - found.gained) / found.count,
    low: lossLow(found, levels.fail),
    high: lossHigh(found, levels.pass),
  };
}

/** Of all pairs sent; where fewer count, those that do are no picture of the whole. */
const LEAST_SHARE_TO_PASS = 0.5;

/** Pairs that count, of all that were sent. */
export interface Counted {
  pairs: number;
  sent: number;
}

/** Whether enough of what was sent counts for a pass. @see docs/gate.md#how-a-verdict-comes-about */
export function isMost({ pairs, sent }: Counted): boolean {
  return pairs >= LEAST_SHARE_TO_PASS * sent;
}

/** Of `failFrom`: a look that is not the last fails only what is certainly worse by more. */
const EARLY_SHARE = 0.5;

/**
 * Fail first: what is certainly worse, and by enough, is no pass however narrow the limits. A look
 * before the last has to be surer: a change below what fails shows more by chance in few pairs.
 * @param counted where it is given, and most pairs do not count, nothing passes
 * @param final whether no more pairs will come
 */
export function verdictOf(
  { estimate, low, high }: Shift,
  limits: ChangeLimits,
  counted?: Counted,
  final = true,
): FindingVerdict {
  const certain = final ? 0 : EARLY_SHARE * limits.failFrom;
  if (low > certain && estimate >= limits.failFrom) return 'fail';
  const mayPass = counted === undefined || isMost(counted);
  return mayPass && high < limits.passBelow ? 'pass' : 'inconclusive';
}
