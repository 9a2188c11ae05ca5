import { predictionPower, predictionReach } from '../../stats/prediction-bound.ts';
import type { Chances, HistoryChange } from './change.ts';
import { levelOf, type SeriesScale } from './level.ts';

/** Of logarithms: a level changes by 2.5 % at least; equal figures have the spread of their rounding. */
export const RATIO_SCALE: SeriesScale = { leastChange: Math.log(1.025), leastSd: 1e-4 };

/**
 * The next figure beside the level of earlier ones, on the log scale. Where it rests on fewer samples
 * than they did, its variance counts as many times as much: all of the spread might be that of samples.
 * @param series earlier figures in the order of time, above 0
 * @param value of the run that is judged, above 0
 * @param fewer samples of earlier figures for each of this one, at least 1
 * @returns `null` of fewer than two earlier figures
 */
export function ratioChange(
  series: readonly number[],
  value: number,
  { better, fewer = 1 }: { better: 'lower' | 'higher'; fewer?: number },
  chances: Chances,
): HistoryChange | null {
  const level = levelOf(
    series.map((each) => Math.log(each)),
    RATIO_SCALE,
  );
  if (level === null) return null;
  // Of a metric of which more is better, a tenth worse is a tenth less.
  const sign = better === 'lower' ? 1 : -1;
  const worseOf = (distance: number) => sign * (Math.exp(sign * distance) - 1);
  const distanceOf = (worse: number) => sign * Math.log(Math.max(0, 1 + sign * worse));
  const distance = sign * (Math.log(value) - level.mean);
  const failReach = predictionReach(level, 1 - chances.fail, fewer);
  const passReach = predictionReach(level, 1 - chances.pass, fewer);
  const ends = predictionReach(level, 0.975, 0);
  return {
    level,
    worse: worseOf(distance),
    worseAtLeast: worseOf(distance - failReach),
    worseAtMost: worseOf(distance + passReach),
    byChance: worseOf(failReach),
    baseline: {
      value: Math.exp(level.mean),
      low: Math.exp(level.mean - ends),
      high: Math.exp(level.mean + ends),
    },
    power: (change) => predictionPower(level, 1 - chances.fail, distanceOf(change)),
  };
}
