import { normalCdf } from './normal.ts';
import { studentQuantile } from './student.ts';

/** What earlier figures say of the next one, all of them being of one normal distribution. */
export interface Spread {
  /** Of a single figure. */
  sd: number;
  /** Degrees of freedom that it is known with, at least 1. */
  df: number;
  /** How many figures the level is the mean of, at least 1. */
  count: number;
}

/**
 * How far from the level of earlier figures the next one reaches: t(p, df)·sd·√(weight + 1/count).
 * @param p one-sided, in (0.5, 1): it stays within with this chance
 * @param weight variance of the next figure, of that of an earlier one: above 1 where it rests on
 *   fewer samples
 */
export function predictionReach({ sd, df, count }: Spread, p: number, weight = 1): number {
  return sd === 0 ? 0 : quantileOf(p, df) * sd * Math.sqrt(weight + 1 / count);
}

/** Every finding of a check asks for the same few. */
const known = new Map<string, number>();

function quantileOf(p: number, df: number): number {
  const key = `${p} ${df}`;
  const found = known.get(key) ?? studentQuantile(p, df);
  known.set(key, found);
  return found;
}

const STEPS = 400;

/**
 * Chance that a figure that is farther from the level by `change` passes the bound of
 * `predictionReach` at `p`: the upper tail of the noncentral t, as an integral over what the spread
 * is estimated to be.
 * @param change in the figures' unit, in the direction of the bound
 * @see Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), 31.2
 */
export function predictionPower({ sd, df, count }: Spread, p: number, change: number): number {
  if (sd === 0) return change > 0 ? 1 : 0;
  const t = quantileOf(p, df);
  const shift = change / (sd * Math.sqrt(1 + 1 / count));
  // u² df is χ² with df degrees of freedom; its density, not yet of integral 1, over ±8 of its sd.
  const reach = 8 / Math.sqrt(2 * df);
  const from = Math.max(0, 1 - reach);
  const width = (1 + reach - from) / STEPS;
  let mass = 0;
  let passing = 0;
  for (let step = 0; step < STEPS; step++) {
    const u = from + (step + 0.5) * width;
    const density = Math.exp((df - 1) * Math.log(u) - (df * (u * u - 1)) / 2);
    mass += density;
    passing += density * normalCdf(shift - t * u);
  }
  return passing / mass;
}
