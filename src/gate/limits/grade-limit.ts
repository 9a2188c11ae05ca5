import type { RowEvidence } from '../../metrics/evidence.ts';
import type { GradeSamples } from '../../metrics/grade-samples.ts';
import type { SummaryRow } from '../../metrics/types.ts';
import type { Clusters } from '../../stats/design-effect.ts';
import { effectiveScores } from '../../stats/effective-scores.ts';
import { exactShareInterval } from '../../stats/exact-share.ts';
import { isMostlyGraded } from '../graded-share.ts';
import type { GradeName, Observed } from '../observed.ts';
import { remedyFor } from '../paired/graded-words.ts';
import { isUpperLimit, type Threshold } from '../thresholds.ts';
import { samplesMissing } from './missing.ts';
import { type Levels, type Reading, tailsOf, verdictBetween } from './reading.ts';

/**
 * What a row shows of a limit on its grades, by the exact interval. A part of a score counts as that part
 * of a right answer, which is the most that it can vary by; answers to one case count as far as they
 * differ from those to others.
 */
export function readGradeLimit(
  threshold: Threshold,
  { name }: Extract<Observed, { kind: 'grade' }>,
  { row, samples }: RowEvidence,
  levels: Levels,
): Reading {
  const value = row.estimates[name];
  const { scores, clusters } = scoresOf(samples.grades, name);
  const level = Math.min(levels.fail, levels.pass);
  const effectiveSamples = effectiveScores(scores, clusters, level);
  const base = { value, past: null, cutOff: false, samples: value.n, effectiveSamples };
  const hindrance = hindranceOf(row, name, effectiveSamples);
  if (value.value === null || effectiveSamples === 0) {
    return { ...base, verdict: 'inconclusive', low: null, high: null, missing: null, hindrance };
  }
  const { low, high } = exactShareInterval(
    value.value,
    effectiveSamples,
    tailsOf(threshold, levels),
  );
  const verdict = verdictBetween(low, high, threshold);
  if (verdict === 'fail') return { ...base, verdict, low, high, missing: 0, hindrance: null };
  if (hindrance !== null) {
    return { ...base, verdict: 'inconclusive', low, high, missing: null, hindrance };
  }
  if (verdict === 'pass') return { ...base, verdict, low, high, missing: 0, hindrance: null };
  const isUpper = isUpperLimit(threshold);
  const seen = {
    share: isUpper ? value.value : 1 - value.value,
    allowed: isUpper ? threshold.limit : 1 - threshold.limit,
    samples: clusters === null ? value.n : new Set(clusters).size,
    effectiveSamples,
  };
  const unprovable = seen.allowed > 0 ? null : NEVER_PROVED;
  return {
    ...base,
    verdict,
    low,
    high,
    missing: unprovable === null ? samplesMissing(seen, levels) : null,
    hindrance: unprovable,
  };
}

const NEVER_PROVED = {
  why: 'no number of answers proves that not one is ever otherwise',
  remedy: 'allow a few: set the limit above 0 or below 100 %',
};

/** What the estimate is the mean of, and which case each is of. */
export function scoresOf(
  grades: GradeSamples,
  name: GradeName,
): { scores: Float64Array; clusters: Clusters } {
  const marks = grades.marks.entries();
  const cases = grades.keys.cases();
  const all =
    name === 'ungraded_share'
      ? marks.map((mark) => Number(Number.isNaN(mark)))
      : name === 'score'
        ? grades.scores.entries()
        : marks;
  const isGraded = (_: number, index: number) => !Number.isNaN(all[index]);
  const ofScores = cases.filter(isGraded);
  const repeated = new Set(ofScores).size < ofScores.length;
  return {
    scores: all.filter(isGraded),
    clusters: repeated ? Uint32Array.from(ofScores) : null,
  };
}

/** Why nothing can be said, or nothing can pass: no answer was graded, or not even half of them. */
function hindranceOf(
  row: SummaryRow,
  name: GradeName,
  effectiveSamples: number,
): Reading['hindrance'] {
  const { grades } = row;
  if (grades === undefined) {
    return {
      why: 'no answer has a grade',
      remedy: 'name a suite that says what it expects, and see that grading is on',
    };
  }
  const [reason = null] = Object.keys(grades.ungraded_reasons);
  const graded = grades.right + grades.wrong;
  if (name !== 'ungraded_share' && !isMostlyGraded(grades)) {
    const many = graded === 0 ? 'none' : `only ${graded}`;
    const because = reason === null ? '' : `: ${reason}`;
    return {
      why: `${many} of ${graded + grades.ungraded} answers could be graded${because}`,
      remedy: remedyFor(reason ?? ''),
    };
  }
  if (effectiveSamples > 0) return null;
  return { why: 'all answers are to one case', remedy: 'send more cases' };
}
