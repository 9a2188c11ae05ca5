import { type History, readBaselines } from '../baseline/sources/read-baselines.ts';
import type { HistoryIdentity } from '../baseline/types.ts';
import type { CheckWishes } from './settings.ts';

/**
 * The earlier runs that a run of this identity can be held against.
 * @param runId of the run itself, which is no part of its own history
 * @throws TokentapeError (exit 2) where there is none
 */
export function historyFor(
  identity: HistoryIdentity,
  outputDir: string,
  { baseline, settings }: Pick<CheckWishes, 'baseline' | 'settings'>,
  runId?: string,
): Promise<History> {
  const metrics = settings.metrics.flatMap((one) => (one.kind === 'quantile' ? one.metric : []));
  return readBaselines(baseline, {
    identity,
    outputDir,
    metrics: [...new Set(metrics)],
    cwd: process.cwd(),
    runId,
  });
}
