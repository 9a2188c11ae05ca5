import pc from 'picocolors';
import type { Estimate } from '../metrics/types.ts';
import type { Column } from './columns.ts';
import { drawGrid, type Grid } from './grid.ts';
import { arrange, nameLimits, stacked } from './layout.ts';
import { formatEstimate, formatInterval, formatShareInterval } from './numbers.ts';
import { neutralise, truncateMiddle, wrap } from './text.ts';
import type { TextOptions } from './view.ts';

/** A table whose columns are chosen by the width there is, with a line for those left out. */
export function columnGrid<Row>(all: Column<Row>[], rows: Row[], options: TextOptions): string {
  const { columns, colour } = options;
  const { shown, dropped } = arrange(all, rows, columns);
  const grid = drawGrid(gridOf(shown, rows, columns, colour), colour);
  return dropped.length === 0 ? grid : `${grid}\n\n${leftOut(dropped, columns)}`;
}

/** Names cut to what is free, and intervals below their figures stepping back behind them. */
export function gridOf<Row>(
  shown: Column<Row>[],
  rows: Row[],
  columns: number,
  colour: boolean,
): Grid & { rows: string[][] } {
  const limits = nameLimits(shown, rows, columns);
  const { dim } = pc.createColors(colour);
  return {
    head: shown.map(({ title }) => stacked(title)),
    align: shown.map(({ align }) => align),
    rows: rows.map((row) =>
      shown.map((column) =>
        truncateMiddle(column.cell(row), limits.get(column) ?? Infinity).replace(/(?<=\n).+/, dim),
      ),
    ),
  };
}

export function leftOut(dropped: { title: string }[], columns: number): string {
  const titles = dropped.map(({ title }) => title).join(', ');
  return wrap(`Left out at ${columns} columns: ${titles}.`, columns);
}

/** A column of names, which may be cut down to `leastColumns`. */
export function textColumn<Row>(
  title: string,
  text: (row: Row) => string,
  leastColumns: number,
  dropRank = 0,
): Column<Row> {
  const cell = (row: Row) => neutralise(text(row));
  return { title, align: 'left', cell, dropRank, leastColumns };
}

/** A column of figures. */
export function plainColumn<Row>(
  title: string,
  cell: (row: Row) => string,
  dropRank: number,
): Column<Row> {
  return { title, align: 'right', cell, dropRank, leastColumns: Infinity };
}

/** A column of estimates with their intervals; of shares the ends themselves. */
export function estimatedColumn<Row>(
  title: string,
  of: (row: Row) => Estimate,
  format: (value: number) => string,
  dropRank: number,
  isShare = false,
): Column<Row> {
  const interval = (row: Row) =>
    isShare ? formatShareInterval(of(row)) : formatInterval(of(row), format);
  return { ...plainColumn(title, (row) => formatEstimate(of(row), format), dropRank), interval };
}
