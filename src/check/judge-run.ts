import type { Baseline } from '../baseline/types.ts';
import { countHistory, judgeHistory } from '../gate/history/judge-history.ts';
import { isInScope, isMeant } from '../gate/judge-thresholds.ts';
import { countLimits, judgeLimits } from '../gate/limits/judge-limits.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { Finding } from '../gate/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { PlannedRow } from '../metrics/types.ts';

/**
 * Judges a run that is over, at one look: the limits on its rows, and earlier runs where there are any.
 * @param planned with what became of the rows
 */
export function judgeRun(
  evidence: readonly RowEvidence[],
  planned: readonly PlannedRow[],
  against: { thresholds: readonly Threshold[]; history: readonly Baseline[] },
  settings: GateSettings,
): Finding[] {
  const { history } = against;
  const thresholds = withUnsent(against.thresholds, evidence, planned);
  const compared = history.length === 0 ? 0 : countHistory(evidence, settings);
  const tests = compared + countLimits(thresholds, evidence);
  return [
    ...judgeLimits(thresholds, evidence, settings, tests),
    ...(history.length === 0 ? [] : judgeHistory(evidence, history, settings, tests)),
  ];
}

/**
 * A limit means no row of which nothing was sent, unless it names the model. That is right for a model
 * that the key does not open; where the budget was spent before, the limit was not kept, so it is made
 * to name that row.
 */
function withUnsent(
  thresholds: readonly Threshold[],
  evidence: readonly RowEvidence[],
  planned: readonly PlannedRow[],
): Threshold[] {
  const closed = new Set(planned.filter((row) => row.not_subscribed).map(rowKey));
  const unsent = evidence.filter(
    ({ row }) => row.requests.skipped === row.requests.planned && !closed.has(rowKey(row)),
  );
  return thresholds.flatMap((threshold) => {
    const missed = unsent.filter(
      ({ row }) => isInScope(row, threshold) && !isMeant(row, threshold),
    );
    const named = missed.map(({ row: { target, model, suite } }) => ({
      ...threshold,
      scope: { target, model, suite },
    }));
    const meansOthers = evidence.some(({ row }) => isMeant(row, threshold));
    return meansOthers || named.length === 0 ? [threshold, ...named] : named;
  });
}
