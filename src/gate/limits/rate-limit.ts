import type { RowEvidence } from '../../metrics/evidence.ts';
import type { Timeline } from '../../metrics/timeline.ts';
import type { Estimate } from '../../metrics/types.ts';
import { createRandom } from '../../random.ts';
import { rateInterval, type Spells } from '../../stats/block-bootstrap.ts';
import { normalQuantile } from '../../stats/normal.ts';
import type { Observed } from '../observed.ts';
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
  const bounds = boundsOf(name, evidence, timeline, tailsOf(threshold, careful));
  const low = bounds?.low ?? null;
  // What nobody counted adds to the rate, so nothing bounds it above.
  const high = bounds === undefined || value.at_least ? null : bounds.high;
  const verdict = verdictBetween(low, high, threshold);
  const told = verdict !== 'inconclusive';
  const hindrance = told ? null : hindranceOf(name, value, bounds !== undefined);
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

function boundsOf(
  name: Extract<Observed, { kind: 'rate' }>['name'],
  { row, samples }: RowEvidence,
  timeline: Timeline,
  tails: { low: number; high: number },
) {
  const { value, n } = row.estimates[name];
  if (value === null || n < LEAST_FOR_RATE || timeline.window === null) return undefined;
  const spells: Record<typeof name, () => Spells> = {
    output_tokens_per_second: () => timeline.spellsOf(samples.tokens),
    requests_per_second: () => timeline.spellsOf(samples.failures, (failure) => 1 - failure),
    goodput_per_second: () => timeline.spellsOf(samples.goods),
  };
  return rateInterval(spells[name](), timeline.window, createRandom(name).next, tails);
}

function hindranceOf(name: string, value: Estimate, isBounded: boolean): Reading['hindrance'] {
  if (value.value === null) {
    return name === 'goodput_per_second'
      ? { why: 'the run has no objectives', remedy: 'set them under slo in the config' }
      : { why: 'no reply counts towards it', remedy: 'see what came of the requests' };
  }
  if (value.at_least) {
    return {
      why: 'the tokens of some replies are unknown, so the rate may be higher than counted',
      remedy: 'ask for usage, or name a tokenizer for the model in the config',
    };
  }
  if (isBounded || value.n < LEAST_FOR_RATE) return null;
  return {
    why: 'the load was full for less than half of the time, so there is no rate that could be told again',
    remedy: 'send more requests, or fewer at once',
  };
}

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
