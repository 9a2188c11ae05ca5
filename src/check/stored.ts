import { usageError } from '../errors.ts';
import { parseGatedMetric } from '../gate/metric.ts';
import type { ThresholdProblem } from '../gate/observed.ts';
import type { ChangeLimits, GateSettings } from '../gate/settings.ts';
import { parseThreshold, type Threshold } from '../gate/thresholds.ts';
import type { Comparison } from '../plan/pairs.ts';
import type { StoredCheck } from '../store/types.ts';
import type { GradedSuites } from './graded.ts';

/** What a check judges and how, without what it sends. */
export interface CheckDesign {
  /** Empty where limits alone are judged. */
  comparisons: Comparison[];
  thresholds: Threshold[];
  settings: GateSettings;
  graded: GradedSuites;
}

export function toStored({ comparisons, thresholds, settings, graded }: CheckDesign): StoredCheck {
  return {
    comparisons,
    thresholds: thresholds.map(({ text }) => text),
    metrics: settings.metrics.map(({ text }) => text),
    alpha: settings.alpha,
    limits: {
      median: limitsToStored(settings.median),
      tail: limitsToStored(settings.tail),
      error_rate: limitsToStored(settings.errorRate),
      score: limitsToStored(settings.score),
    },
    watch_score: settings.watchScore,
    graded,
    looks: settings.looks,
    tail_looks: settings.tailLooks,
  };
}

/**
 * The same again.
 * @throws TokentapeError (exit 2) that names what this version cannot read
 */
export function fromStored(stored: StoredCheck, base: GateSettings): CheckDesign {
  return {
    comparisons: stored.comparisons,
    thresholds: stored.thresholds.map((text) => readable(text, parseThreshold(text))),
    settings: {
      ...base,
      metrics: stored.metrics.map((text) => readable(text, parseGatedMetric(text))),
      alpha: stored.alpha,
      median: limitsOf(stored.limits.median),
      tail: limitsOf(stored.limits.tail),
      errorRate: limitsOf(stored.limits.error_rate),
      ...(stored.limits.score !== undefined && { score: limitsOf(stored.limits.score) }),
      watchScore: stored.watch_score ?? false,
      looks: stored.looks,
      tailLooks: stored.tail_looks,
    },
    graded: stored.graded ?? {},
  };
}

/** Left out, it would be taken for kept. */
function readable<T extends object>(text: string, read: T | ThresholdProblem): T {
  if (!('problem' in read)) return read;
  throw usageError(
    `the check was sent to judge '${text}', which cannot be read: ${read.problem}`,
    'judge it with the version that sent it',
  );
}

function limitsToStored({ failFrom, passBelow }: ChangeLimits) {
  return { fail_from: failFrom, pass_below: passBelow };
}

function limitsOf({ fail_from, pass_below }: StoredCheck['limits']['median']): ChangeLimits {
  return { failFrom: fail_from, passBelow: pass_below };
}
