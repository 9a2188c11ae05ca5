import type { RowEvidence } from '../../metrics/evidence.ts';
import { leftOutOf } from '../../metrics/row-samples.ts';
import type { Timeline } from '../../metrics/timeline.ts';
import { betterOf } from '../metric.ts';
import { textOf } from '../observed.ts';
import type { Threshold } from '../thresholds.ts';
import type { Finding } from '../types.ts';
import { readCostLimit } from './cost-limit.ts';
import { readGradeLimit } from './grade-limit.ts';
import { LEAST_SAMPLES, readQuantileLimit } from './quantile-limit.ts';
import { readRateLimit } from './rate-limit.ts';
import type { Levels, Reading } from './reading.ts';
import { readShareLimit } from './share-limit.ts';
import { nextOf, whyOf } from './words.ts';

/**
 * Judges one limit on one row by the bounds of its figure: it fails where all between them is past
 * the limit, and passes where all of it keeps it.
 * @param looks this one included
 * @see docs/metrics.md#thresholds
 */
export function judgeLimit(
  threshold: Threshold,
  evidence: RowEvidence,
  timeline: Timeline,
  levels: Levels,
  looks: Finding['looks'],
): Finding {
  const { row } = evidence;
  const isSent = row.requests.planned > row.requests.skipped;
  if (!isSent) return notSent(threshold, evidence, looks);
  const reading = read(threshold, evidence, timeline, levels);
  return {
    ...identityOf(threshold, row),
    verdict: reading.verdict,
    advisory: isAbsent(threshold, evidence),
    value: reading.value,
    samples: { count: reading.samples, of: 'requests' },
    looks,
    why: whyOf(threshold, reading),
    next: nextOf(threshold, reading, row),
  };
}

function read(
  threshold: Threshold,
  evidence: RowEvidence,
  timeline: Timeline,
  levels: Levels,
): Reading {
  const { observed } = threshold;
  switch (observed.kind) {
    case 'quantile':
      return readQuantileLimit(threshold, observed, evidence, timeline, levels);
    case 'share':
      return readShareLimit(threshold, observed, evidence, timeline, levels);
    case 'grade':
      return readGradeLimit(threshold, observed, evidence, levels);
    case 'rate':
      return readRateLimit(threshold, observed, evidence, timeline, levels);
    case 'cost':
      return readCostLimit(threshold, evidence);
  }
}

/** What a finding on a limit says whatever was found. */
export function identityOf(
  threshold: Threshold,
  place: Pick<Finding, 'target' | 'model' | 'label' | 'suite'>,
) {
  const { observed, operator, limit } = threshold;
  const { target, model, label, suite } = place;
  const metric = textOf(observed);
  return {
    form: 'threshold',
    target,
    model,
    label,
    suite,
    metric,
    better: betterOf(metric.replace(/:.*/, '')),
    advisory: false,
    against: `${operator} ${limit}`,
    baseline: null,
    change: null,
    limit,
  } satisfies Partial<Finding>;
}

/**
 * Whether the row has no such figure, and cannot have: a classifier that answers in one token has no
 * TPOT. A limit for all models is not meant for it; one that names the model is. Where a figure is
 * missing for any other reason (requests that failed, replies left out, tokens that nobody counted),
 * the limit may well be missed, and is as open as any.
 */
function isAbsent({ scope, observed }: Threshold, { row, samples }: RowEvidence): boolean {
  if (observed.kind !== 'quantile' || scope.model !== undefined) return false;
  const { metric } = observed;
  const { ok, failed, dropped, cancelled, lost } = row.requests;
  const isLeftOut = leftOutOf({ flags: Object.keys(row.flags) }).includes(metric);
  const isCounted = row.token_sources.unknown === undefined;
  // Chunks with gaps have an ITL as soon as somebody counts their tokens.
  const isUncounted = metric === 'itl_ms_p50' && samples.columns.chunk_gap_ms_p50.count > 0;
  return (
    samples.columns[metric].count === 0 &&
    ok >= LEAST_SAMPLES &&
    failed + dropped + cancelled + lost === 0 &&
    !isLeftOut &&
    isCounted &&
    !isUncounted
  );
}

function notSent(threshold: Threshold, { row }: RowEvidence, looks: Finding['looks']): Finding {
  const reason = row.skipped_reason === null ? '' : `: ${row.skipped_reason}`;
  return {
    ...identityOf(threshold, row),
    verdict: 'inconclusive',
    value: { value: null, low: null, high: null, n: 0 },
    samples: { count: 0, of: 'requests' },
    looks,
    why: `nothing was sent to ${row.label}${reason}`,
    next: `leave the limit out, or see that ${row.label} can be asked`,
  };
}
