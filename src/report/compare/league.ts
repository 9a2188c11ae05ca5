import pc from 'picocolors';
import { shortTitleOf, titleOf } from '../../compare/metrics.ts';
import type { Pivot, PivotCell } from '../../compare/pivot.ts';
import type { Comparison } from '../../compare/types.ts';
import type { EstimateName } from '../../metrics/types.ts';
import { drawGrid, GAP, type Grid } from '../grid.ts';
import { stacked } from '../layout.ts';
import { displayWidth, neutralise, truncateMiddle } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { figureCell, painted, reachedMetrics, shortShift } from './figures.ts';

/** A league table has no room for longer names beside its figures. */
const MOST_NAME = 30;
const LEAST_NAME = 12;

/** One table for each column of cells: a line for each name, a column for each metric. */
export function leagueTables(
  comparison: Comparison,
  pivoted: Pivot,
  options: TextOptions,
): string[] {
  const metrics = reachedMetrics(comparison);
  return pivoted.columns.flatMap((names, column) => {
    const own = {
      ...pivoted,
      lines: pivoted.lines.flatMap((line) => {
        const cell = line.cells[column] ?? null;
        return cell === null ? [] : [{ names: line.names, cells: [cell] }];
      }),
    };
    const isBase = own.lines.every(({ cells }) => cells[0]?.side === 0);
    const heading = names.map(neutralise).join(' · ') + (isBase ? ' (base)' : '');
    const tables = sheets(own, metrics, options);
    return names.length === 0
      ? tables
      : tables.map((table) => `${pc.createColors(options.colour).bold(heading)}\n${table}`);
  });
}

/** As many metrics as fit; the rest in tables below. */
function sheets(own: Pivot, metrics: EstimateName[], options: TextOptions): string[] {
  const whole = gridOf(own, metrics, MOST_NAME, options);
  // The name gives way first.
  const room = MOST_NAME - Math.max(0, widthOf(whole) - options.columns);
  if (room >= LEAST_NAME || metrics.length === 1) {
    const grid =
      room === MOST_NAME ? whole : gridOf(own, metrics, Math.max(room, LEAST_NAME), options);
    if (metrics.length === 1 || widthOf(grid) <= options.columns) {
      return [drawGrid(grid, options.colour)];
    }
  }
  const half = Math.ceil(metrics.length / 2);
  return [metrics.slice(0, half), metrics.slice(half)].flatMap((part) =>
    sheets(own, part, options),
  );
}

function gridOf(
  { by, lines }: Pivot,
  metrics: EstimateName[],
  mostName: number,
  { columns, colour }: TextOptions,
): Grid {
  const colours = pc.createColors(colour);
  const nameField = by.at(-1) ?? 'model';
  let group = '';
  const rows: Grid['rows'] = [];
  for (const { names, cells } of lines) {
    const heading = names.slice(0, -1).map(neutralise).join(' · ');
    if (heading !== group) rows.push({ heading: truncateMiddle(heading, columns) });
    group = heading;
    const [cell] = cells as [PivotCell];
    const name = truncateMiddle(neutralise(names.at(-1) ?? ''), mostName);
    const figures = metrics.map((metric) => {
      const of = cell.row.metrics.find((each) => each.metric === metric);
      const shift = of?.shifts[cell.side] ?? null;
      return {
        figure: figureCell(metric, of?.estimates[cell.side] ?? null, true),
        below: painted(shortShift(shift), shift?.word, colours),
      };
    });
    const isOneLine = figures.every(({ below }) => below === '');
    rows.push([
      cell.side === 0 ? `${name}\n(base)` : name,
      ...figures.map(({ figure, below }) => (isOneLine ? figure : `${figure}\n${below}`)),
    ]);
  }
  const isOneSide = new Set(lines.map(({ cells }) => cells[0]?.side)).size === 1;
  return {
    head: [nameField, ...metrics.map((metric) => stacked(shortTitleOf(metric)))],
    align: ['left', ...metrics.map(() => 'right' as const)],
    rows: isOneSide ? rows.map(withoutBaseMark) : rows,
  };
}

/** Where all lines are of the base, or none is, the heading says so. */
function withoutBaseMark(row: Grid['rows'][number]): Grid['rows'][number] {
  if (!Array.isArray(row)) return row;
  const [name = '', ...cells] = row;
  return [name.replace(/\n\(base\)$/, ''), ...cells];
}

function widthOf({ head, rows }: Grid): number {
  const lines = [head, ...rows.filter((row) => Array.isArray(row))];
  return head
    .map((_, index) =>
      Math.max(...lines.flatMap((line) => (line[index] ?? '').split('\n').map(displayWidth))),
    )
    .reduce((sum, width) => sum + width, GAP * (head.length - 1));
}

/** What the short forms mean, with the units that the titles have no room for. */
export function leagueNote(comparison: Comparison): string {
  const metrics = reachedMetrics(comparison).map(titleOf).join('; ');
  return (
    `${metrics}. Below a figure: the 95 % interval of its shift against the base, in percent (of ` +
    'shares in points), and the word for it: = no difference worth naming, ? undecided.'
  );
}
