import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import { predictionReach } from '../../stats/prediction-bound.ts';
import type { Levels } from '../paired/judge.ts';
import type { HistoryChange } from './change.ts';
import { type Level, levelOf, type SeriesScale } from './level.ts';

/**
 * Requests that were ok or failed, and those that failed; or graded answers, and what they lack of being
 * right, which need not be whole.
 */
export interface Tally {
  failed: number;
  /** At least 1. */
  of: number;
}

/** Of angles: a change from 0 to 1 %, or from 10 to 17 %. */
const LEAST_ANGLE = 2 * Math.asin(Math.sqrt(0.01));

/**
 * The next error rate beside the level of earlier ones, on the arcsine scale, where the variance of a
 * share depends on the number of requests alone. The spread is never taken to be smaller than so few
 * requests make it, however equal the earlier runs were, and is larger where these differ by more than
 * that.
 * @param series earlier runs in the order of time
 * @returns `null` of fewer than two earlier runs
 * @see Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data,
 *   https://doi.org/10.1093/biomet/35.3-4.246
 */
export function shareChange(
  series: readonly Tally[],
  tally: Tally,
  levels: Levels,
): HistoryChange | null {
  const level = levelOf(series.map(angleOf), shareScale(series));
  if (level === null) return null;
  const share = tally.failed / tally.of;
  const base = baseShare(series, level);
  const variance = { own: 1 / tally.of, earlier: meanOf(series.map(({ of }) => 1 / of)) };
  const reach = (chance: number) =>
    Math.max(
      predictionReach(level, 1 - chance, Math.max(1, variance.own / variance.earlier)),
      normalQuantile(1 - chance) * Math.sqrt(variance.own + variance.earlier / level.count),
    );
  const bound = shareAt(level.mean + reach(levels.fail));
  const ends = Math.max(
    predictionReach(level, 0.975, 0),
    normalQuantile(0.975) * Math.sqrt(variance.earlier / level.count),
  );
  return {
    level,
    shift: {
      estimate: share - base,
      low: share - bound,
      high: shareAt(angleOf(tally) + reach(levels.pass)) - base,
    },
    byChance: bound - base,
    baseline: {
      value: base,
      low: Math.min(base, shareAt(level.mean - ends)),
      high: Math.max(base, shareAt(level.mean + ends)),
    },
    power: (shift) => {
      const sd = Math.max(Math.sqrt(variance.own), level.sd);
      return normalCdf((plainAngle(Math.min(1, base + shift)) - plainAngle(bound)) / sd);
    },
  };
}

/** The scale of a series of error rates. */
export function shareScale(series: readonly Tally[]): SeriesScale {
  return {
    leastChange: LEAST_ANGLE,
    leastSd: Math.sqrt(meanOf(series.map(({ of }) => 1 / of))),
  };
}

/** Anscombe's form of the arcsine, whose variance is 1/n near 0 and 1 too. */
export function angleOf({ failed, of }: Tally): number {
  return plainAngle((failed + 0.375) / (of + 0.75));
}

function plainAngle(share: number): number {
  return 2 * Math.asin(Math.sqrt(share));
}

/** The share that an angle stands for. */
export function shareAt(angle: number): number {
  return Math.sin(Math.min(Math.max(angle, 0), Math.PI) / 2) ** 2;
}

/** Of all requests of the level together: the mean of such angles never quite comes to 0. */
function baseShare(series: readonly Tally[], { runs }: Level): number {
  const own = runs.map((index) => series[index] as Tally);
  const requests = own.reduce((sum, { of }) => sum + of, 0);
  return own.reduce((sum, { failed }) => sum + failed, 0) / requests;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
