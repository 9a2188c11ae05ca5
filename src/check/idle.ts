import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { isInScope } from '../gate/judge-thresholds.ts';
import { SCOPES, type Threshold } from '../gate/thresholds.ts';

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
