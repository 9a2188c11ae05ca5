import { shortTitleOf } from '../../compare/metrics.ts';
import type { Comparison, ComparisonRow, MetricComparison } from '../../compare/types.ts';
import { counted, formatCount } from '../numbers.ts';
import { rowName } from './figures.ts';

/** More of them are summed up. */
const MOST_TOLD = 8;

/**
 * Of graded answers in pairs, how often one side alone was right, a sentence for each side and row; with
 * how to read them. Empty where nothing was graded in pairs.
 */
export function discordantNotes(comparison: Comparison): string[] {
  const told = comparison.rows.flatMap((row) =>
    row.metrics.flatMap((metric) => sentencesOf(row, metric, comparison)),
  );
  if (told.length === 0) return [];
  const more = told.length - MOST_TOLD;
  return [
    ...told.slice(0, MOST_TOLD),
    ...(more > 0 ? [`${counted(more, 'more pairing')} of graded answers: see --json.`] : []),
    `To read the answers that one side has wrong: tokentape show ${runNameOf(comparison)} --failed.`,
  ];
}

/** Where all sides are of one run. */
function runNameOf({ runs }: Comparison): string {
  const [only = 'RUN', ...others] = new Set(runs.map(({ run_id }) => run_id));
  return others.length === 0 && !only.includes('+') ? only : 'RUN';
}

function sentencesOf(
  row: ComparisonRow,
  { metric, shifts }: MetricComparison,
  comparison: Comparison,
): string[] {
  const { runs, rows } = comparison;
  const where = rows.length > 1 ? `${rowName(row, comparison)}: ` : '';
  const base = runs[0]?.name ?? '';
  return shifts.flatMap((shift, side) => {
    if (!shift?.discordant) return [];
    const { base_only, other_only, p } = shift.discordant;
    const words = {
      score: 'scored higher',
      accuracy: 'alone was right',
      ungraded_share: 'alone was ungraded',
    } as Record<string, string>;
    const did = words[metric] ?? 'differed';
    const pairs = `${formatCount(other_only)} of ${counted(shift.pairs ?? 0, 'pair')}`;
    const test = `McNemar p = ${Number(p.toPrecision(2))}`;
    const other = runs[side]?.name ?? '';
    return [
      `${where}${shortTitleOf(metric)}, case by case: ${other} ${did} in ${pairs}, ${base} in ${formatCount(base_only)} (${test}).`,
    ];
  });
}
