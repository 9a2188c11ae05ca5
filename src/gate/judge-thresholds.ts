import type { RowEvidence } from '../metrics/evidence.ts';
import type { Estimate, SummaryRow } from '../metrics/types.ts';
import { isRepresentative } from './graded-share.ts';
import { observe } from './observe.ts';
import { judgeEstimate, type ScopeName, type Threshold } from './thresholds.ts';
import type { FindingVerdict } from './types.ts';

export interface ThresholdJudgement {
  threshold: Threshold;
  /** `null` where no row is meant by the threshold: a limit on nothing is never kept. */
  row: SummaryRow | null;
  observed: Estimate;
  verdict: FindingVerdict;
}

const NOTHING: Estimate = { value: null, low: null, high: null, n: 0 };

/**
 * Judges every threshold on every row that it means, in the order given, by the point estimate:
 * what a run says of itself. A check judges by intervals.
 */
export function judgeThresholds(
  thresholds: Threshold[],
  evidence: RowEvidence[],
): ThresholdJudgement[] {
  return thresholds.flatMap((threshold): ThresholdJudgement[] => {
    const meant = evidence.filter(({ row }) => isMeant(row, threshold));
    if (meant.length === 0) {
      return [{ threshold, row: null, observed: NOTHING, verdict: 'inconclusive' }];
    }
    return meant.map((each) => {
      const observed = observe(each, threshold.observed);
      const verdict = judgeEstimate(observed, threshold);
      const isFair = verdict === 'fail' || isRepresentative(each.row, threshold.observed);
      return {
        threshold,
        row: each.row,
        observed,
        verdict: isFair ? verdict : 'inconclusive',
      };
    });
  });
}

/** The verdict of all together: one failure fails, and what is inconclusive never passes. */
export function overallVerdict(judged: { verdict: FindingVerdict }[]): FindingVerdict {
  const verdicts = new Set(judged.map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return 'fail';
  return verdicts.has('inconclusive') ? 'inconclusive' : 'pass';
}

/**
 * Whether a row is meant by a threshold. One of which nothing was sent (the key is not subscribed
 * to the model) is meant only where the threshold names the model.
 */
export function isMeant(row: SummaryRow, threshold: Threshold): boolean {
  const nothingSent = row.requests.skipped === row.requests.planned;
  if (nothingSent && threshold.scope.model === undefined) return false;
  return isInScope(row, threshold);
}

/** Whether a threshold names a row, by all that it names. */
export function isInScope(
  row: Pick<SummaryRow, ScopeName | 'label'>,
  { scope }: Pick<Threshold, 'scope'>,
): boolean {
  return (Object.entries(scope) as [ScopeName, string][]).every(([name, value]) =>
    name === 'model' ? row.model === value || row.label === value : row[name] === value,
  );
}
