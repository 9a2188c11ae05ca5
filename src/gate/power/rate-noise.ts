import { regularizedBeta } from '../../stats/beta.ts';
import { mcnemarPower } from '../../stats/mcnemar-power.ts';
import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import {
  leastWhere,
  meanOf,
  type Needed,
  NODE_LEVELS,
  neededOf,
  type Plausible,
} from './needed.ts';
import { type FailRule, type MetricNoise, powerOverLooks } from './rule.ts';

const CHANGES = { least: 1e-4, most: 1 };

/**
 * What chance does to an error rate. Failures of the two requests of a pair are taken to have nothing
 * to do with one another; where a prompt fails in both arms, fewer pairs are enough.
 */
export class RateNoise implements MetricNoise {
  readonly rates: Plausible<number>;

  /** @param failures of so many requests */
  constructor(failures: number, requests: number) {
    this.rates = plausibleShares(failures, requests);
  }

  pairsNeeded(change: number, rule: FailRule, certainty: number): Needed {
    if (change <= rule.least) return { value: null, low: null, high: null };
    return neededOf(this.rates, certainty, (rate) => powerOf(rate, change, rule));
  }

  smallestChange(pairs: number, rule: FailRule, certainty: number): number | null {
    const shown = (change: number) =>
      meanOf(this.rates.nodes, (rate) => powerOf(rate, change, rule)(pairs)) >= certainty;
    return leastWhere(shown, CHANGES);
  }
}

/** Power by the number of pairs to see that a rate rose by `change`, a share. */
function powerOf(rate: number, change: number, rule: FailRule): (pairs: number) => number {
  const changed = Math.min(1, rate + change);
  return sharePower({ worse: changed * (1 - rate), better: rate * (1 - changed) }, rule);
}

/** Power to see a change that makes such shares of the pairs worse, and better. */
export function sharePower(
  { worse, better }: { worse: number; better: number },
  rule: FailRule,
): (pairs: number) => number {
  const rise = worse - better;
  const sd = Math.sqrt(worse + better - rise * rise);
  /** How many standard errors the rise is above a limit. */
  const distance = (limit: number, pairs: number) =>
    sd === 0 ? (rise - limit) * Infinity : ((rise - limit) * Math.sqrt(pairs)) / sd;
  const passBound = normalQuantile(1 - rule.pass.alpha);
  return powerOverLooks(
    rule,
    (pairs) =>
      Math.min(
        mcnemarPower(worse, better, pairs, rule.alpha),
        normalCdf(distance(rule.least, pairs)),
      ),
    (pairs) => normalCdf(-distance(rule.pass.below, pairs) - passBound),
  );
}

/** What a share may be of which `hits` of n were seen: quantiles of Beta(hits + ½, n − hits + ½). */
export function plausibleShares(hits: number, n: number): Plausible<number> {
  const at = (level: number) => betaQuantile(level, hits + 0.5, n - hits + 0.5);
  return {
    nodes: NODE_LEVELS.map(at),
    easiest: hits === 0 ? 0 : at(0.025),
    hardest: hits === n ? 1 : at(0.975),
  };
}

function betaQuantile(level: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (regularizedBeta(middle, a, b) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
