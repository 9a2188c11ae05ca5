import type { Levels, Shift } from '../paired/judge.ts';
import type { GateSettings } from '../settings.ts';
import type { Level } from './level.ts';

/** A figure beside the level of earlier runs. */
export interface HistoryChange {
  level: Level;
  /** From the level to the figure, above 0 being worse: on the log scale, or in shares. */
  shift: Shift;
  /** How much worse the next run comes out by chance at most, by the bound of the fail verdict. */
  byChance: number;
  /** The level in the metric's unit, with its 95 % interval. */
  baseline: { value: number; low: number; high: number };
  /** Chance that a check like this one fails where the shift is this one. */
  power(shift: number): number;
}

/**
 * The share of α that the bound of a fail takes: the rest is for histories out of which chance made an
 * outlier or a change of level, after which their spread looks smaller than it is.
 */
const SHARE_OF_ALPHA = 0.6;

/** One look: the whole check leaves α to all its findings together, and passes only if each one does. */
export function levelsOf({ alpha }: Pick<GateSettings, 'alpha'>, tests: number): Levels {
  return { fail: (SHARE_OF_ALPHA * alpha) / Math.max(1, tests), pass: alpha };
}
