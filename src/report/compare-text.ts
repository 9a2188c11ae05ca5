import pc from 'picocolors';
import type { Estimate } from '../metrics/types.ts';
import { bracketed } from './columns.ts';
import type {
  ComparedMetric,
  Comparison,
  ComparisonRow,
  Difference,
  MetricComparison,
} from './compare.ts';
import { csvOf } from './csv.ts';
import { drawGrid, GAP, type Grid } from './grid.ts';
import { blocks, escapeMarkdown, markdownTable } from './markdown.ts';
import {
  formatEstimate,
  formatFigure,
  formatInterval,
  formatPercent,
  formatShareInterval,
  NOT_AVAILABLE,
} from './numbers.ts';
import { displayWidth, neutralise, truncateMiddle, wrap } from './text.ts';
import type { TextOptions } from './view.ts';

const TITLES: Record<ComparedMetric, string> = {
  error_rate: 'errors, %',
  ttft_ms_p50: 'TTFT p50, ms',
  ttft_ms_p95: 'TTFT p95, ms',
  tpot_ms_p50: 'TPOT p50, ms',
  decode_tokens_per_second_p50: 'tok/s p50',
  e2e_ms_p50: 'E2E p50, ms',
};
const METHOD =
  "±: each figure's own 95 % interval, its farther end in percent; of shares the ends themselves. " +
  'The difference is to A, in the unit of the line and in percent of A. It carries no interval: ' +
  'it says what was seen, not what would be seen again.';

/** A comparison for a terminal or a pipe; as many runs beside A as the width takes, then the rest. */
export function renderComparison(comparison: Comparison, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const { yellow } = pc.createColors(options.colour);
  const others = comparison.runs.map((_, index) => index).slice(1);
  const legend = comparison.runs.map(({ name }, index) =>
    truncateMiddle(`${letter(index)}  ${neutralise(name)}${index === 0 ? ' (base)' : ''}`, columns),
  );
  return [
    comparison.warnings.map((line) => yellow(wrap(neutralise(line), columns))).join('\n'),
    legend.join('\n'),
    ...sheets(comparison, others, columns).map((grid) => drawGrid(grid, options.colour)),
    wrap(METHOD, columns),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Splits the runs over several tables where they are too many for one. */
function sheets(comparison: Comparison, others: number[], columns: number): Grid[] {
  const whole = gridOf(comparison, others, columns, true);
  if (gridWidth(whole) <= columns) return [whole];
  if (others.length <= 1) return [gridOf(comparison, others, columns, false)];
  const half = Math.ceil(others.length / 2);
  return [others.slice(0, half), others.slice(half)].flatMap((part) =>
    sheets(comparison, part, columns),
  );
}

function gridOf(
  comparison: Comparison,
  others: number[],
  columns: number,
  intervals: boolean,
): Grid {
  const head = headOf(others);
  return {
    head,
    align: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    rows: comparison.rows.flatMap((row) => [
      { heading: truncateMiddle(nameOf(row, comparison), columns) },
      ...row.metrics
        .filter(({ metric }) => isReached(metric, comparison))
        .map((metric) => cellsOf(metric, others, intervals)),
    ]),
  };
}

/** Whether any row of any run has a figure: a line of nothing but n/a says nothing. */
function isReached(metric: ComparedMetric, { rows }: Comparison): boolean {
  return rows.some(({ metrics }) =>
    metrics.some(
      (each) =>
        each.metric === metric && each.estimates.some((one) => (one?.value ?? null) !== null),
    ),
  );
}

function headOf(others: number[]): string[] {
  return ['', 'A', 'n', ...others.flatMap((index) => [letter(index), 'n', 'diff', '%'])];
}

function cellsOf(
  { metric, estimates, differences }: MetricComparison,
  others: number[],
  intervals: boolean,
) {
  const sideOf = (index: number) => {
    const estimate = estimates[index] ?? null;
    if (estimate === null) return [NOT_AVAILABLE, '0'];
    const format = metric === 'error_rate' ? formatPercent : formatFigure;
    const figure = formatEstimate(estimate, format);
    const interval = intervals ? intervalOf(metric, estimate) : '';
    return [interval === '' ? figure : `${figure} ${interval}`, String(estimate.n)];
  };
  return [
    TITLES[metric],
    ...sideOf(0),
    ...others.flatMap((index) => [
      ...sideOf(index),
      ...differenceCells(differences[index] ?? null, metric),
    ]),
  ];
}

function intervalOf(metric: ComparedMetric, estimate: Estimate): string {
  return bracketed(
    metric === 'error_rate'
      ? formatShareInterval(estimate)
      : formatInterval(estimate, formatFigure),
  );
}

/** An error rate differs by percentage points. */
function differenceCells(difference: Difference | null, metric: ComparedMetric): string[] {
  if (difference === null) return [NOT_AVAILABLE, NOT_AVAILABLE];
  const { absolute, percent } = difference;
  return [
    signed(metric === 'error_rate' ? 100 * absolute : absolute, formatFigure),
    percent === null ? NOT_AVAILABLE : signed(percent, (value) => value.toFixed(1)),
  ];
}

function signed(value: number, format: (value: number) => string): string {
  const text = format(value).replace(/^-(?=[0.]+$)/, '');
  return value > 0 ? `+${text}` : text;
}

function gridWidth({ head, rows }: Grid): number {
  const cells = rows.filter((row) => Array.isArray(row));
  return head
    .map((title, index) =>
      Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
    )
    .reduce((sum, width) => sum + width, GAP * (head.length - 1));
}

/** The target is named where the rows have several. */
function nameOf(row: ComparisonRow, { rows }: Comparison): string {
  const target = new Set(rows.map((each) => each.target)).size > 1 ? row.target : null;
  return [row.label, row.suite, target]
    .filter((part) => part !== null)
    .map(neutralise)
    .join(' · ');
}

/** A, B, …, Z, then A1, B1, … */
function letter(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round}`;
}

/** A comparison as GitHub-flavoured Markdown: one table per row compared. */
export function comparisonMarkdown(comparison: Comparison): string {
  const others = comparison.runs.map((_, index) => index).slice(1);
  const [, ...titles] = headOf(others);
  const head = ['metric', ...titles];
  const align = head.map((_, index) => (index === 0 ? ('left' as const) : ('right' as const)));
  return blocks([
    ...comparison.warnings.map((line) => `**${escapeMarkdown(line)}**`),
    comparison.runs
      .map(({ name }, index) => `- ${letter(index)}: ${escapeMarkdown(name)}`)
      .join('\n'),
    ...comparison.rows.flatMap((row) => [
      `### ${escapeMarkdown(nameOf(row, comparison))}`,
      markdownTable(
        head,
        align,
        row.metrics.map((metric) => cellsOf(metric, others, true)),
      ),
    ]),
    METHOD,
  ]);
}

/** A comparison as CSV, one line per row, metric and run. */
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
  ]);
  const lines = comparison.rows.flatMap(({ target, model, suite, metrics }) =>
    metrics.flatMap(({ metric, estimates, differences }) =>
      comparison.runs.map(({ name, run_id, simulated }, index) => {
        const estimate = estimates[index] ?? null;
        const difference = differences[index] ?? null;
        return csvOf([
          ...[target, model, suite, metric, name, run_id, simulated, index === 0],
          ...[estimate?.value ?? null, estimate?.low ?? null, estimate?.high ?? null],
          ...[estimate?.n ?? 0, estimate?.at_least ?? false],
          ...[difference?.absolute ?? null, difference?.percent ?? null],
        ]);
      }),
    ),
  );
  return [head, ...lines].join('');
}

/** A comparison as one JSON document; n/a is `null`. Ends in a line break. */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}
