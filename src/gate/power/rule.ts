import type { Needed } from './needed.ts';

/** What a fail rests on. */
export interface FailRule {
  /** One-sided, of one look and one finding. */
  alpha: number;
  /** The estimate has to be at least this, too: ln(1 + share) of a ratio, a share of a rate. */
  least: number;
}

/** What a pass rests on. */
export interface PassRule {
  /** One-sided, of one look. */
  alpha: number;
  /** What the change has to be certainly below. */
  below: number;
}

/** The noise of one metric, whatever it is a noise of. Changes are as in `FailRule.least`. */
export interface MetricNoise {
  /** How many usable pairs show a change with this certainty. */
  pairsNeeded(change: number, rule: FailRule, certainty: number): Needed;
  /** The smallest change that so many show; `null` where they show none. */
  smallestChange(pairs: number, rule: FailRule, certainty: number): number | null;
}
