import type { RowEvidence } from '../../metrics/evidence.ts';
import { effectiveHits } from '../../metrics/rates.ts';
import type { Timeline } from '../../metrics/timeline.ts';
import { exactShareInterval } from '../../stats/exact-share.ts';
import type { Observed } from '../observed.ts';
import { isUpperLimit, type Threshold } from '../thresholds.ts';
import { samplesMissing } from './missing.ts';
import { type Levels, type Reading, tailsOf, verdictBetween } from './reading.ts';

/**
 * What a row shows of a limit on a share of its requests, by the exact interval: in tails as thin as
 * these Wilson's would be passed several times as often as it says.
 */
export function readShareLimit(
  threshold: Threshold,
  { name }: Extract<Observed, { kind: 'share' }>,
  { row, samples }: RowEvidence,
  timeline: Timeline,
  levels: Levels,
): Reading {
  const value = row.estimates[name];
  const column = name === 'error_rate' ? samples.failures : samples.goods;
  if (value.value === null) return nothing(value, name);
  const effectiveSamples = effectiveHits(value.n, column, timeline);
  const { low, high } = exactShareInterval(
    value.value,
    effectiveSamples,
    tailsOf(threshold, levels),
  );
  const verdict = verdictBetween(low, high, threshold);
  // Past an upper limit is what was hit, past a lower one what was missed.
  const isUpper = isUpperLimit(threshold);
  const seen = {
    share: isUpper ? value.value : 1 - value.value,
    allowed: isUpper ? threshold.limit : 1 - threshold.limit,
    samples: value.n,
    effectiveSamples,
  };
  const hindrance = verdict === 'inconclusive' ? unprovable(seen.allowed, isUpper) : null;
  const missing = hindrance === null ? samplesMissing(seen, levels) : null;
  return {
    verdict,
    value,
    low,
    high,
    past: null,
    cutOff: false,
    samples: value.n,
    effectiveSamples,
    missing: verdict === 'inconclusive' ? missing : 0,
    hindrance,
  };
}

function nothing(value: Reading['value'], name: string): Reading {
  return {
    verdict: 'inconclusive',
    value,
    low: null,
    high: null,
    past: null,
    cutOff: false,
    samples: value.n,
    effectiveSamples: 0,
    missing: null,
    hindrance:
      name === 'error_rate'
        ? { why: 'no request came to an end', remedy: 'send requests' }
        : { why: 'the run has no objectives', remedy: 'set them under slo in the config' },
  };
}

/** That something never happens is shown by no number of times that it did not. */
function unprovable(allowed: number, isUpper: boolean): Reading['hindrance'] {
  if (allowed > 0) return null;
  return {
    why: `no number of requests proves that ${isUpper ? 'none' : 'not one'} ever fails`,
    remedy: `allow a few: set the limit ${isUpper ? 'above 0, as 1%' : 'below 1, as 99%'}`,
  };
}
