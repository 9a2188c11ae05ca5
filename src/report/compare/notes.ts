import type { Comparison, MetricComparison, Shift } from '../../compare/types.ts';
import { MARGIN } from '../../compare/word.ts';
import { counted } from '../numbers.ts';
import { discordantNotes } from './discordant.ts';

/** How the figures and shifts below were made, a paragraph each. */
export function comparisonNotes(comparison: Comparison): string[] {
  const { rows, comparisons, sides } = comparison;
  const found = rows.flatMap(({ metrics }) => metrics.flatMap(shiftsOf));
  const medians = rows.flatMap(({ metrics }) =>
    metrics.filter(({ metric }) => metric.endsWith('_p50')).flatMap(shiftsOf),
  );
  const notes = [
    ...discordantNotes(comparison),
    "±: each figure's own 95 % interval, its farther end in percent; of shares the ends themselves. " +
      'n/a: too few samples, or samples that depend on one another too much.',
  ];
  if (found.length === 0) {
    notes.push('No shift has an interval, so none is given.');
    return notes;
  }
  notes.push(
    'Shift: by how much it lies above the base, in percent of it (of shares in points), with its 95 % ' +
      'interval. p50: the median ratio of two requests' +
      `${pairing(medians.map(({ paired }) => paired))}; others: the ratio of the two figures.`,
    `No difference: the whole interval within ±${MARGIN.percent} % (of shares ±${MARGIN.points} ` +
      'point). Undecided: it holds 0 and more than that.',
    `${counted(comparisons, 'comparison')}: where nothing differs, about one interval in twenty ` +
      'excludes 0 by chance.',
  );
  if (sides === 'run') {
    notes.push(
      'What differs between two hours on the same endpoint is in these shifts, and not in their ' +
        'intervals; `tokentape check --against` sends both sides at the same time.',
    );
  }
  return notes;
}

function shiftsOf({ shifts }: MetricComparison): Shift[] {
  return shifts.filter((shift) => shift !== null);
}

function pairing(paired: boolean[]): string {
  if (!paired.includes(true)) return '';
  return paired.includes(false) ? ', with the same prompt where paired' : ' with the same prompt';
}
