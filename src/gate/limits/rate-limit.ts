import type { RowEvidence } from '../../metrics/evidence.ts';
import type { Timeline } from '../../metrics/timeline.ts';
import type { Estimate } from '../../metrics/types.ts';
import { createRandom } from '../../random.ts';
import { isShown, rateInterval, type Spells } from '../../stats/block-bootstrap.ts';
import { normalQuantile } from '../../stats/normal.ts';
import type { Tails } from '../../stats/quantile-interval.ts';
import { type Observed, textOf } from '../observed.ts';
import type { Threshold } from '../thresholds.ts';
import { mostOf, PROBABLY } from './missing.ts';
import { type Levels, type Reading, tailsOf, verdictBetween } from './reading.ts';

/** Below, blocks of time are too few or too short for bounds at the levels of a verdict. */
export const LEAST_FOR_RATE = 400;
/** Found by simulation: what lies beyond a thin tail of the bootstrap is up to twice what it says. */
export const CARE_OF_RATE = 2;

/** What a row shows of a limit on a rate over its window, by blocks of time. */
export function readRateLimit(
  threshold: Threshold,
  { name }: Extract<Observed, { kind: 'rate' }>,
  evidence: RowEvidence,
  timeline: Timeline,
  levels: Levels,
): Reading {
  const value = evidence.row.estimates[name];
  const careful = { fail: levels.fail / CARE_OF_RATE, pass: levels.pass / CARE_OF_RATE };
  const tails = tailsOf(threshold, careful);
  const bounds = boundsOf(name, evidence, timeline, tails);
  const { low } = bounds;
  // What nobody counted adds to the rate, so nothing bounds it above.
  const high = value.at_least ? null : bounds.high;
  const verdict = verdictBetween(low, high, threshold);
  const told = verdict !== 'inconclusive';
  const hindrance = told ? null : hindranceOf(threshold, value, bounds, tails);
  return {
    verdict,
    value,
    low,
    high,
    past: null,
    cutOff: false,
    samples: value.n,
    effectiveSamples: value.n,
    missing: told ? 0 : hindrance === null ? missingOf(value, low, high, threshold, careful) : null,
    hindrance,
  };
}

type RateName = Extract<Observed, { kind: 'rate' }>['name'];
interface Bounds {
  low: number | null;
  high: number | null;
}

/** Each end on its own: the level of a fail may be too thin to be shown where that of a pass is not. */
function boundsOf(
  name: RateName,
  { row, samples }: RowEvidence,
  timeline: Timeline,
  tails: Tails,
): Bounds {
  const { value, n } = row.estimates[name];
  const { window } = timeline;
  if (value === null || n < LEAST_FOR_RATE || window === null) return { low: null, high: null };
  const spellsOf: Record<RateName, () => Spells> = {
    output_tokens_per_second: () => timeline.spellsOf(samples.tokens),
    requests_per_second: () => timeline.spellsOf(samples.failures, (failure) => 1 - failure),
    goodput_per_second: () => timeline.spellsOf(samples.goods),
  };
  const spells = spellsOf[name]();
  const within = (wanted: Tails) => rateInterval(spells, window, createRandom(name).next, wanted);
  return {
    low: within({ low: tails.low, high: 0 })?.low ?? null,
    high: within({ low: 0, high: tails.high })?.high ?? null,
  };
}

function hindranceOf(
  threshold: Threshold,
  { value, n, at_least: isLowerBound }: Estimate,
  { low, high }: Bounds,
  tails: Tails,
): Reading['hindrance'] {
  if (value === null) {
    return textOf(threshold.observed) === 'goodput_per_second'
      ? { why: 'the run has no objectives', remedy: 'set them under slo in the config' }
      : { why: 'no reply counts towards it', remedy: 'see what came of the requests' };
  }
  if (isLowerBound) {
    return {
      why: 'the tokens of some replies are unknown, so the rate may be higher than counted',
      remedy: 'ask for usage, or name a tokenizer for the model in the config',
    };
  }
  if (n < LEAST_FOR_RATE) return null;
  // The end on the far side of the limit tells nothing of it.
  const [tail, bound] = threshold.limit > value ? [tails.high, high] : [tails.low, low];
  if (bound !== null) return null;
  return isShown(tail) ? NOT_FULL : TOO_MANY_FINDINGS;
}

const NOT_FULL = {
  why: 'the load was full for less than half of the time, so there is no rate that could be told again',
  remedy: 'send more requests, or fewer at once',
};

const TOO_MANY_FINDINGS = {
  why: 'the check has so many findings that the part of its errors left to this one is too small to show in a rate',
  remedy: 'judge fewer findings in one check: fewer models, suites, metrics or limits',
};

/** A bound's distance from the rate falls with the root of the number of requests. */
function missingOf(
  { value, n }: Estimate,
  low: number | null,
  high: number | null,
  { limit }: Threshold,
  { fail, pass }: Levels,
): number {
  if (n < LEAST_FOR_RATE) return LEAST_FOR_RATE - n;
  const rate = value as number;
  const bound = limit > rate ? high : low;
  if (bound === null) return Infinity;
  const z = -normalQuantile(Math.min(fail, pass));
  const times = ((bound - rate) / (limit - rate)) ** 2 * (1 + PROBABLY / z) ** 2;
  return n * times <= mostOf(n) ? Math.max(1, Math.ceil(n * (times - 1))) : Infinity;
}
