import type { GateSettings } from '../settings.ts';
import type { Level } from './level.ts';

/** A figure beside the level of earlier runs; `worse` counts upwards whichever way the metric points. */
export interface HistoryChange {
  level: Level;
  /** A share of the level, or a difference of shares; above 0 is worse. */
  worse: number;
  /** Bounds of it: what the fail verdict rests on, and the pass verdict. */
  worseAtLeast: number;
  worseAtMost: number;
  /** How much worse the next run comes out by chance at most, by the fail bound. */
  byChance: number;
  /** The level in the metric's unit, with its 95 % interval. */
  baseline: { value: number; low: number; high: number };
  /** Chance that a check like this one fails where it is worse by `change`. */
  power(change: number): number;
}

/** What the fail bound and the pass bound leave to chance. */
export interface Chances {
  fail: number;
  pass: number;
}

/** The whole check leaves α to all its findings together, and passes only if each one does. */
export function chancesOf({ alpha }: Pick<GateSettings, 'alpha'>, tests: number): Chances {
  return { fail: alpha / Math.max(1, tests), pass: alpha };
}
