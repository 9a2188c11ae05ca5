import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { ComparedRun } from './types.ts';

const FIELDS = ['model', 'suite', 'target'] as const;
type OnlyField = (typeof FIELDS)[number];
/** Rows that are meant: any of the names of every field that has some. */
export type Only = Record<OnlyField, string[]>;

/**
 * Reads `FIELD=NAME,FIELD=NAME…`; of one field any of several names is meant. A name runs to the next
 * `,FIELD=`, for it may hold commas of its own.
 * @throws TokentapeError (exit 2) for a field that is none
 */
export function readOnly(texts: readonly string[], more: Partial<Only> = {}): Only {
  const only: Only = { model: [], suite: [], target: [] };
  for (const field of FIELDS) only[field].push(...(more[field] ?? []));
  for (const part of texts.flatMap((text) => text.split(/,(?=\s*\w+\s*=)/))) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    const field = FIELDS.find((one) => one === name);
    if (field === undefined || value === '') {
      throw usageError(
        `--only: '${part.trim()}' names no rows`,
        didYouMean(name, FIELDS, 'write it as model=NAME, suite=NAME or target=NAME'),
      );
    }
    only[field].push(value);
  }
  return only;
}

/**
 * The same runs, with the rows that are meant.
 * @throws TokentapeError (exit 2) for names that no run has
 */
export function selectRows(runs: ComparedRun[], only: Only): ComparedRun[] {
  const all = runs.flatMap(({ rows }) => rows.map(({ row }) => row));
  for (const field of FIELDS) for (const name of only[field]) check(field, name, all, runs.length);
  const isMeant = (row: SummaryRow) =>
    FIELDS.every(
      (field) =>
        only[field].length === 0 || only[field].some((name) => namesOf(field, row).includes(name)),
    );
  return runs.map((run) => ({ ...run, rows: run.rows.filter(({ row }) => isMeant(row)) }));
}

function check(field: OnlyField, name: string, rows: SummaryRow[], runs: number): void {
  const known = rows.flatMap((row) => namesOf(field, row));
  if (known.includes(name)) return;
  const there = [...new Set(rows.map((row) => namesOf(field, row)[0]))];
  throw usageError(
    `no ${field} ${name} in ${runs > 1 ? 'these runs' : 'this run'}`,
    didYouMean(name, known, `there are ${there.join(', ')}`),
  );
}

function namesOf(field: OnlyField, row: SummaryRow): string[] {
  return field === 'model' ? [row.label, row.model] : [row[field]];
}
