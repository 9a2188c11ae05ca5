import type { RowGrades, SummaryRow } from '../metrics/types.ts';
import type { Observed } from './observed.ts';

/** Of all answers; where fewer could be graded, those that could are no picture of the whole. */
const LEAST_SHARE_GRADED = 0.5;

export function isMostlyGraded({ right, wrong, ungraded }: RowGrades): boolean {
  return right + wrong > 0 && right + wrong >= LEAST_SHARE_GRADED * (right + wrong + ungraded);
}

/** Whether a row's figure stands for all its answers; of anything but a score it does. */
export function isRepresentative({ grades }: SummaryRow, observed: Observed): boolean {
  if (observed.kind !== 'grade' || observed.name === 'ungraded_share') return true;
  return grades !== undefined && isMostlyGraded(grades);
}
