import { type History, readBaselines } from '../baseline/sources/read-baselines.ts';
import type { HistoryIdentity } from '../baseline/types.ts';
import type { Manifest } from '../store/types.ts';
import type { CheckWishes } from './settings.ts';

/**
 * The earlier runs that a run of this identity can be held against.
 * @param judged the run itself, where it is over: what came later is no part of its history
 * @throws TokentapeError (exit 2) where there is none
 */
export function historyFor(
  identity: HistoryIdentity,
  outputDir: string,
  { baseline, settings }: Pick<CheckWishes, 'baseline' | 'settings'>,
  judged?: Pick<Manifest, 'run_id' | 'started_at'>,
): Promise<History> {
  const metrics = settings.metrics.flatMap((one) => (one.kind === 'quantile' ? one.metric : []));
  return readBaselines(baseline, {
    identity,
    outputDir,
    metrics: [...new Set(metrics)],
    cwd: process.cwd(),
    judged,
  });
}
