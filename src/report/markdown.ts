import { columnsOf, withInterval } from './columns.ts';
import { gradingLines } from './grades/grading.ts';
import { gradeNotes } from './grades/notes.ts';
import { moreTables } from './grades/tables.ts';
import { ungradedLines } from './grades/ungraded.ts';
import { doubts, methodNotes, simulatedNotice } from './notes.ts';
import { remarkLines } from './remarks.ts';
import { failureLines, skippedLines } from './shortfalls.ts';
import { neutralise } from './text.ts';
import { distinct, measuredRows, type RunView } from './view.ts';

/** A run as GitHub-flavoured Markdown: notices, one table per suite, and the notes. */
export function runMarkdown(view: RunView): string {
  const rows = measuredRows(view.rows);
  const columns = columnsOf(rows);
  const notice = simulatedNotice(view);
  const suites = distinct(rows, (row) => row.suite);
  const tables = suites.flatMap((suite) => [
    `### ${escapeMarkdown(suite)}`,
    markdownTable(
      columns.map(({ title }) => title),
      columns.map(({ align }) => align),
      rows
        .filter((row) => row.suite === suite)
        .map((row) => columns.map((column) => withInterval(column, row))),
    ),
  ]);
  return blocks([
    bold(notice),
    `## ${escapeMarkdown(view.manifest.run_id)}`,
    ...(tables.length === 0 ? ['No request was measured.'] : tables),
    ...moreTables(rows).flatMap(({ title, note, cells }) => {
      const { head, align, rows: lines } = cells();
      return [
        `### ${escapeMarkdown(title)}`,
        markdownTable(head, align, lines),
        escapeMarkdown(note),
      ];
    }),
    list('Not graded', ungradedLines(view.rows)),
    list('Grading', gradingLines(view.manifest)),
    list('Not ok, by class', failureLines(view.rows)),
    list('Skipped', skippedLines(view.rows)),
    list('Remarks', remarkLines(view.rows)),
    list('', [...gradeNotes(view.rows), ...methodNotes(view)]),
    ...doubts(view.manifest).map(bold),
    bold(notice),
  ]);
}

/** A table whose cells say what they say: nothing in them is markup. */
export function markdownTable(
  head: string[],
  align: ('left' | 'right')[],
  rows: string[][],
): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(escapeMarkdown)),
    line(align.map((side) => (side === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n');
}

/**
 * Text from outside as Markdown that shows it as it is, in one line: no markup, no HTML, no link, and
 * nothing that GitHub or GitLab would make a mention, a reference or an emoji of.
 */
export function escapeMarkdown(text: string): string {
  return (
    unhinged(neutralise(text))
      .replace(/[\\`*_[\]|~#$]/g, '\\$&')
      // At its beginning a list, a rule, a title, or a command to GitLab.
      .replace(/^[-+:](?=\s|$)|^[-=]+$|^\/(?=\w)/, '\\$&')
      .replace(/^\d+(?=[.)](?:\s|$))/, '$&\\')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(HINGE, '&#8203;')
  );
}

/** Stands where a name may be broken; of outside none is left by now. */
const HINGE = '\u200b';

/**
 * Mentions, references and bare addresses are looked for in the text once it is rendered, so no escape
 * helps: what makes them one word has to go.
 * @see https://github.com/github/cmark-gfm/issues/181
 */
function unhinged(text: string): string {
  return text
    .replace(/[@#~%](?=[\w"-])|[!&](?=\d)|\bGH-(?=\d)|:(?=\/\/)|:(?=[\w+-]+:)/gi, `$&${HINGE}`)
    .replace(/\bwww(?=\.)/gi, `$&${HINGE}`);
}

/** Blocks set apart by empty lines; empty ones are left out. */
export function blocks(parts: string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function bold(line: string | null): string {
  return line === null ? '' : `**${escapeMarkdown(line)}**`;
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  const items = lines.map((line) => `- ${escapeMarkdown(line)}`);
  return [...(title === '' ? [] : [`**${title}**`, '']), ...items].join('\n');
}
