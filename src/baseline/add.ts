import { usageError } from '../errors.ts';
import { differenceFrom } from './difference.ts';
import type { Baseline } from './types.ts';

/**
 * Refuses a run whose figures are not those of the history in a folder. Where the folder holds several
 * histories, one of them is enough.
 * @param there in the order of time
 * @throws TokentapeError (exit 2) that names the difference
 */
export function assertOfHistory(
  run: Baseline,
  there: readonly Baseline[],
  { dir, newHistory }: { dir: string; newHistory: boolean },
): void {
  const newest = there.at(-1);
  if (newest === undefined) return;
  if (run.simulated !== newest.simulated) {
    const [own, others] = run.simulated
      ? ['simulated', "a provider's"]
      : ["a provider's", 'simulated'];
    throw usageError(
      `${run.run_id} is ${own}, and the runs in ${dir} are ${others}`,
      `keep them apart: --dir ${dir}-${run.simulated ? 'simulated' : 'real'}`,
    );
  }
  if (newHistory || there.some((each) => differenceFrom(each, run) === null)) return;
  throw usageError(
    `${run.run_id} is not of the history in ${dir}: ${differenceFrom(newest, run)}`,
    `--new-history begins one beside it, --dir DIR in a folder of its own; ${remedyFor(run, newest)}`,
  );
}

function remedyFor(run: Baseline, newest: Baseline): string {
  return run.metrics_version === newest.metrics_version
    ? 'or send the plan of the history again'
    : 'or derive the run by the same definitions: tokentape recompute RUN';
}
