import pc from 'picocolors';
import type { Pivot } from '../../compare/pivot.ts';
import type { Comparison } from '../../compare/types.ts';
import { neutralise, truncateMiddle, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { letter } from './figures.ts';
import { leagueNote, leagueTables } from './league.ts';
import { comparisonNotes } from './notes.ts';
import { sideBySide } from './side-by-side.ts';

const LEAST_COLUMNS = 40;

/**
 * A comparison for a terminal or a pipe.
 * @param pivoted as a league table with these lines; without it, side by side
 */
export function renderComparison(
  comparison: Comparison,
  options: TextOptions,
  pivoted?: Pivot,
): string {
  const columns = Math.max(LEAST_COLUMNS, options.columns);
  const { yellow } = pc.createColors(options.colour);
  const within = { ...options, columns };
  const warnings = comparison.warnings.map((line) => yellow(wrap(neutralise(line), columns)));
  const notes = comparisonNotes(comparison);
  const body =
    pivoted === undefined
      ? [legendOf(comparison, columns), ...sideBySide(comparison, within)]
      : [baseOf(comparison, columns), ...leagueTables(comparison, pivoted, within)];
  if (pivoted !== undefined) notes.unshift(leagueNote(comparison));
  return [
    warnings.join('\n'),
    ...body,
    notes.map((note) => wrap(neutralise(note), columns)).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function legendOf({ runs }: Comparison, columns: number): string {
  return runs
    .map(({ name }, side) =>
      truncateMiddle(`${letter(side)}  ${neutralise(name)}${side === 0 ? ' (base)' : ''}`, columns),
    )
    .join('\n');
}

function baseOf({ runs }: Comparison, columns: number): string {
  return truncateMiddle(`Base (A): ${neutralise(runs[0]?.name ?? '')}`, columns);
}
