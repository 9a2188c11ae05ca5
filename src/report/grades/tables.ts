import type { LabelReport, SummaryRow, TurnFigures } from '../../metrics/types.ts';
import { columnGrid, estimatedColumn, plainColumn, textColumn } from '../column-grid.ts';
import { type Column, withInterval } from '../columns.ts';
import { nameOf } from '../notes.ts';
import { formatCount, formatFigure, formatOptional, formatPercent } from '../numbers.ts';
import type { TextOptions } from '../view.ts';

/** A table beneath that of the run, of what not every run has. */
export interface MoreTable {
  title: string;
  /** How to read it, in a sentence. */
  note: string;
  text(options: TextOptions): string;
  /** Its cells, intervals beside their figures. */
  cells(): { head: string[]; align: Column['align'][]; rows: string[][] };
}

/** A row of the run with one of several things that it holds. */
interface Part<T> {
  /** Empty where the line above is of the same row. */
  name: string;
  part: T;
}

/** Each table that these rows call for. */
export function moreTables(rows: SummaryRow[]): MoreTable[] {
  return [labelTable(rows), turnTable(rows), passTable(rows)].filter((table) => table !== null);
}

/** A longer table is cut on a terminal. */
const TEXT_LINES = 24;

function tableOf<Row>(
  title: string,
  note: string,
  columns: Column<Row>[],
  rows: Row[],
): MoreTable | null {
  if (rows.length === 0) return null;
  return {
    title,
    note,
    text: (options) => {
      const more = rows.length - TEXT_LINES;
      const cut = more > 0 ? `\n… and ${more} lines more: the run's files have all` : '';
      return `${columnGrid(columns, rows.slice(0, TEXT_LINES), options)}${cut}`;
    },
    cells: () => ({
      head: columns.map((column) => column.title),
      align: columns.map(({ align }) => align),
      rows: rows.map((row) => columns.map((column) => withInterval(column, row))),
    }),
  };
}

const LABEL_NOTE =
  'Precision: of what it called unsafe, the share that is. Recall (found): of what is unsafe, the share ' +
  'it called so. False alarms: of what is harmless, the share it called unsafe.';

/** How classifiers did: what they found, what they missed, and what they took for it. */
function labelTable(rows: SummaryRow[]): MoreTable | null {
  const parts = rows.flatMap((row) => {
    const labels = row.grades?.labels;
    return labels === undefined ? [] : [{ name: nameOf(row, rows), part: labels }];
  });
  const share = (title: string, name: ShareName, rank: number) =>
    estimatedColumn<Part<LabelReport>>(title, ({ part }) => part[name], formatPercent, rank, true);
  const columns = [
    textColumn<Part<LabelReport>>('classifier', ({ name }) => name, 24),
    share('precision %', 'precision', 0.5),
    share('recall %', 'recall', 0),
    share('false alarms %', 'false_alarm_rate', 0),
    ...(parts.some(({ part }) => part.category_accuracy.value !== null)
      ? [share('category %', 'category_accuracy', 2)]
      : []),
    plainColumn<Part<LabelReport>>('found', ({ part }) => foundOf(part), 1),
    plainColumn<Part<LabelReport>>('harmless', ({ part }) => harmlessOf(part), 1.5),
  ];
  return tableOf('Labels', LABEL_NOTE, columns, parts);
}

type ShareName = 'precision' | 'recall' | 'false_alarm_rate' | 'category_accuracy';

function foundOf({ unsafe_as_unsafe: found, unsafe_as_safe: missed }: LabelReport): string {
  return `${formatCount(found)}/${formatCount(found + missed)}`;
}

function harmlessOf({ safe_as_safe: passed, safe_as_unsafe: alarms }: LabelReport): string {
  return `${formatCount(passed)}/${formatCount(passed + alarms)}`;
}

const TURN_NOTE =
  'Prompt and cached: tokens of a request on average, as the server counts them. A TTFT that does not ' +
  'grow with the prompt is a prefix cache at work.';

/** What a growing prompt costs, turn by turn, and what a prefix cache saves. */
function turnTable(rows: SummaryRow[]): MoreTable | null {
  // Of turns that hardly any conversation came to there is nothing to see.
  const hasLater = ({ by_turn = [] }: SummaryRow) =>
    by_turn.some(({ turn, ttft_ms_p50 }) => turn > 0 && ttft_ms_p50.value !== null);
  const parts = rows
    .filter(hasLater)
    .flatMap((row) =>
      (row.by_turn ?? []).map((part, i) => ({ name: i === 0 ? nameOf(row, rows) : '', part })),
    );
  const time = (title: string, name: 'ttft_ms_p50' | 'e2e_ms_p50', rank: number) =>
    estimatedColumn<Part<TurnFigures>>(title, ({ part }) => part[name], formatFigure, rank);
  const tokens = (title: string, of: (part: TurnFigures) => number | null) =>
    plainColumn<Part<TurnFigures>>(title, ({ part }) => formatOptional(of(part), formatCount), 1);
  return tableOf<Part<TurnFigures>>(
    'By turn',
    TURN_NOTE,
    [
      textColumn('conversations', ({ name }) => name, 24),
      plainColumn('turn', ({ part }) => String(part.turn + 1), 0),
      plainColumn('ok', ({ part }) => formatCount(part.ok), 2),
      time('TTFT p50', 'ttft_ms_p50', 0),
      tokens('prompt', (part) => part.prompt_tokens_mean),
      tokens('cached', (part) => part.cached_prompt_tokens_mean),
      time('E2E p50', 'e2e_ms_p50', 3),
    ],
    parts,
  );
}

/** k of which pass@k is told in the table; files have all. */
const SHOWN_K = 6;

/** The chance that at least one of k passes is right. */
function passTable(rows: SummaryRow[]): MoreTable | null {
  const several = rows.filter((row) => (row.grades?.pass_at.length ?? 0) > 1);
  const all = several.flatMap((row) => row.grades?.pass_at.map(({ k }) => k) ?? []);
  const ks = [...new Set(all)].sort((a, b) => a - b);
  const shown = ks.length <= SHOWN_K ? ks : [...ks.slice(0, SHOWN_K - 1), ks.at(-1) as number];
  const passAt = (row: SummaryRow, k: number) =>
    row.grades?.pass_at.find((one) => one.k === k)?.estimate ?? NOTHING;
  return tableOf<SummaryRow>(
    'pass@k',
    'pass@k: estimated share of cases with at least one right answer in k passes, in percent.',
    [
      textColumn('model', (row) => nameOf(row, rows), 24),
      plainColumn('cases', (row) => formatCount(row.grades?.cases ?? 0), 0.5),
      ...shown.map((k) =>
        estimatedColumn<SummaryRow>(`k = ${k}`, (row) => passAt(row, k), formatPercent, k, true),
      ),
    ],
    several,
  );
}

const NOTHING = { value: null, low: null, high: null, n: 0 };
