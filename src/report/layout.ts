import { bracketed, type Column } from './columns.ts';
import { GAP } from './grid.ts';
import { displayWidth } from './text.ts';

/** From this rank on a column is given up before the intervals move below their figures. */
const DISPENSABLE_RANK = 5;

/**
 * Puts intervals beside their figures where the columns that matter are wide enough for it, else
 * below them, which makes every row two lines; then drops columns until the rest fit.
 * @param columns of the terminal
 */
export function arrange<Row>(all: Column<Row>[], rows: Row[], columns: number): Arrangement<Row> {
  const beside = fitColumns(withIntervals(all, rows, 'beside'), rows, columns);
  if (beside.dropped.every(({ dropRank }) => dropRank >= DISPENSABLE_RANK)) return beside;
  return fitColumns(withIntervals(all, rows, 'below'), rows, columns);
}

export interface Arrangement<Row> {
  shown: Column<Row>[];
  dropped: Column<Row>[];
}

/** Figures stay in line with one another: beside them, intervals are all as wide as the widest. */
function withIntervals<Row>(
  all: Column<Row>[],
  rows: Row[],
  where: 'beside' | 'below',
): Column<Row>[] {
  return all.map((column) => {
    const { cell, interval } = column;
    if (interval === undefined) return column;
    if (where === 'below') return { ...column, cell: (row) => `${cell(row)}\n${interval(row)}` };
    const width = Math.max(0, ...rows.map((row) => displayWidth(bracketed(interval(row)))));
    const padded = (text: string) => text + ' '.repeat(width - displayWidth(text));
    const beside = (row: Row) => `${cell(row)} ${padded(bracketed(interval(row)))}`;
    return { ...column, cell: width === 0 ? cell : beside };
  });
}

/**
 * Drops columns by rank until the rest fit, with names cut as far as they may be before that.
 * @param columns of the terminal
 */
function fitColumns<Row>(all: Column<Row>[], rows: Row[], columns: number): Arrangement<Row> {
  const dropped: Column<Row>[] = [];
  let shown = all;
  while (leastWidth(shown, rows) > columns) {
    const next = shown.reduce((a, b) => (b.dropRank > a.dropRank ? b : a));
    if (next.dropRank === 0) break;
    dropped.push(next);
    shown = shown.filter((column) => column !== next);
  }
  return { shown, dropped };
}

function leastWidth<Row>(shown: Column<Row>[], rows: Row[]): number {
  return widthOf(shown, rows, ({ leastColumns }, width) => Math.min(width, leastColumns));
}

function widthOf<Row>(
  shown: Column<Row>[],
  rows: Row[],
  limit: (column: Column<Row>, width: number) => number,
): number {
  const widths = shown.map((column) => limit(column, columnWidth(column, rows)));
  return widths.reduce((sum, width) => sum + width, GAP * (shown.length - 1));
}

function columnWidth<Row>(column: Column<Row>, rows: Row[]): number {
  const texts = [stacked(column.title), ...rows.map((row) => column.cell(row))];
  return texts.reduce((width, text) => Math.max(width, ...text.split('\n').map(displayWidth)), 0);
}

/** How wide each name may be, so that a line is no wider than the terminal. */
export function nameLimits<Row>(
  shown: Column<Row>[],
  rows: Row[],
  columns: number,
): Map<Column<Row>, number> {
  const names = shown.filter(isName);
  const figures = widthOf(shown, rows, (column, width) => (isName(column) ? 0 : width));
  let free = columns - figures;
  const limits = new Map<Column<Row>, number>();
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

function isName({ leastColumns }: { leastColumns: number }): boolean {
  return leastColumns !== Infinity;
}

/** `TTFT p50` in two lines, so that its column is no wider than its figures. */
export function stacked(title: string): string {
  return title.replace(/ (?=\S+$)/, '\n');
}
