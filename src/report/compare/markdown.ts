import { shortTitleOf } from '../../compare/metrics.ts';
import type { Pivot } from '../../compare/pivot.ts';
import type { Comparison } from '../../compare/types.ts';
import { blocks, escapeMarkdown, markdownTable } from '../markdown.ts';
import { figureCell, letter, reachedMetrics, rowName, rowSamples, shiftCell } from './figures.ts';
import { comparisonNotes } from './notes.ts';
import { alignOf, cellsOf, headOf } from './side-by-side.ts';

/** A comparison as GitHub-flavoured Markdown: one table per row compared, or per column of a pivot. */
export function comparisonMarkdown(comparison: Comparison, pivoted?: Pivot): string {
  const { warnings, runs } = comparison;
  const legend = runs.map(
    ({ name }, side) => `- ${letter(side)}: ${escapeMarkdown(name)}${side === 0 ? ' (base)' : ''}`,
  );
  return blocks([
    ...warnings.map((line) => `**${escapeMarkdown(line)}**`),
    legend.join('\n'),
    ...(pivoted === undefined ? rowTables(comparison) : pivotTables(comparison, pivoted)),
    ...comparisonNotes(comparison).map(escapeMarkdown),
  ]);
}

function rowTables(comparison: Comparison): string[] {
  const others = comparison.runs.map((_, side) => side).slice(1);
  const [, ...titles] = headOf(others);
  const head = ['metric', ...titles];
  const shown = reachedMetrics(comparison);
  return comparison.rows.flatMap((row) => [
    `### ${escapeMarkdown(rowName(row, comparison))}`,
    escapeMarkdown(rowSamples(row, [0, ...others])),
    markdownTable(
      head,
      alignOf(head),
      row.metrics
        .filter(({ metric }) => shown.includes(metric))
        .map((metric) => cellsOf(metric, others, true)),
    ),
  ]);
}

/** A figure, its shift and the word for it in one cell. */
function pivotTables(comparison: Comparison, { by, columns, lines }: Pivot): string[] {
  const metrics = reachedMetrics(comparison);
  const head = [...by, ...metrics.map(shortTitleOf)];
  return columns.flatMap((names, column) => {
    const rows = lines.flatMap((line) => {
      const cell = line.cells[column];
      if (!cell) return [];
      const figures = metrics.map((metric) => {
        const of = cell.row.metrics.find((each) => each.metric === metric);
        const figure = figureCell(metric, of?.estimates[cell.side] ?? null, true);
        const shift = of?.shifts[cell.side] ?? null;
        return shift === null ? figure : `${figure}; ${shiftCell(shift)} ${shift.word}`;
      });
      return [[...line.names, ...figures]];
    });
    const align = head.map((_, index) => (index < by.length ? ('left' as const) : 'right'));
    const heading = names.map(escapeMarkdown).join(' · ');
    return [...(heading === '' ? [] : [`### ${heading}`]), markdownTable(head, align, rows)];
  });
}
