import { GRADE_NAMES } from '../gate/observed.ts';
import type { Baseline, HistoryIdentity } from './types.ts';

/**
 * The same baseline, without its grades where other graders gave them than those of the run that is
 * judged: its latencies are as good as ever.
 */
export function withComparableGrades(
  baseline: Baseline,
  { graders_version }: Pick<HistoryIdentity, 'graders_version'>,
): Baseline {
  if (baseline.graders_version === graders_version) return baseline;
  const none = { value: null, low: null, high: null, n: 0 };
  const without = Object.fromEntries(GRADE_NAMES.map((name) => [name, none]));
  return {
    ...baseline,
    rows: baseline.rows.map((row) => ({ ...row, estimates: { ...row.estimates, ...without } })),
  };
}
