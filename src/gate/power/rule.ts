import type { Needed } from './needed.ts';

/** What a fail rests on. */
export interface FailRule {
  /** One-sided, of one look and one finding. */
  alpha: number;
  /** The estimate has to be at least this, too: ln(1 + share) of a ratio, a share of a rate. */
  least: number;
  /** What ends a check before it can fail. */
  pass: PassRule;
  /** Looks before the last, as shares of its pairs. */
  earlier: readonly number[];
}

/** What a pass rests on. */
export interface PassRule {
  /** One-sided, of one look. */
  alpha: number;
  /** What the change has to be certainly below. */
  below: number;
}

/** On fewer pairs the gate says nothing. */
const LEAST_AT_LOOK = 20;

/**
 * The chance that a check fails, at least: that its last look does, less that an earlier one passed it
 * before. What earlier looks fail besides is not counted.
 * @param failsAt chance that a look at so many pairs fails
 * @param passesAt chance that it passes, were it not to fail
 */
export function powerOverLooks(
  { earlier }: Pick<FailRule, 'earlier'>,
  failsAt: (pairs: number) => number,
  passesAt: (pairs: number) => number,
): (pairs: number) => number {
  return (pairs) =>
    earlier
      .map((share) => share * pairs)
      .filter((early) => early >= LEAST_AT_LOOK)
      // Both rest on one estimate: where it is low enough to pass, it is too low to fail.
      .reduce(
        (power, early) => power - Math.min(passesAt(early), 1 - failsAt(early)),
        failsAt(pairs),
      );
}

/** The noise of one metric, whatever it is a noise of. Changes are as in `FailRule.least`. */
export interface MetricNoise {
  /** How many usable pairs show a change with this certainty. */
  pairsNeeded(change: number, rule: FailRule, certainty: number): Needed;
  /** The smallest change that so many show; `null` where they show none. */
  smallestChange(pairs: number, rule: FailRule, certainty: number): number | null;
}
