import { type ChangePoint, changePoints } from '../../stats/change-points.ts';
import { meanAndSd, outliers } from '../../stats/outliers.ts';
import type { Spread } from '../../stats/prediction-bound.ts';

/** How change points are told of. Reached in simulation: docs/baselines.md. */
const CHANGES = { maxP: 3e-4, leastRuns: 3, window: 50 };
/** What a verdict rests on has to be surer: a level that chance drew apart makes false fails. */
const LEVEL_CHANGES = { ...CHANGES, maxP: 3e-5 };

/** Runs that make up a level, at most: the next run is held against the newest, so that a slow drift does not add up. */
const LEVEL_RUNS = 12;
/** Runs that the spread is taken from, at most: how noisy an endpoint was a year ago says nothing of today. */
const SPREAD_RUNS = 48;
/** Of the runs of a level, at most this share may be nights of their own. */
const OUTLIERS_MOST = 1 / 6;
const OUTLIER_ALPHA = 0.002;
/** Degrees of freedom that each of them costs, which widens the spread: it may have been chance after all. */
const OUTLIER_COST = 2;

/** What is a change, and the least spread there is, in the unit of a series. */
export interface SeriesScale {
  leastChange: number;
  leastSd: number;
}

/** What a series of earlier figures says of the next one. */
export interface Level extends Spread {
  mean: number;
  /** Indices of the `count` runs that it is the mean of. */
  runs: number[];
  /** Where it came to a new level, ascending; the last is where this one began. */
  changes: ChangePoint[];
  /** Indices of the runs that were set aside as nights of their own. */
  setAside: number[];
}

/** Change points of a series of runs, as they are told of. */
export function levelChanges(series: readonly number[], scale: SeriesScale): ChangePoint[] {
  return changePoints(series, { ...CHANGES, ...scale });
}

/**
 * The level that earlier runs stand at now, and how far single runs lie from it. Change points cut the
 * series into stretches, and stretches are cut, from their ends, into levels of at most 12 runs. Of
 * each level, nights that lie too far out to be of one distribution with the others are set aside. The
 * newest level gives the mean; the spread is that within all levels of the last 48 runs together, so
 * that neither a step nor a slow drift widens it.
 * @param series in the order of time
 * @returns `null` of fewer than two runs, which have no spread
 */
export function levelOf(series: readonly number[], scale: SeriesScale): Level | null {
  const changes = changePoints(series, { ...LEVEL_CHANGES, ...scale });
  const levels = levelsOf(series.length, changes).map((indices) => settle(series, indices));
  const newest = levels.at(-1);
  if (newest === undefined) return null;
  const recent = recentOf(levels);
  const df = recent.reduce(
    (sum, { kept, aside }) => sum + kept.length - 1 - OUTLIER_COST * aside.length,
    0,
  );
  if (df < 1) return null;
  const squares = recent.reduce((sum, { sd, kept }) => sum + sd * sd * (kept.length - 1), 0);
  return {
    mean: newest.mean,
    runs: newest.kept,
    count: newest.kept.length,
    sd: Math.sqrt(squares / df),
    df,
    changes,
    setAside: levels.flatMap(({ aside }) => aside).sort((a, b) => a - b),
  };
}

interface Settled {
  kept: number[];
  aside: number[];
  mean: number;
  sd: number;
}

/** Indices of each level, in the order of time; the oldest of a stretch is what its end left over. */
function levelsOf(length: number, changes: readonly ChangePoint[]): number[][] {
  const starts = [0, ...changes.map(({ index }) => index)];
  return starts.flatMap((from, i) => {
    const levels: number[][] = [];
    for (let to = starts[i + 1] ?? length; to > from; to -= LEVEL_RUNS) {
      const first = Math.max(from, to - LEVEL_RUNS);
      levels.unshift(Array.from({ length: to - first }, (_, k) => first + k));
    }
    return levels;
  });
}

function settle(series: readonly number[], indices: readonly number[]): Settled {
  const values = indices.map((index) => series[index] as number);
  const most = Math.floor(values.length * OUTLIERS_MOST);
  const out = new Set(outliers(values, most, OUTLIER_ALPHA));
  const kept = indices.filter((_, i) => !out.has(i));
  const aside = indices.filter((_, i) => out.has(i));
  return { kept, aside, ...meanAndSd(values.filter((_, i) => !out.has(i))) };
}

/** The newest levels, as many as hold the last 48 runs. */
function recentOf(levels: readonly Settled[]): Settled[] {
  const recent: Settled[] = [];
  let runs = 0;
  for (const level of [...levels].reverse()) {
    if (runs >= SPREAD_RUNS) break;
    recent.push(level);
    runs += level.kept.length + level.aside.length;
  }
  return recent;
}
