import type { GradeName } from '../gate/observed.ts';
import type { GradeSamples } from '../metrics/grade-samples.ts';
import { mcnemarP } from '../stats/mcnemar.ts';
import { pairedScoreInterval } from '../stats/paired-score-interval.ts';
import { caseMeans, scoreDifferences } from '../stats/paired-scores.ts';
import type { Interval } from '../stats/quantile-interval.ts';
import type { Partners } from './pairs.ts';
import type { SideRow } from './side-row.ts';
import type { Discordant } from './types.ts';

/** How one side's grades lie above the other's, on the same cases. */
export interface PairedGrades {
  value: number;
  interval: Interval | undefined;
  /** Cases, each in one pass, that both sides have a grade of. */
  pairs: number;
  discordant: Discordant;
}

/**
 * The difference of two means within pairs of the same case and pass: of answers that are right or wrong
 * Tango's interval and McNemar's test. Where a side is ungraded, a score has no pair.
 * @returns `undefined` without a pair
 */
export function pairedGrades(
  metric: GradeName,
  base: SideRow,
  other: SideRow,
  partners: Partners,
): PairedGrades | undefined {
  if (base.samples === null || other.samples === null) return undefined;
  const { grades } = base.samples;
  const [froms, tos] = [valuesOf(grades, metric), valuesOf(other.samples.grades, metric)];
  const cases = grades.keys.cases();
  const differences: number[] = [];
  const ofCases: number[] = [];
  partners.forEach((partner, index) => {
    const [from, to] = [froms[index] ?? Number.NaN, tos[partner] ?? Number.NaN];
    if (partner < 0 || Number.isNaN(from) || Number.isNaN(to)) return;
    differences.push(to - from);
    ofCases.push(cases[index] as number);
  });
  if (differences.length === 0) return undefined;
  const all = Float64Array.from(differences);
  const clusters = Uint32Array.from(ofCases);
  const isRepeated = new Set(ofCases).size < ofCases.length;
  return {
    value: all.reduce((sum, one) => sum + one, 0) / all.length,
    interval: pairedScoreInterval(all, isRepeated ? clusters : null),
    pairs: all.length,
    discordant: {
      base_only: differences.filter((one) => one < 0).length,
      other_only: differences.filter((one) => one > 0).length,
      p: twoSided(caseMeans(all, clusters)),
    },
  };
}

function valuesOf(grades: GradeSamples, metric: GradeName): Float64Array {
  if (metric === 'score') return grades.scores.entries();
  const marks = grades.marks.entries();
  return metric === 'accuracy' ? marks : marks.map((mark) => Number(Number.isNaN(mark)));
}

function twoSided(differences: Float64Array): number {
  const { lost, gained, size } = scoreDifferences(differences);
  const scale = size === 0 ? 1 : size;
  const [one, another] = [lost / scale, gained / scale];
  return Math.min(1, 2 * Math.min(mcnemarP(one, another), mcnemarP(another, one)));
}
