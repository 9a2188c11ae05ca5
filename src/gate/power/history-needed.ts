import type { Baseline } from '../../baseline/types.ts';
import type { RowName } from '../../metrics/row-key.ts';
import { normalCdf } from '../../stats/normal.ts';
import { predictionPower, type Spread } from '../../stats/prediction-bound.ts';
import { levelsOf } from '../history/change.ts';
import { levelOf } from '../history/level.ts';
import { RATIO_SCALE } from '../history/ratio-change.ts';
import { seriesOf } from '../history/series.ts';
import { type GatedMetric, isOfShares } from '../metric.ts';
import { shiftLimits } from '../paired/change.ts';
import { rounded } from './at-looks.ts';
import type { Question } from './metric-power.ts';
import { leastWhere } from './needed.ts';
import type { HistoryPower } from './types.ts';

/** A level is the mean of this many runs at most, and its spread that of so many: more runs tell no more. */
const MOST_RUNS = 48;
const LEVEL_RUNS = 12;
const SHIFTS = { least: 1e-4, most: 5 };

type Answer = Pick<
  HistoryPower,
  'metric' | 'runs' | 'sd' | 'changes' | 'smallest_change' | 'unknown'
>;

/** What the next run is seen to be by, against those of a history. */
export function historyPower(
  row: RowName,
  metric: GatedMetric,
  history: readonly Baseline[],
  { settings, tests, changes, certainty }: Question,
): Answer {
  const { figures } = seriesOf(row, metric, history);
  const nothing = {
    metric: metric.text,
    runs: figures.length,
    sd: null,
    changes: [],
    smallest_change: null,
  };
  if (isOfShares(metric)) {
    return { ...nothing, unknown: 'of a share it depends on how many requests the next run sends' };
  }
  const series = figures.map(({ estimate }) => Math.log(estimate.value));
  const level = levelOf(series, RATIO_SCALE);
  if (level === null) {
    return {
      ...nothing,
      unknown: `${figures.length} runs have no spread to go by; 2 are the least`,
    };
  }
  const p = 1 - levelsOf(settings, tests).fail;
  const { failFrom } = shiftLimits(metric, settings);
  const chanceOf = (spread: Spread, shift: number) => failChance(spread, p, shift, failFrom);
  const smallest = leastWhere((shift) => chanceOf(level, shift) >= certainty, SHIFTS);
  return {
    metric: metric.text,
    runs: figures.length,
    sd: level.sd,
    changes: changes.map((change) => {
      const shift = Math.log1p(change);
      const shows = (runs: number) => chanceOf(spreadOf(runs, level.sd), shift) >= certainty;
      return {
        change,
        chance: rounded(chanceOf(level, shift)),
        runs: runsWhere(shows, settings.leastRuns),
      };
    }),
    smallest_change: smallest === null ? null : Math.expm1(smallest),
    unknown: null,
  };
}

/** Past the bound of the next run, and by enough. */
function failChance(spread: Spread, p: number, shift: number, least: number): number {
  const { sd, count } = spread;
  if (sd === 0) return Number(shift >= least);
  const byEnough = normalCdf((shift - least) / (sd * Math.sqrt(1 + 1 / count)));
  return Math.min(byEnough, predictionPower(spread, p, shift));
}

/** Of a history of so many runs without a step. */
function spreadOf(runs: number, sd: number): Spread {
  const count = Math.min(runs, LEVEL_RUNS);
  // Each level of the spread has a mean of its own.
  return { sd, count, df: runs - Math.ceil(runs / LEVEL_RUNS) };
}

/** As many runs as a verdict wants at least; `null` where the most do not show it. */
function runsWhere(shows: (runs: number) => boolean, least: number): number | null {
  for (let runs = least; runs <= MOST_RUNS; runs++) if (shows(runs)) return runs;
  return null;
}
