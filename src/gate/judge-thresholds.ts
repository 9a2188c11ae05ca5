import type { Estimate, SummaryRow } from '../metrics/types.ts';
import {
  judgeEstimate,
  type ScopeName,
  type Threshold,
  type ThresholdVerdict,
} from './thresholds.ts';

export interface ThresholdJudgement {
  threshold: Threshold;
  /** `null` where no row is meant by the threshold: a limit on nothing is never kept. */
  row: SummaryRow | null;
  observed: Estimate;
  verdict: ThresholdVerdict;
}

const NOTHING: Estimate = { value: null, low: null, high: null, n: 0 };

/**
 * Judges every threshold on every row that it means, in the order given. A row of which nothing was
 * sent (the key is not subscribed to the model) is judged only where the threshold names the model.
 */
export function judgeThresholds(thresholds: Threshold[], rows: SummaryRow[]): ThresholdJudgement[] {
  return thresholds.flatMap((threshold): ThresholdJudgement[] => {
    const meant = rows.filter((row) => isMeant(row, threshold.scope));
    if (meant.length === 0) {
      return [{ threshold, row: null, observed: NOTHING, verdict: 'inconclusive' }];
    }
    return meant.map((row) => {
      const observed = observe(row, threshold.observed);
      const verdict = judgeEstimate(observed, threshold.operator, threshold.limit);
      return { threshold, row, observed, verdict };
    });
  });
}

/** The verdict of all together: one failure fails, and what is inconclusive never passes. */
export function overallVerdict(judgements: ThresholdJudgement[]): ThresholdVerdict {
  const verdicts = new Set(judgements.map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return 'fail';
  return verdicts.has('inconclusive') ? 'inconclusive' : 'pass';
}

function isMeant(row: SummaryRow, scope: Threshold['scope']): boolean {
  const nothingSent = row.requests.skipped === row.requests.planned;
  if (nothingSent && scope.model === undefined) return false;
  return (Object.entries(scope) as [ScopeName, string][]).every(([name, value]) =>
    name === 'model' ? row.model === value || row.label === value : row[name] === value,
  );
}

function observe(row: SummaryRow, name: Threshold['observed']): Estimate {
  return name === 'cost_usd'
    ? { value: row.cost_usd, low: null, high: null, n: row.requests.ok }
    : row.estimates[name];
}
