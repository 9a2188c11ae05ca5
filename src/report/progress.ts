import pc from 'picocolors';
import { formatFigure } from './numbers.ts';
import { displayWidth, neutralise, truncate } from './text.ts';

/** Figures of one model while a run goes on. */
export interface ProgressRow {
  label: string;
  planned: number;
  done: number;
  failed: number;
  skipped: number;
  inFlight: number;
  ttftMs: number | null;
  tokensPerSecond: number | null;
}

export interface ProgressView {
  models: readonly ProgressRow[];
  elapsedMs: number;
  remainingMs: number | null;
}

export interface TerminalSize {
  columns: number;
  rows: number;
  colour: boolean;
}

const NAME_COLUMNS = 32;
const BAR_COLUMNS = 20;

/** One plain line, for logs. */
export function progressLine(view: ProgressView): string {
  const total = totals(view.models);
  const left = view.remainingMs === null ? '' : `, about ${formatSeconds(view.remainingMs)} left`;
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  return (
    `${formatSeconds(view.elapsedMs)}: ${doneOf(total)} done, ${total.failed} failed` +
    `${skipped}, ${total.inFlight} in flight${left}`
  );
}

/** A small table for a terminal, no taller and no wider than it. */
export function progressTable(view: ProgressView, terminal: TerminalSize): string[] {
  const width = terminal.columns - 1;
  const nameColumns = Math.min(
    NAME_COLUMNS,
    Math.max(8, ...view.models.map(({ label }) => displayWidth(neutralise(label)))),
  );
  const rows = view.models.map((model) => progressRow(model, nameColumns, terminal.colour));
  const total = truncate(progressLine(view), width);
  // Without room for the models, the line alone.
  if (rows.length + 2 > terminal.rows || width < nameColumns + 40) return [total];
  const head = `${'model'.padEnd(nameColumns)} ${' '.repeat(BAR_COLUMNS)}      done  failed  flying     TTFT   tok/s`;
  const heading = terminal.colour
    ? pc.createColors(true).dim(head.slice(0, width))
    : head.slice(0, width);
  return width >= displayWidth(head) ? [heading, ...rows, total] : [total];
}

function progressRow(model: ProgressRow, nameColumns: number, colour: boolean): string {
  const colours = pc.createColors(colour);
  const name = truncate(neutralise(model.label), nameColumns);
  const share = model.planned === 0 ? 0 : (model.done + model.skipped) / model.planned;
  const filled = Math.min(BAR_COLUMNS, Math.round(share * BAR_COLUMNS));
  const failed = String(model.failed).padStart(7);
  return [
    name + ' '.repeat(nameColumns - displayWidth(name)),
    colours.green('━'.repeat(filled)) + colours.dim('─'.repeat(BAR_COLUMNS - filled)),
    doneOf(model).padStart(9),
    model.failed > 0 ? colours.red(failed) : failed,
    String(model.inFlight).padStart(7),
    figure(model.ttftMs, ' ms').padStart(8),
    figure(model.tokensPerSecond, '').padStart(7),
  ].join(' ');
}

/** Where a run goes round its cases until its time is up, what was planned tells nothing. */
function doneOf({ done, planned }: Pick<ProgressRow, 'done' | 'planned'>): string {
  return done > planned ? String(done) : `${done}/${planned}`;
}

function figure(value: number | null, unit: string): string {
  return value === null ? '–' : `${formatFigure(value)}${unit}`;
}

/** `90 s`, `2 min 13 s`, `3 h` */
export function formatSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min ${seconds % 60} s` : `${Math.round(minutes / 60)} h`;
}

function totals(
  models: readonly ProgressRow[],
): Omit<ProgressRow, 'label' | 'ttftMs' | 'tokensPerSecond'> {
  const total = { planned: 0, done: 0, failed: 0, skipped: 0, inFlight: 0 };
  for (const model of models) {
    total.planned += model.planned;
    total.done += model.done;
    total.failed += model.failed;
    total.skipped += model.skipped;
    total.inFlight += model.inFlight;
  }
  return total;
}
