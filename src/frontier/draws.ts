import { createRandom } from '../random.ts';
import { drawWeights } from '../stats/case-weights.ts';
import { quantile } from '../stats/quantile.ts';
import type { CaseFigure } from './case-figure.ts';
import type { Cases } from './cases.ts';

/** Draws are as many as make so many steps in all, within these bounds. */
const STEPS = 2e8;
const LEAST_DRAWS = 400;
const MOST_DRAWS = 4000;

/** How often figures over so many samples in all are drawn. */
export function drawsFor(samples: number): number {
  const reach = Math.floor(STEPS / Math.max(1, samples));
  return Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, reach));
}

/** A figure with where it lies in each draw. */
export interface DrawnFigure {
  figure: CaseFigure;
  coordinates: Float64Array;
}

/** The figure in each draw. */
export function valuesOf({ figure, coordinates }: DrawnFigure): Float64Array {
  return coordinates.map((coordinate) => figure.value(coordinate, 1));
}

/**
 * Figures under as many draws of their cases: in each draw all of them see the same weights, so models
 * that were asked the same cases are compared case by case.
 * @returns parallel to `figures`
 */
export function drawFigures(
  figures: readonly CaseFigure[],
  cases: Cases,
  draws: number,
): DrawnFigure[] {
  const { next } = createRandom('cases');
  // Of its own, so that one figure more changes no other.
  const priors = figures.map((_, index) => createRandom(`prior ${index}`).next);
  const weights = new Float64Array(cases.count);
  const strata = cases.strata();
  const drawn = figures.map((figure) => ({ figure, coordinates: new Float64Array(draws) }));
  for (let draw = 0; draw < draws; draw++) {
    drawWeights(weights, strata, next);
    drawn.forEach(({ figure, coordinates }, i) => {
      coordinates[draw] = figure.draw(weights, priors[i] as () => number);
    });
  }
  return drawn;
}

/** The middle 95 % of draws; `null` where some of them came to nothing. */
export function intervalOf(draws: Float64Array): { low: number; high: number } | null {
  if (draws.some((draw) => Number.isNaN(draw))) return null;
  const sorted = draws.slice().sort();
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  return low === undefined || high === undefined || !Number.isFinite(low) ? null : { low, high };
}

/** The share of draws in which something holds. */
export function shareOf(draws: number, holds: (draw: number) => boolean): number {
  let count = 0;
  for (let draw = 0; draw < draws; draw++) if (holds(draw)) count++;
  return count / draws;
}
