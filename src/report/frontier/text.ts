import pc from 'picocolors';
import type { Frontier } from '../../frontier/types.ts';
import { columnGrid } from '../column-grid.ts';
import { withInterval } from '../columns.ts';
import { blocks, escapeMarkdown, markdownTable } from '../markdown.ts';
import { neutralise, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { frontierColumns } from './columns.ts';
import { frontierHeadline, frontierNotes, simulatedLine } from './words.ts';

/** The frontier for a terminal or a pipe. */
export function renderFrontier(frontier: Frontier, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const { yellow, bold } = pc.createColors(options.colour);
  const notice = simulatedLine(frontier);
  const warn = (line: string | null) => (line === null ? '' : yellow(wrap(line, columns)));
  const table =
    frontier.models.length === 0
      ? ''
      : columnGrid(frontierColumns(frontier), frontier.models, { ...options, columns });
  return [
    warn(notice),
    bold(wrap(frontierHeadline(frontier), columns)),
    table,
    frontier.warnings.map((line) => warn(neutralise(line))).join('\n'),
    frontierNotes(frontier)
      .map((line) => wrap(line, columns))
      .join('\n'),
    warn(notice),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** The same as GitHub-flavoured Markdown. */
export function frontierMarkdown(frontier: Frontier): string {
  const columns = frontierColumns(frontier);
  const notice = simulatedLine(frontier);
  const strong = (line: string | null) => (line === null ? '' : `**${escapeMarkdown(line)}**`);
  return blocks([
    strong(notice),
    escapeMarkdown(frontierHeadline(frontier)),
    markdownTable(
      columns.map(({ title }) => title),
      columns.map(({ align }) => align),
      frontier.models.map((model) => columns.map((column) => withInterval(column, model))),
    ),
    ...frontier.warnings.map(strong),
    frontierNotes(frontier)
      .map((line) => `- ${escapeMarkdown(line)}`)
      .join('\n'),
    strong(notice),
  ]);
}
