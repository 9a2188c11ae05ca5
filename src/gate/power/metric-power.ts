import type { GatedMetric } from '../metric.ts';
import { armGrade, armQuantile } from '../paired/arm.ts';
import { shiftLimits } from '../paired/change.ts';
import { gradedPairsOf } from '../paired/graded.ts';
import { looksOf } from '../paired/looks.ts';
import { levelsOf } from '../paired/metric-gate.ts';
import { knownNoise, type Trials } from './known-noise.ts';
import type { Needed } from './needed.ts';
import type { PairSource } from './pair-source.ts';
import type { MetricPower } from './types.ts';

/** What is asked of a noise. */
export interface Question extends Trials {
  /** Shares; of an error rate or a score points. */
  changes: readonly number[];
  /** In (0.5, 1). */
  certainty: number;
}

/** What it takes to see changes of one metric. */
export function metricPower(
  source: PairSource,
  metric: GatedMetric,
  question: Question,
): MetricPower {
  const { settings, tests, changes, certainty } = question;
  const looks = looksOf(metric, settings);
  const last = looks.at(-1) ?? 0;
  const base = { metric: metric.text, value: ownValue(source, metric), last_look: last };
  const known = knownNoise(source, metric, question);
  if (typeof known === 'string') {
    return {
      ...base,
      unknown: known,
      noise: null,
      unchanged: null,
      changes: [],
      smallest_change: null,
    };
  }
  const { noise, figures, usableShare, atLooks } = known;
  const { toShift, fromShift } = scaleOf(metric);
  const levels = levelsOf(metric, settings, tests);
  const limits = shiftLimits(metric, settings);
  const rule = {
    alpha: levels.fail,
    least: limits.failFrom,
    pass: { alpha: levels.pass, below: limits.passBelow },
    earlier: looks.slice(0, -1).map((pairs) => pairs / last),
  };
  const smallest = noise.smallestChange(last * usableShare, rule, certainty);
  return {
    ...base,
    unknown: null,
    noise: figures,
    unchanged: atLooks(0),
    changes: changes.map((change) => ({
      change,
      pairs: sentFor(noise.pairsNeeded(toShift(change), rule, certainty), usableShare),
      at_looks: atLooks(toShift(change)),
    })),
    smallest_change: smallest === null ? null : fromShift(smallest),
  };
}

/** Pairs to send for so many that have the metric. */
function sentFor({ value, low, high }: Needed, usableShare: number): Needed {
  const sent = (usable: number | null) =>
    usable === null ? null : Math.ceil(usable / usableShare);
  return { value: sent(value), low: sent(low), high: sent(high) };
}

/** From a change to the scale that the gate judges on, and back. */
function scaleOf({ kind }: GatedMetric) {
  const same = (value: number) => value;
  return kind === 'quantile'
    ? { toShift: Math.log1p, fromShift: Math.expm1 }
    : { toShift: same, fromShift: same };
}

/** Of the baseline where there is one, else of all. */
function ownValue({ source, requests, pairs }: PairSource, metric: GatedMetric): number | null {
  if (metric.kind === 'error_rate') {
    const failures = requests.filter(({ outcome }) => outcome !== 'ok').length;
    return requests.length === 0 ? null : failures / requests.length;
  }
  if (metric.kind === 'grade') {
    const { baseline, cases } = gradedPairsOf(pairs, metric.text);
    return armGrade(baseline, cases).value;
  }
  const records = source === 'pairs' ? pairs.map(({ baseline }) => baseline) : requests;
  return armQuantile(records, metric).value;
}
