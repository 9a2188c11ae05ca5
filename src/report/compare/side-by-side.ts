import pc from 'picocolors';
import { titleOf } from '../../compare/metrics.ts';
import type { Comparison, ComparisonRow, MetricComparison } from '../../compare/types.ts';
import type { EstimateName } from '../../metrics/types.ts';
import { drawGrid, GAP, type Grid } from '../grid.ts';
import { displayWidth, truncate, truncateMiddle } from '../text.ts';
import type { TextOptions } from '../view.ts';
import {
  figureCell,
  letter,
  painted,
  reachedMetrics,
  rowName,
  rowSamples,
  shiftCell,
} from './figures.ts';

/**
 * Row by row, a line for each metric: A, and as many sides beside it as the width takes, each with
 * its shift and the word for it; the rest in tables below. Where not even one fits, in lines.
 */
export function sideBySide(comparison: Comparison, options: TextOptions): string[] {
  const others = comparison.runs.map((_, side) => side).slice(1);
  return sheets(comparison, others, options);
}

function sheets(comparison: Comparison, others: number[], options: TextOptions): string[] {
  for (const intervals of others.length > 1 ? [true] : [true, false]) {
    const grid = gridOf(comparison, others, intervals, options);
    if (gridWidth(grid) <= options.columns) return [drawGrid(grid, options.colour)];
  }
  if (others.length <= 1) return [stackedOf(comparison, others, options)];
  const half = Math.ceil(others.length / 2);
  return [others.slice(0, half), others.slice(half)].flatMap((part) =>
    sheets(comparison, part, options),
  );
}

/** The head of the table for these sides beside A. */
export function headOf(others: number[]): string[] {
  return ['', 'A', ...others.flatMap((side) => [letter(side), `${letter(side)} to A`, ''])];
}

/** Words and titles to the left, figures to the right. */
export function alignOf(head: string[]): ('left' | 'right')[] {
  return head.map((_, index) => (index === 0 || isWord(index) ? 'left' : 'right'));
}

/** Behind title and A: figure, shift, word. */
const FIRST_WORD = 4;

function isWord(index: number): boolean {
  return index >= FIRST_WORD && (index - FIRST_WORD) % 3 === 0;
}

/** A metric's line in it. */
export function cellsOf(
  { metric, estimates, shifts }: MetricComparison,
  others: number[],
  intervals: boolean,
): string[] {
  return [
    titleOf(metric),
    figureCell(metric, estimates[0] ?? null, intervals),
    ...others.flatMap((side) => [
      figureCell(metric, estimates[side] ?? null, intervals),
      shiftCell(shifts[side] ?? null),
      shifts[side]?.word ?? '',
    ]),
  ];
}

function gridOf(
  comparison: Comparison,
  others: number[],
  intervals: boolean,
  { columns, colour }: TextOptions,
): Grid {
  const colours = pc.createColors(colour);
  const shown = reachedMetrics(comparison);
  const head = headOf(others);
  const cells = (row: MetricComparison) =>
    cellsOf(row, others, intervals).map((cell, index) => {
      const side = isWord(index) ? others[(index - FIRST_WORD) / 3] : undefined;
      return side === undefined ? cell : painted(cell, row.shifts[side]?.word, colours);
    });
  return {
    head,
    align: alignOf(head),
    rows: comparison.rows.flatMap((row) => [
      { heading: headingOf(row, comparison, others, columns) },
      ...metricsOf(row, shown).map(cells),
    ]),
  };
}

function metricsOf({ metrics }: ComparisonRow, shown: EstimateName[]): MetricComparison[] {
  return metrics.filter(({ metric }) => shown.includes(metric));
}

/** The name is cut before what the shifts rest on. */
function headingOf(
  row: ComparisonRow,
  comparison: Comparison,
  others: number[],
  columns: number,
): string {
  const rest = ` · ${rowSamples(row, [0, ...others])}`;
  const room = Math.max(12, columns - displayWidth(rest));
  return truncate(truncateMiddle(rowName(row, comparison), room) + rest, columns);
}

function gridWidth({ head, rows }: Grid): number {
  const cells = rows.filter((row) => Array.isArray(row));
  return head
    .map((title, index) =>
      Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
    )
    .reduce((sum, width) => sum + width, GAP * (head.length - 1));
}

/** For a narrow terminal: a figure a line. */
function stackedOf(
  comparison: Comparison,
  others: number[],
  { columns, colour }: TextOptions,
): string {
  const colours = pc.createColors(colour);
  const shown = reachedMetrics(comparison);
  const lines = comparison.rows.flatMap((row) => [
    colours.bold(headingOf(row, comparison, others, columns)),
    ...metricsOf(row, shown).flatMap(({ metric, estimates, shifts }) => [
      titleOf(metric),
      ...[0, ...others].map(
        (side) => `  ${letter(side)} ${figureCell(metric, estimates[side] ?? null, true)}`,
      ),
      ...others.flatMap((side) => {
        const shift = shifts[side] ?? null;
        if (shift === null) return [];
        return [`    ${shiftCell(shift)} ${painted(shift.word, shift.word, colours)}`];
      }),
    ]),
  ]);
  return lines.join('\n');
}
