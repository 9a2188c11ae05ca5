import { orderedSample } from '../../metrics/estimates.ts';
import type { RowEvidence } from '../../metrics/evidence.ts';
import { binomialPower } from '../../stats/binomial-power.ts';
import { THINNEST_TAIL } from '../../stats/block-bootstrap.ts';
import { designEffect } from '../../stats/design-effect.ts';
import { effectiveScores } from '../../stats/effective-scores.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { scoresOf } from '../limits/grade-limit.ts';
import { CARE_IF_DEPENDENT, LEAST_SAMPLES } from '../limits/quantile-limit.ts';
import { CARE_OF_RATE, LEAST_FOR_RATE } from '../limits/rate-limit.ts';
import { observe } from '../observe.ts';
import type { GradeName } from '../observed.ts';
import { isUpperLimit, type Threshold } from '../thresholds.ts';
import { MOST_NEEDED, type Needed, neededOf } from './needed.ts';
import { plausibleShares } from './rate-noise.ts';

/** One-sided, of one look: a fail shares its chance among all findings, a pass does not. */
export interface LimitRule {
  failAlpha: number;
  passAlpha: number;
}

/** How many requests decide a limit, and how. */
export interface Decision {
  /** Of the run itself. */
  value: number | null;
  /** Samples that this rests on. */
  samples: number;
  /** What it would be judged, given enough requests. */
  verdict: 'pass' | 'fail' | null;
  /** Requests that are sent. */
  requests: Needed;
  /** Why nothing can be said. */
  unknown: string | null;
}

/** How many of so many samples lie on the wrong side of a limit, and how many may. */
interface Beyond {
  hits: number;
  n: number;
  allowed: number;
  /** How many independent samples these are worth. */
  effectiveN: number;
  /** Samples on which the check says anything, at least. */
  least: number;
  /** So many times less than its level it asks for. */
  care: number;
}

const NEVER: Needed = { value: null, low: null, high: null };
/** On fewer independent samples no interval is put around a figure. */
const LEAST = 20;
const Z95 = 1.96;
/** At which it is asked how many answers repeats are worth: about that of a verdict. */
const LEVEL_OF_WORTH = 0.01;

/**
 * How many requests it takes until the interval of what is observed lies clear of the limit, if the
 * figures stay what they are. A quantile is past a limit where more of the samples are than may be, so
 * quantiles and shares both come down to counts, of p99 as of any other.
 */
export function requestsToDecide(
  threshold: Threshold,
  evidence: RowEvidence,
  rule: LimitRule,
  certainty: number,
): Decision {
  const { value, n: samples } = observe(evidence, threshold.observed);
  return { value, samples, ...decide(threshold, evidence, rule, certainty) };
}

type Answer = Pick<Decision, 'verdict' | 'requests' | 'unknown'>;

function decide(
  threshold: Threshold,
  evidence: RowEvidence,
  rule: LimitRule,
  certainty: number,
): Answer {
  const { kind } = threshold.observed;
  if (kind === 'cost') return unknown('what is spent is a sum: any number of requests decides it');
  if (kind === 'rate') return rateDecision(threshold, evidence, rule, certainty);
  const beyond = countBeyond(threshold, evidence);
  if (beyond.n < LEAST) {
    return unknown(`${beyond.n} samples are too few to tell by; ${LEAST} are the least`);
  }
  const { ok, failed } = evidence.row.requests;
  return countDecision(beyond, rule, certainty, (ok + failed) / beyond.n);
}

function countDecision(
  { hits, n, allowed, effectiveN, least, care }: Beyond,
  { failAlpha, passAlpha }: LimitRule,
  certainty: number,
  requestsPerSample: number,
): Answer {
  const worth = effectiveN / n;
  const { easiest, hardest } = plausibleShares(hits * worth, effectiveN);
  const share = (hits * worth + 0.5) / (effectiveN + 1);
  const verdict = share > allowed ? 'fail' : 'pass';
  const powerOf = (one: number) => (count: number) =>
    verdict === 'fail'
      ? binomialPower(one, allowed, count, failAlpha / care, 'above')
      : binomialPower(one, allowed, count, passAlpha / care, 'below');
  const [near, far] = verdict === 'fail' ? [easiest, hardest] : [hardest, easiest];
  const needed = neededOf({ nodes: [share], easiest: far, hardest: near }, certainty, powerOf);
  const asRequests = (count: number | null) => {
    if (count === null) return null;
    const samples = Math.max(least, Math.max(count, LEAST) / worth);
    return Math.ceil(samples * requestsPerSample);
  };
  return {
    verdict,
    requests: {
      value: asRequests(needed.value),
      low: asRequests(needed.low),
      high: asRequests(needed.high),
    },
    unknown: null,
  };
}

function countBeyond({ observed, ...limit }: Threshold, evidence: RowEvidence): Beyond {
  const { samples } = evidence;
  const timeline = samples.timeline();
  const upper = isUpperLimit(limit);
  if (observed.kind === 'quantile') {
    const column = samples.columns[observed.metric];
    const sorted = column.sorted();
    const isBeyond = (value: number) => (upper ? value > limit.limit : value < limit.limit);
    const effectiveN =
      sorted.length === 0 ? 0 : orderedSample(column, timeline).effectiveN(observed.p);
    return {
      hits: sorted.filter(isBeyond).length,
      n: sorted.length,
      allowed: upper ? 1 - observed.p : observed.p,
      effectiveN,
      least: LEAST_SAMPLES,
      care: effectiveN < sorted.length ? CARE_IF_DEPENDENT : 1,
    };
  }
  if (observed.kind === 'grade') return gradesBeyond(limit, observed.name, evidence);
  const column =
    observed.kind === 'share' && observed.name === 'error_rate' ? samples.failures : samples.goods;
  const { series, clusters } = timeline.samplesOf(column);
  const hits = series.reduce((sum, hit) => sum + hit, 0);
  return {
    hits: upper ? hits : series.length - hits,
    n: series.length,
    allowed: upper ? limit.limit : 1 - limit.limit,
    effectiveN: series.length / designEffect(Uint8Array.from(series), clusters),
    least: LEAST,
    care: 1,
  };
}

/** By the bounds of the verdict: the mean score is so many right answers of as many as it is worth. */
function gradesBeyond(
  limit: Pick<Threshold, 'operator' | 'limit'>,
  name: GradeName,
  { row, samples }: RowEvidence,
): Beyond {
  const { scores, clusters } = scoresOf(samples.grades, name);
  const upper = isUpperLimit(limit);
  const n = scores.length;
  const hits = n * (row.estimates[name].value ?? 0);
  return {
    hits: upper ? hits : n - hits,
    n,
    allowed: upper ? limit.limit : 1 - limit.limit,
    effectiveN: effectiveScores(scores, clusters, LEVEL_OF_WORTH),
    least: LEAST,
    care: 1,
  };
}

/** A rate's interval narrows as the root of the time it is taken over. */
function rateDecision(
  threshold: Threshold,
  evidence: RowEvidence,
  { failAlpha, passAlpha }: LimitRule,
  certainty: number,
): Answer {
  const { value, low, high, n } = observe(evidence, threshold.observed);
  if (value === null || low === null || high === null) {
    return unknown('this run gives no interval of it');
  }
  if (Math.min(failAlpha, passAlpha) / CARE_OF_RATE < THINNEST_TAIL) {
    return unknown('α is shared among so many figures that no number bounds a rate; ask for fewer');
  }
  const above = value > threshold.limit;
  const verdict = above === isUpperLimit(threshold) ? 'fail' : 'pass';
  const { ok, failed } = evidence.row.requests;
  const alpha = (verdict === 'fail' ? failAlpha : passAlpha) / CARE_OF_RATE;
  const reach = normalQuantile(1 - alpha) + normalQuantile(certainty);
  const least = Math.ceil((LEAST_FOR_RATE * (ok + failed)) / n);
  const at = (distance: number) => {
    if (distance <= 0) return null;
    const error = (above ? value - low : high - value) / Z95;
    const count = Math.max(least, Math.ceil((ok + failed) * ((reach * error) / distance) ** 2));
    return count > MOST_NEEDED ? null : count;
  };
  const distance = Math.abs(value - threshold.limit);
  const [near, far] = above
    ? [low - threshold.limit, high - threshold.limit]
    : [threshold.limit - high, threshold.limit - low];
  return {
    verdict,
    requests: { value: at(distance), low: at(far), high: at(near) },
    unknown: null,
  };
}

function unknown(why: string): Answer {
  return { verdict: null, requests: NEVER, unknown: why };
}
