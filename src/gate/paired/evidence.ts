import type { Estimate } from '../../metrics/types.ts';
import { createRandom } from '../../random.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import { LEAST_FOR_INTERVAL } from '../../stats/quantile-interval.ts';
import type { GatedMetric, GradeMetric } from '../metric.ts';
import type { ChangeLimits } from '../settings.ts';
import { armErrorRate, armGrade, armQuantile } from './arm.ts';
import { type GradedPairs, gradedPairsOf } from './graded.ts';
import { gradedRemark } from './graded-words.ts';
import {
  errorRateShift,
  type Levels,
  medianShift,
  quantileShift,
  type Shift,
  scoreShift,
} from './judge.ts';
import { isTail } from './looks.ts';
import { differencesOf, failuresOf, type Pair, type PairedSamples, samplesOf } from './pair.ts';
import { failuresWords, pairsWords } from './words.ts';

type QuantileMetric = Extract<GatedMetric, { kind: 'quantile' }>;

/** What the pairs at hand say of one metric. */
export interface Evidence {
  /** All pairs. */
  sent: number;
  /** Pairs that count. */
  pairs: number;
  /**
   * Of these the independent ones: turns of one conversation are of one lot, and to a score all passes
   * over a case are.
   */
  lots: number;
  /** `null` where it is not looked at, or there are too few. */
  shift: Shift | null;
  value: Estimate;
  baseline: Estimate;
  /** Of pairs left out and the like, to end the sentence with. */
  remark: string;
  /** No reply can have it: there is nothing to compare, and never will be. */
  absent: boolean;
  /** Of a score alone. */
  graded?: GradedPairs;
}

/** A look: at which levels its bounds are, and on which side of which limit one of them matters. */
export interface Look {
  levels: Levels;
  limits: ChangeLimits;
}

/** @param look `null` where none is due: then nothing is tested */
export function evidenceOf(
  pairs: readonly Pair[],
  metric: GatedMetric,
  look: Look | null,
): Evidence {
  switch (metric.kind) {
    case 'error_rate':
      return ofErrorRate(pairs, metric, look);
    case 'grade':
      return ofGrade(pairs, metric, look);
    case 'quantile':
      return ofQuantile(pairs, metric, look);
  }
}

/** Fewer decide nothing, though the tests would hold: the estimate that goes with them would not. */
export function leastPairs(metric: GatedMetric): number {
  const ofQuantile = metric.kind === 'quantile' ? minimumSamples(metric.p) : 0;
  return Math.max(LEAST_FOR_INTERVAL, ofQuantile);
}

function ofErrorRate(pairs: readonly Pair[], metric: GatedMetric, look: Look | null): Evidence {
  const failures = failuresOf(pairs);
  const enough = failures.pairs >= leastPairs(metric);
  return {
    sent: pairs.length,
    pairs: failures.pairs,
    lots: failures.pairs,
    shift: look !== null && enough ? errorRateShift(failures, look.levels) : null,
    value: armErrorRate(failures.candidate),
    baseline: armErrorRate(failures.baseline),
    remark: failuresWords(failures),
    absent: false,
  };
}

function ofGrade(pairs: readonly Pair[], metric: GradeMetric, look: Look | null): Evidence {
  const graded = gradedPairsOf(pairs, metric.text);
  const { candidate, baseline, cases, differences } = graded;
  const enough = differences.length >= leastPairs(metric);
  return {
    sent: graded.sent,
    pairs: candidate.length,
    lots: differences.length,
    shift: look !== null && enough ? scoreShift(differences, look.levels) : null,
    value: armGrade(candidate, cases),
    baseline: armGrade(baseline, cases),
    remark: gradedRemark(metric, graded),
    absent: false,
    graded,
  };
}

function ofQuantile(pairs: readonly Pair[], metric: QuantileMetric, look: Look | null): Evidence {
  const samples = samplesOf(pairs, metric);
  const lots = new Set(samples.lots).size;
  const enough = lots >= leastPairs(metric);
  const records = (arm: 'candidate' | 'baseline') => pairs.map((pair) => pair[arm]);
  return {
    sent: pairs.length,
    pairs: samples.candidate.length,
    lots,
    shift: look !== null && enough ? shiftOf(samples, metric, look) : null,
    value: armQuantile(records('candidate'), metric),
    baseline: armQuantile(records('baseline'), metric),
    remark: pairsWords(samples),
    absent: samples.absent,
  };
}

function shiftOf(samples: PairedSamples, metric: QuantileMetric, { levels, limits }: Look): Shift {
  if (!isTail(metric)) return medianShift(differencesOf(samples), levels);
  const p = metric.better === 'lower' ? metric.p : 1 - metric.p;
  // Seeded by what is judged: the same pairs give the same bounds.
  const { next } = createRandom(`swap/${metric.text}/${samples.candidate.length}`);
  return quantileShift(samples, p, levels, limits.passBelow, next);
}
