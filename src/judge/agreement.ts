import type { Mark } from '../score/types.ts';
import { cohensKappa } from '../stats/kappa.ts';
import { wilsonInterval } from '../stats/wilson.ts';
import type { JudgeAgreement, JudgeReport } from './types.ts';

/** Below this share of labelled examples judged as people did, the scores carry a warning. */
const AGREEMENT_WANTED = 0.8;
/** From this share of contradictions on, likewise. */
const CONTRADICTIONS_BORNE = 0.1;

/** A labelled example, and what the judge made of it. */
export interface ExampleMarks {
  judge: string;
  rubric: string;
  right: boolean;
  mark: Mark;
}

/** @returns `null` without examples */
export function agreementOf(
  examples: readonly ExampleMarks[],
  of: Pick<JudgeAgreement, 'judge' | 'rubric'>,
): JudgeAgreement | null {
  if (examples.length === 0) return null;
  const count = (right: boolean, mark: Mark) =>
    examples.filter((one) => one.right === right && one.mark === mark).length;
  const counts = {
    right_as_right: count(true, 'right'),
    right_as_wrong: count(true, 'wrong'),
    wrong_as_wrong: count(false, 'wrong'),
    wrong_as_right: count(false, 'right'),
  };
  const agreed = counts.right_as_right + counts.wrong_as_wrong;
  const n = agreed + counts.right_as_wrong + counts.wrong_as_right;
  return {
    ...of,
    examples: examples.length,
    undecided: examples.length - n,
    ...counts,
    agreement:
      n === 0
        ? { value: null, low: null, high: null, n }
        : { value: agreed / n, ...wilsonInterval(agreed / n, n), n },
    kappa: cohensKappa({
      yesYes: counts.right_as_right,
      yesNo: counts.right_as_wrong,
      noYes: counts.wrong_as_right,
      noNo: counts.wrong_as_wrong,
    }),
  };
}

/** What makes the scores of a judge less than they seem. */
export function judgeWarnings(report: Omit<JudgeReport, 'warnings'>): string[] {
  const warnings: string[] = [];
  for (const { judge, rubric, agreement, examples } of report.by_rubric) {
    const whose = `the judge ${judge} on «${rubric}»`;
    if (agreement.value === null) {
      warnings.push(`${whose} came to no verdict on any of ${examples} labelled examples`);
    } else if (agreement.value < AGREEMENT_WANTED) {
      const agreed = Math.round(agreement.value * agreement.n);
      const interval = `${percent(agreement.low)} to ${percent(agreement.high)}`;
      warnings.push(
        `${whose} agrees with ${agreed} of ${agreement.n} labelled examples only (${interval})`,
      );
    }
  }
  const share = report.contradiction_share ?? 0;
  if (share >= CONTRADICTIONS_BORNE) {
    const both = report.judged + report.contradictions;
    warnings.push(
      `the judge contradicts itself on ${report.contradictions} of ${both} answers when its options are swapped`,
    );
  }
  const without = report.unanswered + report.unreadable;
  if (without > 0) {
    warnings.push(`the judge came to no verdict on ${without} of ${report.answers} answers`);
  }
  return warnings;
}

function percent(share: number | null): string {
  return share === null ? 'n/a' : `${(share * 100).toFixed(0)} %`;
}
