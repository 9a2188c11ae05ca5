import type { Finding } from '../../gate/types.ts';
import { drawGrid, GAP, type Grid } from '../grid.ts';
import { displayWidth, truncateMiddle, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { MARKS, WORDS } from './headline.ts';
import { byMetric, bySubject, groupBy, worstOf } from './order.ts';
import { changeOf, type NameOf, samplesOf, titleOf, valuesOf } from './words.ts';

interface CompactColumn {
  title: string;
  cell: (finding: Finding) => string;
  /** The highest is dropped first where the terminal is narrow; 0 stays. */
  dropRank: number;
}

/**
 * One line each: in columns, the names beside them where these fit, else above them; wrapped where
 * there is no room for columns at all.
 */
export function compactLines(
  findings: readonly Finding[],
  nameOf: NameOf,
  { columns, colour }: TextOptions,
): string {
  const headOf = (one: Finding) => `${MARKS[one.verdict]} ${WORDS[one.verdict]}  ${nameOf(one)}`;
  const figures = figureColumns(findings);
  const whole = [{ title: 'model', cell: headOf, dropRank: 0 }, ...figures];
  if (widthOf(whole, findings) <= columns) return drawGrid(gridOf(whole, findings), colour);

  const [metric, ...others] = figures as [CompactColumn, ...CompactColumn[]];
  let shown = [{ ...metric, cell: (one: Finding) => `  ${titleOf(one)}` }, ...others];
  while (widthOf(shown, findings) > columns) {
    const next = shown.reduce((a, b) => (b.dropRank > a.dropRank ? b : a));
    if (next.dropRank === 0) return wrappedLines(findings, headOf, columns);
    shown = shown.filter((column) => column !== next);
  }
  const { head, align } = gridOf(shown, findings);
  const rows = bySubjectAndVerdict(findings).flatMap((group) => [
    { heading: truncateMiddle(headOf(group[0] as Finding), columns) },
    ...gridOf(shown, group).rows,
  ]);
  return drawGrid({ head, align, rows }, colour);
}

function figureColumns(findings: readonly Finding[]): CompactColumn[] {
  const isLimits = findings.every(({ limit }) => limit !== null);
  return [
    { title: 'metric', cell: titleOf, dropRank: 0 },
    { title: 'value', cell: valuesOf, dropRank: isLimits ? 0 : 2 },
    { title: isLimits ? 'limit' : 'change', cell: changeOf, dropRank: 0 },
    { title: 'samples', cell: samplesOf, dropRank: 1 },
  ];
}

function gridOf(shown: CompactColumn[], findings: readonly Finding[]): Grid {
  return {
    head: shown.map(({ title }) => title),
    align: shown.map(() => 'left'),
    rows: findings.map((one) => shown.map(({ cell }) => cell(one))),
  };
}

function widthOf(shown: CompactColumn[], findings: readonly Finding[]): number {
  const widths = shown.map(({ title, cell }) =>
    Math.max(displayWidth(title), ...findings.map((one) => displayWidth(cell(one)))),
  );
  return widths.reduce((sum, width) => sum + width, GAP * (shown.length - 1));
}

/** What passed, one line per metric: how many, and the one that came closest to failing. */
export function summedLines(
  passed: readonly Finding[],
  nameOf: NameOf,
  { columns }: TextOptions,
): string {
  return byMetric(passed)
    .map((group) => {
      const worst = worstOf(group as [Finding, ...Finding[]]);
      const count = `${group.length} passed`;
      const line =
        group.length === 1
          ? `${titleOf(worst)}: ${count}: ${changeOf(worst)}, ${nameOf(worst)}`
          : `${titleOf(worst)}: ${count}, the closest ${said(worst)}, ${nameOf(worst)}`;
      return wrap(line, columns, `${MARKS.pass} `, '    ');
    })
    .join('\n');
}

function said(finding: Finding): string {
  return finding.change === null ? `${valuesOf(finding)}, ${changeOf(finding)}` : changeOf(finding);
}

function wrappedLines(findings: readonly Finding[], headOf: NameOf, columns: number): string {
  return bySubjectAndVerdict(findings)
    .flatMap((group) => [
      wrap(headOf(group[0] as Finding), columns, '', '    '),
      ...group.map((one) => wrap(`${titleOf(one)} ${said(one)}`, columns, '  ', '    ')),
    ])
    .join('\n');
}

function bySubjectAndVerdict(findings: readonly Finding[]): Finding[][] {
  return bySubject(findings).flatMap((group) => groupBy(group, ({ verdict }) => verdict));
}
