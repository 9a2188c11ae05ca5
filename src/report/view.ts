import type { EstimateName, SummaryRow } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';

/** What a report is a function of. */
export interface RunView {
  manifest: Manifest;
  rows: SummaryRow[];
}

export interface TextOptions {
  /** Columns of the terminal; lines are no wider, down to 40. */
  columns: number;
  colour: boolean;
}

/** Rows of which something was to be measured; the others are told beneath the table. */
export function measuredRows(rows: SummaryRow[]): SummaryRow[] {
  return rows.filter(({ requests }) => requests.planned > requests.skipped);
}

/** The different values of one field, in the order they come. */
export function distinct<T>(rows: SummaryRow[], of: (row: SummaryRow) => T): T[] {
  return [...new Set(rows.map(of))];
}

/** Whether any row has enough samples for this estimate. */
export function reached(rows: SummaryRow[], name: EstimateName): boolean {
  return rows.some((row) => row.estimates[name].value !== null);
}
