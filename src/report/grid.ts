import CliTable from 'cli-table3';
import pc from 'picocolors';

/** A plain table: no vertical lines, two spaces between columns, one rule under the head. */
export interface Grid {
  /** One per column; a line break stacks it. */
  head: string[];
  /** Cells, or the heading of a group of rows. */
  rows: (string[] | { heading: string })[];
  align: ('left' | 'right')[];
}

/** Columns between two cells. */
export const GAP = 2;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Lays the grid out; colour only where asked for, so that pipes get plain text. */
export function drawGrid(grid: Grid, colour: boolean): string {
  const { bold } = pc.createColors(colour);
  const height = Math.max(...grid.head.map((title) => title.split('\n').length));
  const table = new CliTable({
    head: grid.head.map((title) =>
      lowered(title, height)
        .map((line) => (line === '' ? '' : bold(line)))
        .join('\n'),
    ),
    colAligns: grid.align,
    chars: NO_LINES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': GAP },
  });
  for (const row of grid.rows) {
    table.push(
      Array.isArray(row) ? row : [{ content: bold(row.heading), colSpan: grid.head.length }],
    );
  }
  return table.toString().split('\n').map(withoutLastGap).join('\n');
}

/** Titles stand on the rule: shorter ones get empty lines above. */
function lowered(title: string, height: number): string[] {
  const lines = title.split('\n');
  return [...Array<string>(height - lines.length).fill(''), ...lines];
}

function withoutLastGap(line: string): string {
  return line.endsWith('─'.repeat(GAP + 1)) ? line.slice(0, -GAP) : line.trimEnd();
}
