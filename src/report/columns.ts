import type { EstimateName, SummaryRow } from '../metrics/types.ts';
import {
  formatCount,
  formatEstimate,
  formatFigure,
  formatInterval,
  formatOptional,
  formatPercent,
  formatShareInterval,
  formatUsd,
  NOT_AVAILABLE,
} from './numbers.ts';
import { neutralise } from './text.ts';
import { distinct, reached } from './view.ts';

/** One column of a table with a line for each row; of the table of a run, unless told otherwise. */
export interface Column<Row = SummaryRow> {
  /** In one line; the table stacks it at its last space. */
  title: string;
  align: 'left' | 'right';
  cell: (row: Row) => string;
  /** What stands beside or below the cell: its interval, or nothing. */
  interval?: (row: Row) => string;
  /** The highest is dropped first where the terminal is narrow; 0 stays. */
  dropRank: number;
  /** A name may be cut to this width before a column is dropped; a figure is never cut. */
  leastColumns: number;
}

/** The columns that these rows call for, in the order they stand. */
export function columnsOf(rows: SummaryRow[]): Column[] {
  const columns = [
    nameColumn('model', (row) => row.label, 30),
    distinct(rows, (row) => row.target).length > 1 && nameColumn('target', (row) => row.target, 12),
    figureColumn('ok', okOfPlanned, 0),
    reached(rows, 'score') && shareColumn('score %', 'score', 0),
    rows.some((row) => (row.grades?.ungraded ?? 0) > 0) &&
      figureColumn('ungraded', ungradedCount, 5.5),
    shareColumn('err %', 'error_rate', 1),
    estimateColumn('TTFT p50', 'ttft_ms_p50', 0),
    tailColumn('TTFT', 'ttft_ms', rows, 3),
    reached(rows, 'thinking_ms_p50') && estimateColumn('TTFAT p50', 'ttfat_ms_p50', 7),
    estimateColumn('TPOT p50', 'tpot_ms_p50', 4),
    estimateColumn('tok/s', 'decode_tokens_per_second_p50', 2),
    estimateColumn('E2E p50', 'e2e_ms_p50', 2.5),
    tailColumn('E2E', 'e2e_ms', rows, 8),
    figureColumn('tokens', outputTokens, 6),
    estimateColumn('all tok/s', 'output_tokens_per_second', 9),
    estimateColumn('req/s', 'requests_per_second', 10),
    reached(rows, 'goodput_per_second') && estimateColumn('good/s', 'goodput_per_second', 4.5),
    rows.some((row) => row.cost_usd !== null) &&
      figureColumn('cost', (row) => formatOptional(row.cost_usd, formatUsd), 5),
  ];
  return columns.filter((column) => column !== false && column !== null);
}

/** A cell with its interval beside it. */
export function withInterval<Row>(column: Column<Row>, row: Row): string {
  const interval = bracketed(column.interval?.(row) ?? '');
  return interval === '' ? column.cell(row) : `${column.cell(row)} ${interval}`;
}

/** An interval beside its figure: ends of its own are kept apart from it. */
export function bracketed(interval: string): string {
  return interval === '' || interval.startsWith('±') ? interval : `[${interval}]`;
}

function nameColumn(
  title: string,
  name: (row: SummaryRow) => string,
  leastColumns: number,
): Column {
  const cell = (row: SummaryRow) => neutralise(name(row));
  return { title, align: 'left', cell, dropRank: 0, leastColumns };
}

function figureColumn(title: string, cell: Column['cell'], dropRank: number): Column {
  return { title, align: 'right', cell, dropRank, leastColumns: Infinity };
}

function estimateColumn(title: string, name: EstimateName, dropRank: number): Column {
  const mark = RESTS_ON_STAMPS.test(name) ? lateMark : () => '';
  const cell = (row: SummaryRow): string => {
    const estimate = row.estimates[name];
    return formatEstimate(estimate, formatFigure) + (estimate.value === null ? '' : mark(row));
  };
  const interval = (row: SummaryRow) => formatInterval(row.estimates[name], formatFigure);
  return { ...figureColumn(title, cell, dropRank), interval };
}

function shareColumn(title: string, name: EstimateName, dropRank: number): Column {
  const cell = (row: SummaryRow) => formatEstimate(row.estimates[name], formatPercent);
  const interval = (row: SummaryRow) => formatShareInterval(row.estimates[name]);
  return { ...figureColumn(title, cell, dropRank), interval };
}

const RESTS_ON_STAMPS = /_ms_p|_per_second_p/;
/** Share of requests with a late stamp from which on the figures of a row are marked. */
export const LATE_REQUESTS_MARKED = 0.05;

/** `!` beside figures that rest on stamps which the client may have taken late. */
export function lateMark(row: SummaryRow): string {
  return (row.client_late_share ?? 0) > LATE_REQUESTS_MARKED ? '!' : '';
}

/** p95 where a row has samples enough for it, else p90, else nothing. */
function tailColumn(
  title: string,
  metric: 'ttft_ms' | 'e2e_ms',
  rows: SummaryRow[],
  dropRank: number,
): Column | null {
  const tail = (['p95', 'p90'] as const).find((p) => reached(rows, `${metric}_${p}`));
  if (tail === undefined) return null;
  return estimateColumn(`${title} ${tail}`, `${metric}_${tail}`, dropRank);
}

function okOfPlanned({ requests }: SummaryRow): string {
  return `${requests.ok}/${requests.planned}`;
}

/** Cases that nobody could grade; nothing where none was to be. */
function ungradedCount({ grades }: SummaryRow): string {
  return grades === undefined ? NOT_AVAILABLE : formatCount(grades.ungraded);
}

/** Marks beside a token count that `usage` alone does not account for. */
const TOKEN_MARKS = { usage: '', tokenizer: '~', mixed: '*', unknown: '' } as const;

function outputTokens(row: SummaryRow): string {
  if (row.output_tokens === null) return NOT_AVAILABLE;
  const partly = row.estimates.output_tokens_per_second.at_least ? '≥' : '';
  return `${partly}${formatCount(row.output_tokens)}${TOKEN_MARKS[row.token_source]}`;
}
