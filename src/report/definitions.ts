import pc from 'picocolors';
import type { Distribution, Figures } from '../definitions/tally.ts';
import type { Definition } from '../definitions/types.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';
import { drawGrid } from './grid.ts';
import { stacked } from './layout.ts';
import { doubts, nameOf, simulatedNotice } from './notes.ts';
import { counted, formatCount, formatFigure, formatOptional } from './numbers.ts';
import { displayWidth, neutralise, truncateMiddle, wrap } from './text.ts';
import { distinct, type TextOptions } from './view.ts';

/** The figures of one row by one definition: of this tool, first, and of the tools beside it. */
export interface DefinedRow {
  row: SummaryRow;
  /** `null` for our own. */
  definition: Definition | null;
  figures: Figures;
}

/** A run as several tools would have summed it up. */
export interface ByDefinitions {
  manifest: Manifest;
  rows: DefinedRow[];
  /** Measured replies that only our own rows count, for their tapes are gone or blanked. */
  untaped: number;
  /** Targets that speak another dialect than OpenAI's, which no other tool reads. */
  unread: string[];
}

const OWN = 'tokentape';

interface Column {
  title: string;
  cell: (defined: DefinedRow) => string;
  /** The highest is dropped first where the terminal is narrow; 0 stays. */
  dropRank: number;
}

const COLUMNS: Column[] = [
  { title: 'as defined by', cell: nameOfDefinition, dropRank: 0 },
  { title: 'ok', cell: ({ figures }) => formatCount(figures.requests_ok), dropRank: 0 },
  { title: 'failed', cell: ({ figures }) => formatCount(figures.requests_failed), dropRank: 0.1 },
  { title: 'lost', cell: ({ figures }) => formatCount(figures.requests_lost), dropRank: 1 },
  timeColumn('TTFT p50', 'ttft_ms', 'p50', 0),
  timeColumn('TTFT p95', 'ttft_ms', 'p95', 3),
  timeColumn('TTFT p99', 'ttft_ms', 'p99', 6),
  timeColumn('TPOT p50', 'tpot_ms', 'p50', 0.3),
  timeColumn('TPOT p95', 'tpot_ms', 'p95', 5),
  timeColumn('ITL p50', 'itl_ms', 'p50', 0.5),
  timeColumn('ITL p95', 'itl_ms', 'p95', 5.5),
  { title: 'tokens', cell: tokensOf, dropRank: 2 },
  {
    title: 'all tok/s',
    cell: ({ figures }) =>
      bounded(figures, 'output_tokens_per_second') +
      formatOptional(figures.output_tokens_per_second, formatFigure),
    dropRank: 4,
  },
];

function timeColumn(
  title: string,
  metric: 'ttft_ms' | 'tpot_ms' | 'itl_ms',
  p: 'p50' | 'p95' | 'p99',
  dropRank: number,
): Column {
  const cell = ({ figures }: DefinedRow): string => {
    const distribution: Distribution | null = figures[metric];
    if (distribution === null) return '–';
    return bounded(figures, `${metric}.${p}`) + formatOptional(distribution[p], formatFigure);
  };
  return { title, cell, dropRank };
}

function tokensOf({ figures }: DefinedRow): string {
  return bounded(figures, 'output_tokens') + formatOptional(figures.output_tokens, formatCount);
}

function bounded({ at_least }: Figures, path: string): string {
  return at_least.includes(path) ? '≥' : '';
}

/** As it is asked for, or our own. */
export function nameOfDefinition({ definition }: DefinedRow): string {
  return definition?.name ?? OWN;
}

const LEGEND =
  'Times in ms, from the same tapes, each by its tool’s own rules; see docs/definitions.md. ' +
  'n/a: these replies do not tell. –: the tool has no such figure. ' +
  'lost: replies that the tool’s own code stumbles over and counts nowhere.';

/** The figures by definition for a terminal or a pipe: one group of lines for each row of the run. */
export function renderDefinitions(view: ByDefinitions, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const { yellow } = pc.createColors(options.colour);
  const warn = (line: string): string => yellow(wrap(line, columns));
  const summaries = distinct(
    view.rows.map(({ row }) => row),
    (row) => row,
  );
  const { shown, dropped } = fitted(view.rows, columns);
  const notice = simulatedNotice({ manifest: view.manifest, rows: summaries });
  const grid = drawGrid(
    {
      head: shown.map(({ title }) => stacked(title)),
      align: shown.map((_, index) => (index === 0 ? 'left' : 'right')),
      rows: summaries.flatMap((summary) => [
        { heading: truncateMiddle(nameOf(summary, summaries), columns) },
        ...view.rows
          .filter(({ row }) => row === summary)
          .map((row) => shown.map(({ cell }) => cell(row))),
      ]),
    },
    options.colour,
  );
  return [
    notice === null ? '' : warn(notice),
    summaries.length === 0 ? 'No request was measured.' : grid,
    wrap(LEGEND, columns),
    [...notesOf(view), ...droppedNote(dropped, columns)]
      .map((line) => wrap(line, columns))
      .join('\n'),
    [...doubts(view.manifest), ...(notice === null ? [] : [notice])].map(warn).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function fitted(rows: DefinedRow[], columns: number): { shown: Column[]; dropped: Column[] } {
  const lost = rows.some(({ figures }) => figures.requests_lost > 0);
  let shown = COLUMNS.filter(({ title }) => title !== 'lost' || lost);
  const dropped: Column[] = [];
  while (widthOf(shown, rows) > columns) {
    const next = shown.reduce((a, b) => (b.dropRank > a.dropRank ? b : a));
    if (next.dropRank === 0) break;
    dropped.push(next);
    shown = shown.filter((column) => column !== next);
  }
  return { shown, dropped };
}

function widthOf(shown: Column[], rows: DefinedRow[]): number {
  const widths = shown.map(({ title, cell }) =>
    Math.max(
      ...stacked(title).split('\n').map(displayWidth),
      ...rows.map((row) => displayWidth(cell(row))),
    ),
  );
  return widths.reduce((sum, width) => sum + width + 2, -2);
}

function droppedNote(dropped: Column[], columns: number): string[] {
  if (dropped.length === 0) return [];
  return [`Left out at ${columns} columns: ${dropped.map(({ title }) => title).join(', ')}.`];
}

/** Why figures are missing. */
function notesOf({ rows, untaped, unread }: ByDefinitions): string[] {
  const notes: string[] = [];
  for (const definition of new Set(rows.map((row) => row.definition))) {
    const lacking = rows
      .filter((row) => row.definition === definition)
      .reduce((sum, { figures }) => sum + figures.lacking_tokenizer, 0);
    if (definition === null || definition.tokenizer === null || lacking === 0) continue;
    const replies = counted(lacking, 'reply', 'replies');
    notes.push(`${definition.name} ${definition.tokenizer}: some figure of ${replies} is n/a.`);
  }
  if (untaped > 0) {
    notes.push(
      `Only ${OWN} counts ${counted(untaped, 'reply', 'replies')} of which no tape is left to read.`,
    );
  }
  if (unread.length > 0) {
    const names = unread.map(neutralise).join(', ');
    notes.push(`No other tool reads the dialect of ${names}: only ${OWN} counts its replies.`);
  }
  return notes;
}
