import type { SummaryRow } from '../metrics/types.ts';
import type { Column } from './columns.ts';
import { GAP } from './grid.ts';
import { displayWidth } from './text.ts';

/**
 * Drops columns by rank until the rest fit, with names cut as far as they may be before that.
 * @param columns of the terminal
 */
export function fitColumns(
  all: Column[],
  rows: SummaryRow[],
  columns: number,
): { shown: Column[]; dropped: Column[] } {
  const dropped: Column[] = [];
  let shown = all;
  while (leastWidth(shown, rows) > columns) {
    const next = shown.reduce((a, b) => (b.dropRank > a.dropRank ? b : a));
    if (next.dropRank === 0) break;
    dropped.push(next);
    shown = shown.filter((column) => column !== next);
  }
  return { shown, dropped };
}

function leastWidth(shown: Column[], rows: SummaryRow[]): number {
  return widthOf(shown, rows, ({ leastColumns }, width) => Math.min(width, leastColumns));
}

function widthOf(
  shown: Column[],
  rows: SummaryRow[],
  limit: (column: Column, width: number) => number,
): number {
  const widths = shown.map((column) => limit(column, columnWidth(column, rows)));
  return widths.reduce((sum, width) => sum + width, GAP * (shown.length - 1));
}

function columnWidth(column: Column, rows: SummaryRow[]): number {
  const titleWidth = Math.max(...stacked(column.title).split('\n').map(displayWidth));
  return rows.reduce((width, row) => Math.max(width, displayWidth(column.cell(row))), titleWidth);
}

/** How wide each name may be, so that a line is no wider than the terminal. */
export function nameLimits(
  shown: Column[],
  rows: SummaryRow[],
  columns: number,
): Map<Column, number> {
  const names = shown.filter(isName);
  const figures = widthOf(shown, rows, (column, width) => (isName(column) ? 0 : width));
  let free = columns - figures;
  const limits = new Map<Column, number>();
  // The narrowest first: what it does not need, the others may have.
  const byWidth = [...names].sort((a, b) => columnWidth(a, rows) - columnWidth(b, rows));
  byWidth.forEach((column, index) => {
    const fair = Math.floor(free / (names.length - index));
    const limit = Math.max(6, Math.min(columnWidth(column, rows), fair));
    limits.set(column, limit);
    free -= limit;
  });
  return limits;
}

function isName({ leastColumns }: Column): boolean {
  return leastColumns !== Infinity;
}

/** `TTFT p50` in two lines, so that its column is no wider than its figures. */
export function stacked(title: string): string {
  return title.replace(/ (?=\S+$)/, '\n');
}
