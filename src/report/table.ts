import pc from 'picocolors';
import type { SummaryRow } from '../metrics/types.ts';
import { gridOf, leftOut } from './column-grid.ts';
import { type Column, columnsOf } from './columns.ts';
import { gradingLines } from './grades/grading.ts';
import { gradeNotes } from './grades/notes.ts';
import { moreTables } from './grades/tables.ts';
import { ungradedLines } from './grades/ungraded.ts';
import { drawGrid } from './grid.ts';
import { arrange } from './layout.ts';
import { doubts, methodNotes, simulatedNotice } from './notes.ts';
import { remarkLines } from './remarks.ts';
import { failureLines, skippedLines } from './shortfalls.ts';
import { neutralise, truncateMiddle, wrap } from './text.ts';
import { distinct, measuredRows, type RunView, type TextOptions } from './view.ts';

const LEGEND =
  'Times in ms. TTFT: start to first token. TPOT: time per output token after the first. ' +
  'tok/s: 1000 / TPOT. E2E: start to last token.';
const LEGEND_OF: Record<string, string> = {
  'TTFAT p50': ' TTFAT: start to first answer token.',
  'all tok/s': ' all tok/s: of all ok requests together.',
  'good/s': ' good/s: requests per second that met every objective.',
};

/** Lines of one list beneath the table; the rest is in the files. */
const LIST_LINES = 24;

/** Rows as a table with its legend, without what has to be known of their run. */
export function renderRows(all: SummaryRow[], options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const rows = measuredRows(all);
  if (rows.length === 0) return 'No request was measured.';
  const { shown, dropped } = arrange(columnsOf(rows), rows, columns);
  return [tableOf(rows, shown, columns, options.colour), legend(shown, dropped, columns)].join(
    '\n\n',
  );
}

/**
 * A run as text for a terminal or a pipe: notices, the table, and what has to be known of it.
 * @returns lines joined by `\n`, without one at the end
 */
export function renderTable(view: RunView, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const { yellow, bold } = pc.createColors(options.colour);
  const notice = simulatedNotice(view);
  const warn = (line: string) => yellow(wrap(line, columns));
  const list = (title: string, lines: string[]) =>
    lines.length === 0 ? '' : [bold(title), ...listed(lines, columns)].join('\n');

  return [
    notice === null ? '' : warn(notice),
    renderRows(view.rows, options),
    ...moreTables(measuredRows(view.rows)).map(({ title, note, text }) =>
      [bold(title), text({ ...options, columns }), wrap(note, columns)].join('\n'),
    ),
    list('Not graded', ungradedLines(view.rows)),
    list('Grading', gradingLines(view.manifest)),
    list('Not ok, by class', failureLines(view.rows)),
    list('Skipped', skippedLines(view.rows)),
    list('Remarks', remarkLines(view.rows)),
    [...gradeNotes(view.rows), ...methodNotes(view)].map((line) => wrap(line, columns)).join('\n'),
    [...doubts(view.manifest), ...(notice === null ? [] : [notice])].map(warn).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function tableOf(rows: SummaryRow[], shown: Column[], columns: number, colour: boolean): string {
  const suites = distinct(rows, (row) => row.suite);
  const grid = gridOf(shown, rows, columns, colour);
  if (suites.length === 1) return drawGrid(grid, colour);
  const heading = (suite: string) => ({ heading: truncateMiddle(neutralise(suite), columns) });
  const grouped = suites.flatMap((suite) => [
    heading(suite),
    ...grid.rows.filter((_, i) => rows[i]?.suite === suite),
  ]);
  return drawGrid({ ...grid, rows: grouped }, colour);
}

function legend(shown: Column[], dropped: Column[], columns: number): string {
  const extra = shown.map(({ title }) => LEGEND_OF[title] ?? '').join('');
  const lines = [wrap(LEGEND + extra, columns)];
  if (dropped.length > 0) lines.push(leftOut(dropped, columns));
  return lines.join('\n');
}

function listed(lines: string[], columns: number): string[] {
  const shown = lines.slice(0, LIST_LINES).map((line) => wrap(line, columns, '  ', '    '));
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `  … and ${more} more: the run's files have all`] : shown;
}
