import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { figureOf, type SortKey, sortedBy } from './sort.ts';
import type { Comparison, ComparisonRow, Field } from './types.ts';

const FIELDS: readonly Field[] = ['run', 'target', 'model', 'suite'];

/** One side of one row: a figure of each metric, and its shift. */
export interface PivotCell {
  row: ComparisonRow;
  side: number;
}

/** The same comparison with other lines: what the lines are, what stands beside one another. */
export interface Pivot {
  /** What the lines are named after; the first is what they are grouped by. */
  by: Field[];
  /** What else the cells differ in: each combination of these is a column of cells. */
  across: Field[];
  /** The names of each such column, parallel to `across`. */
  columns: string[][];
  /** `names` parallel to `by`, `cells` to `columns`. */
  lines: { names: string[]; cells: (PivotCell | null)[] }[];
}

/**
 * Reads `FIELD,FIELD…`.
 * @throws TokentapeError (exit 2) for a field that is none
 */
export function readFields(text: string): Field[] {
  const fields = text.split(',').map((word) => {
    const name = word.trim();
    const field = FIELDS.find((one) => one === name);
    if (field !== undefined) return field;
    throw usageError(
      `--by: there is no field '${name}'`,
      didYouMean(name, FIELDS, `there are ${FIELDS.join(', ')}`),
    );
  });
  return [...new Set(fields)];
}

/** Lines by these fields; within each group of the first but the last, sorted where asked for. */
export function pivot(comparison: Comparison, by: Field[], sort?: SortKey): Pivot {
  const cells = comparison.rows.flatMap((row) =>
    comparison.runs.map((_, side) => ({ row, side })).filter(hasFigures),
  );
  const namesOf = (cell: PivotCell, fields: Field[]) =>
    fields.map((field) => nameOf(comparison, cell, field));
  const across = tellingApart(
    [comparison.sides, ...FIELDS].filter((field) => !by.includes(field)),
    (fields) => distinct(cells.map((cell) => namesOf(cell, fields))).length,
  );
  const columns = distinct(cells.map((cell) => namesOf(cell, across)));
  const lines = distinct(cells.map((cell) => namesOf(cell, by))).map((names) => ({
    names,
    cells: columns.map(
      (column) =>
        cells.find(
          (cell) => same(namesOf(cell, by), names) && same(namesOf(cell, across), column),
        ) ?? null,
    ),
  }));
  return { by, across, columns, lines: grouped(sorted(lines, sort), by.length - 1) };
}

/** The fields, in this order, that tell apart what those before them do not. */
function tellingApart(fields: Field[], count: (fields: Field[]) => number): Field[] {
  const kept: Field[] = [];
  for (const field of fields) {
    if (count([...kept, field]) > count(kept)) kept.push(field);
  }
  return kept;
}

function hasFigures({ row, side }: PivotCell): boolean {
  return row.metrics.some(({ estimates }) => (estimates[side]?.n ?? 0) > 0);
}

/** Where the sides differ in a field, the row does not tell it, and the side does. */
function nameOf({ runs, sides }: Comparison, { row, side }: PivotCell, field: Field): string {
  const of = runs[side];
  switch (field) {
    case 'suite':
      return row.suite;
    case 'run':
      return row.run ?? (sides === 'run' ? of?.name : of?.run_id) ?? '';
    case 'model':
      return row.label ?? of?.model ?? '';
    case 'target':
      return row.target ?? of?.target ?? '';
  }
}

function sorted(lines: Pivot['lines'], sort: SortKey | undefined): Pivot['lines'] {
  if (sort === undefined) return lines;
  const figure = ({ cells }: Pivot['lines'][number]) => {
    const first = cells.find((cell) => cell !== null);
    return first ? figureOf(first.row, first.side, sort.metric) : null;
  };
  return sortedBy(lines, figure, sort);
}

/** Lines of one group behind one another, groups in the order in which their first line came. */
function grouped(lines: Pivot['lines'], depth: number): Pivot['lines'] {
  const groups = distinct(lines.map(({ names }) => names.slice(0, depth)));
  return groups.flatMap((group) => lines.filter(({ names }) => same(names.slice(0, depth), group)));
}

function distinct(lists: string[][]): string[][] {
  return [...new Map(lists.map((list) => [list.join('\0'), list])).values()];
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.every((each, index) => each === b[index]);
}
