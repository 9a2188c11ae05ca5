import { isInScope } from '../gate/judge-thresholds.ts';
import { identityOf, judgeLimit } from '../gate/limits/judge-limit.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { Finding } from '../gate/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { isSameRow } from '../metrics/row-key.ts';
import type { PlannedRow } from '../metrics/types.ts';
import { ownOf } from '../own.ts';
import type { CheckDesign } from './stored.ts';

type LimitedDesign = Pick<CheckDesign, 'comparisons' | 'thresholds' | 'settings' | 'graded'>;

/**
 * Whether a limit is judged while its sample grows: not the cost, in pairs no rate, and no grade that
 * comes when all is sent.
 */
export function isJudgedAtLooks(
  { comparisons, graded }: LimitedDesign,
  threshold: Threshold,
  suite: string,
): boolean {
  const { kind } = threshold.observed;
  if (kind === 'grade') return ownOf(graded, suite) !== 'deferred';
  return kind !== 'cost' && !isRateOfPairs(comparisons, threshold);
}

/** Whether the time over which a rate would be taken is half the other arm's. */
export function isRateOfPairs(
  comparisons: LimitedDesign['comparisons'],
  { observed }: Threshold,
): boolean {
  return comparisons.length > 0 && observed.kind === 'rate';
}

/**
 * Of limits that no look judges: the cost once, of all that was sent, for it grows to the end; grades
 * that came when all was sent likewise; rates in pairs not at all.
 * @param rows that limits are for, with what became of them
 * @param evidence of the whole run
 * @param tests findings of the whole check, over which its chance of a false fail is divided
 */
export function findingsApart(
  design: LimitedDesign,
  rows: readonly PlannedRow[],
  evidence: readonly RowEvidence[],
  tests: number,
): Finding[] {
  const { comparisons, thresholds, settings } = design;
  const levels = { fail: settings.alpha / tests, pass: settings.alpha };
  return rows.flatMap((row) =>
    thresholds
      .filter((threshold) => isInScope(row, threshold))
      .flatMap((threshold) => {
        if (isRateOfPairs(comparisons, threshold)) return [rateUnjudged(threshold, row)];
        const own = evidence.find((each) => isSameRow(each.row, row));
        // A model that the key does not open keeps no limit and breaks none, unless it is named.
        const isClosed = row.not_subscribed && threshold.scope.model === undefined;
        if (isJudgedAtLooks(design, threshold, row.suite) || own === undefined || isClosed)
          return [];
        return [
          judgeLimit(threshold, own, own.samples.timeline(), levels, { taken: 1, planned: 1 }),
        ];
      }),
  );
}

function rateUnjudged(threshold: Threshold, row: PlannedRow): Finding {
  return {
    ...identityOf(threshold, row),
    verdict: 'inconclusive',
    advisory: true,
    value: { value: null, low: null, high: null, n: 0 },
    samples: { count: 0, of: 'requests' },
    looks: { taken: 0, planned: 0 },
    why: "half of the time is the other arm's, so nothing can be said of a rate",
    next: 'judge it in a run of its own, without a second arm',
  };
}
