import { isGrade, isShare } from '../../compare/metrics.ts';
import type { Pivot, PivotCell } from '../../compare/pivot.ts';
import type { Comparison, Shift } from '../../compare/types.ts';
import { jsonText } from '../../json.ts';
import type { EstimateName } from '../../metrics/types.ts';
import { type Cell, csvOf } from '../csv.ts';

/** A comparison as CSV in long form: one line per row, metric and side. */
export function comparisonCsv(comparison: Comparison): string {
  const head = csvOf([
    'target',
    'model',
    'suite',
    'metric',
    'run',
    'run_id',
    'simulated',
    'base',
    'value',
    'low',
    'high',
    'n',
    'at_least',
    'difference',
    'difference_percent',
    'shift',
    'shift_low',
    'shift_high',
    'shift_unit',
    'paired',
    'pairs',
    'word',
    'of_run',
    'base_only',
    'other_only',
    'mcnemar_p',
  ]);
  const lines = comparison.rows.flatMap(({ target, model, suite, run, metrics }) =>
    metrics.flatMap(({ metric, estimates, differences, shifts }) =>
      comparison.runs.map(({ name, run_id, simulated }, side) => {
        const estimate = estimates[side] ?? null;
        const difference = differences[side] ?? null;
        const shift = shifts[side] ?? null;
        return csvOf([
          ...[target, model, suite, metric, name, run_id, simulated, side === 0],
          ...[estimate?.value ?? null, estimate?.low ?? null, estimate?.high ?? null],
          ...[estimate?.n ?? 0, estimate?.at_least === true],
          ...[difference?.absolute ?? null, difference?.percent ?? null],
          ...[shift?.value ?? null, shift?.low ?? null, shift?.high ?? null],
          ...[shift?.unit ?? null, shift?.paired ?? null, shift?.pairs ?? null],
          ...[shift?.word ?? null, run],
          ...discordantCells(shift),
        ]);
      }),
    ),
  );
  return head + lines.join('');
}

/**
 * In wide form: one line per row, and for each metric and whatever else the cells differ in a block
 * of columns: the figure, whether it is a lower bound, its interval and n, its shift, the shift's
 * interval and the word for it. A line is simulated where any of its figures is.
 */
export function wideComparisonCsv(comparison: Comparison, pivoted: Pivot): string {
  const metrics = comparison.rows[0]?.metrics.map(({ metric }) => metric) ?? [];
  const { by, columns, lines } = pivoted;
  const head = [
    ...by,
    'simulated',
    ...columns.flatMap((names) =>
      metrics.flatMap((metric) => {
        const title = [...names, metric].join(' ');
        const unit = isShare(metric) ? 'points' : 'percent';
        return [
          title,
          ...[
            'at_least',
            'low',
            'high',
            'n',
            `shift_${unit}`,
            'shift_low',
            'shift_high',
            'word',
            ...(isGrade(metric) ? ['base_only', 'other_only', 'mcnemar_p'] : []),
          ].map((part) => `${title}_${part}`),
        ];
      }),
    ),
  ];
  const rows = lines.map(({ names, cells }) =>
    csvOf([
      ...names,
      cells.some((cell) => cell !== null && comparison.runs[cell.side]?.simulated === true),
      ...cells.flatMap((cell) => metrics.flatMap((metric) => blockOf(cell, metric))),
    ]),
  );
  return csvOf(head) + rows.join('');
}

function blockOf(cell: PivotCell | null, metric: EstimateName): Cell[] {
  const of = cell?.row.metrics.find((each) => each.metric === metric);
  const estimate = of?.estimates[cell?.side ?? 0] ?? null;
  const shift = of?.shifts[cell?.side ?? 0] ?? null;
  return [
    ...[estimate?.value ?? null, estimate && estimate.at_least === true],
    ...[estimate?.low ?? null, estimate?.high ?? null, estimate?.n ?? null],
    ...[shift?.value ?? null, shift?.low ?? null, shift?.high ?? null, shift?.word ?? null],
    ...(isGrade(metric) ? discordantCells(shift) : []),
  ];
}

/** Of graded answers in pairs; empty cells elsewhere. */
function discordantCells(shift: Shift | null): Cell[] {
  const { base_only, other_only, p } = shift?.discordant ?? {};
  return [base_only ?? null, other_only ?? null, p ?? null];
}

/** A comparison as one JSON document; ends in a line break. */
export function comparisonJson(comparison: Comparison): string {
  return `${jsonText(comparison, 2)}\n`;
}
