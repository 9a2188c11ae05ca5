import type { SummaryRow } from '../../metrics/types.ts';

/** How the score of a table was made, in a sentence; nothing where nothing was graded. */
export function gradeNotes(rows: SummaryRow[]): string[] {
  const graded = rows.filter(({ grades }) => grades !== undefined);
  if (graded.length === 0) return [];
  const isPartial = graded.some(
    ({ estimates }) => estimates.score.value !== estimates.accuracy.value,
  );
  const isUngraded = graded.some(({ grades }) => (grades?.ungraded ?? 0) > 0);
  const isLong = graded.some(({ by_turn }) => by_turn !== undefined);
  return [
    (isPartial
      ? 'Score: mean over the graded cases, in percent, some answers being right in part; accuracy, ' +
        'the share that is wholly right, is in summary.csv'
      : 'Score: share of the graded cases that is right, in percent') +
      (isLong ? '; a conversation is one case' : '') +
      (isUngraded ? '; answers that nobody could grade are in none of it' : '') +
      '. Failed requests are in err % alone.',
  ];
}
