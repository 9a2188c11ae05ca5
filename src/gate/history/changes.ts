import type { Baseline } from '../../baseline/types.ts';
import { type RowName, rowKey } from '../../metrics/row-key.ts';
import { type GatedMetric, isOfShares } from '../metric.ts';
import { levelChanges } from './level.ts';
import { RATIO_SCALE } from './ratio-change.ts';
import { asMetric, seriesOf, talliesOf } from './series.ts';
import { angleOf, shareAt, shareScale } from './share-change.ts';

/** Where one metric of one row came to a new level. Plain data. */
export interface LevelChange extends RowName {
  /** The first run at the new level. */
  run_id: string;
  label: string;
  metric: string;
  better: 'lower' | 'higher';
  scale: 'ratio' | 'difference';
  /** Of the level before, 0.15 for 15 % more; of a share the difference. */
  change: number;
  /** Levels in the metric's unit. */
  before: number;
  after: number;
}

/**
 * All changes of level in a history, in the order of time.
 * @param history in the order of time, of one plan
 */
export function levelChangesIn(
  history: readonly Baseline[],
  metrics: readonly GatedMetric[],
): LevelChange[] {
  const rows = new Map<string, RowName & { label: string }>();
  for (const { target, model, label, suite } of history.flatMap((each) => each.rows)) {
    rows.set(rowKey({ target, model, suite }), { target, model, label, suite });
  }
  const order = new Map(history.map(({ run_id }, index) => [run_id, index]));
  return [...rows.values()]
    .flatMap((row) => metrics.flatMap((metric) => changesOf(row, metric, history)))
    .sort((a, b) => (order.get(a.run_id) ?? 0) - (order.get(b.run_id) ?? 0));
}

function changesOf(
  row: RowName & { label: string },
  metric: GatedMetric,
  history: readonly Baseline[],
): LevelChange[] {
  const series = seriesOf(row, metric, history);
  const { figures } = series;
  const ofShares = isOfShares(metric);
  const tallies = talliesOf(metric, series);
  const points = ofShares
    ? levelChanges(tallies.map(angleOf), shareScale(tallies))
    : levelChanges(
        figures.map(({ estimate }) => Math.log(estimate.value)),
        RATIO_SCALE,
      );
  const valueAt = ofShares ? (angle: number) => asMetric(metric, shareAt(angle)) : Math.exp;
  return points.map(({ index, ...levels }) => {
    const [before, after] = [valueAt(levels.before), valueAt(levels.after)];
    return {
      ...row,
      run_id: figures[index]?.runId ?? '',
      metric: metric.text,
      better: metric.better,
      scale: ofShares ? 'difference' : 'ratio',
      change: ofShares ? after - before : after / before - 1,
      before,
      after,
    };
  });
}
