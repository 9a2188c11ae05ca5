import type { EstimateName } from '../metrics/types.ts';
import { readMetric } from './metrics.ts';
import type { Comparison, ComparisonRow } from './types.ts';

/** By which metric, and which way. */
export interface SortKey {
  metric: EstimateName;
  descending: boolean;
}

/**
 * Reads `METRIC`, the smallest first, or `-METRIC`, the largest first.
 * @throws TokentapeError (exit 2) where there is no such metric
 */
export function readSort(text: string): SortKey {
  const descending = text.startsWith('-');
  return { metric: readMetric(descending ? text.slice(1) : text, '--sort'), descending };
}

/**
 * Rows by the base's figure; where there is one row only, what is sorted are the sides, behind the
 * base. What has no figure comes last, whichever way.
 */
export function sortComparison(comparison: Comparison, key: SortKey): Comparison {
  const { rows, runs } = comparison;
  const [only, ...others] = rows;
  if (only === undefined || others.length > 0) {
    return { ...comparison, rows: sortedBy(rows, (row) => figureOf(row, 0, key.metric), key) };
  }
  const behind = runs.map((_, side) => side).slice(1);
  const order = [0, ...sortedBy(behind, (side) => figureOf(only, side, key.metric), key)];
  const reordered = <T>(of: T[]): T[] => order.map((side) => of[side] as T);
  return {
    ...comparison,
    runs: reordered(runs),
    rows: [
      {
        ...only,
        metrics: only.metrics.map(({ metric, estimates, differences, shifts }) => ({
          metric,
          estimates: reordered(estimates),
          differences: reordered(differences),
          shifts: reordered(shifts),
        })),
      },
    ],
  };
}

/** Stable; what has no figure is last. */
export function sortedBy<T>(
  items: readonly T[],
  figure: (item: T) => number | null,
  { descending }: SortKey,
): T[] {
  const sign = descending ? -1 : 1;
  return [...items].sort((a, b) => {
    const [first, second] = [figure(a), figure(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}

/** A side's figure of a metric. */
export function figureOf(row: ComparisonRow, side: number, metric: EstimateName): number | null {
  return row.metrics.find((each) => each.metric === metric)?.estimates[side]?.value ?? null;
}
