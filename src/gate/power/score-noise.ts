import { leastWhere, meanOf, type Needed, neededOf, type Plausible } from './needed.ts';
import { plausibleShares, sharePower } from './rate-noise.ts';
import type { FailRule, MetricNoise } from './rule.ts';

const CHANGES = { least: 1e-4, most: 1 };

/**
 * What chance does to a score in pairs: how many of them differ though nothing changed, as often one way
 * as the other. A change makes so many more of them worse.
 */
export class ScoreNoise implements MetricNoise {
  /** Share of the pairs that differ. */
  readonly differing: Plausible<number>;

  /** @param differing of so many pairs; parts of one where scores are partial */
  constructor(differing: number, pairs: number) {
    this.differing = plausibleShares(differing, pairs);
  }

  pairsNeeded(change: number, rule: FailRule, certainty: number): Needed {
    if (change <= rule.least) return { value: null, low: null, high: null };
    return neededOf(this.differing, certainty, (share) => powerOf(share, change, rule));
  }

  smallestChange(pairs: number, rule: FailRule, certainty: number): number | null {
    const shown = (change: number) =>
      meanOf(this.differing.nodes, (share) => powerOf(share, change, rule)(pairs)) >= certainty;
    return leastWhere(shown, CHANGES);
  }
}

function powerOf(differing: number, change: number, rule: FailRule): (pairs: number) => number {
  return sharePower(pairShares(differing, change), rule);
}

/** Shares of the pairs that are worse, and better, where the candidate is worse by `change`. */
export function pairShares(differing: number, change: number): { worse: number; better: number } {
  const worse = Math.min(1, differing / 2 + change);
  return { worse, better: Math.min(differing / 2, 1 - worse) };
}
