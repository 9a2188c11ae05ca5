import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { isInScope } from '../gate/judge-thresholds.ts';
import { type GatedMetric, isGradeMetric } from '../gate/metric.ts';
import { SCOPES, type Threshold } from '../gate/thresholds.ts';
import type { GradedSuites } from './graded.ts';

type Row = Parameters<typeof isInScope>[0];

/**
 * A limit on nothing is never kept, so nothing need be sent to find that out.
 * @param rows that limits are for
 * @throws TokentapeError (exit 2) that names the first limit which means none of them
 */
export function refuseIdle(thresholds: readonly Threshold[], rows: readonly Row[]): void {
  const idle = thresholds.find((threshold) => !rows.some((row) => isInScope(row, threshold)));
  if (idle === undefined || rows.length === 0) return;
  throw usageError(
    `the limit '${idle.text}' means nothing that is to be judged`,
    remedyOf(idle, rows),
  );
}

/**
 * A score of answers that nobody grades is none, which need not be sent to be found out.
 * @throws TokentapeError (exit 2) where a score is to be compared, and no suite has one
 */
export function refuseUngraded(
  metrics: readonly GatedMetric[],
  graded: GradedSuites,
  isEnabled: boolean,
): void {
  const asked = metrics.find(isGradeMetric);
  if (asked === undefined || Object.keys(graded).length > 0) return;
  throw usageError(
    `${asked.text} cannot be compared: ${isEnabled ? 'no suite says what it expects' : 'grading is switched off'}`,
    isEnabled
      ? 'name a suite whose cases have expect, as reasoning'
      : 'leave out --no-grade (grading.enabled)',
  );
}

/** By what is misspelt, where anything is. */
function remedyOf({ scope }: Threshold, rows: readonly Row[]): string {
  for (const name of SCOPES) {
    const value = scope[name];
    const known = [
      ...new Set(rows.flatMap((row) => (name === 'model' ? [row.label, row.model] : row[name]))),
    ];
    if (value === undefined || known.includes(value)) continue;
    return didYouMean(value, known, `there is ${name} ${known.join(', ')}`) ?? '';
  }
  const places = rows.map(({ label, suite, target }) => `${label} on ${suite} at ${target}`);
  return `there is ${places.join(', ')}`;
}
