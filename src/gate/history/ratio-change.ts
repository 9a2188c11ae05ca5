import { predictionPower, predictionReach } from '../../stats/prediction-bound.ts';
import type { Levels } from '../paired/judge.ts';
import type { HistoryChange } from './change.ts';
import { type Level, levelOf, type SeriesScale } from './level.ts';

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
  levels: Levels,
): HistoryChange | null {
  const level = levelOf(
    series.map((each) => Math.log(each)),
    RATIO_SCALE,
  );
  if (level === null) return null;
  const distance = Math.log(value) - level.mean;
  const estimate = better === 'lower' ? distance : -distance;
  const byChance = reachOf(level, 1 - levels.fail, fewer);
  const ends = predictionReach(level, 0.975, 0);
  return {
    level,
    shift: {
      estimate,
      low: estimate - byChance,
      high: estimate + reachOf(level, 1 - levels.pass, fewer),
    },
    byChance,
    baseline: {
      value: Math.exp(level.mean),
      low: Math.exp(level.mean - ends),
      high: Math.exp(level.mean + ends),
    },
    power: (shift) => predictionPower(level, 1 - levels.fail, shift),
  };
}

/** Of two or three runs the spread is hardly known: what reaches beyond ten times the level has no end. */
const REACH_MOST = Math.log(10);

function reachOf(level: Level, p: number, fewer: number): number {
  const reach = predictionReach(level, p, fewer);
  return reach > REACH_MOST ? Infinity : reach;
}
