import type { JudgeReport } from '../../judge/types.ts';
import type { Manifest } from '../../store/types.ts';
import { counted, formatCount, formatFigure, formatPercent, formatUsd } from '../numbers.ts';
import { neutralise } from '../text.ts';

/** What was not graded as it could have been, and how far a judge is to be believed. */
export function gradingLines({ grading }: Pick<Manifest, 'grading'>): string[] {
  if (grading === undefined) return [];
  const { state, judge } = grading;
  const open =
    state === 'complete'
      ? []
      : [
          `Grading was ${state === 'interrupted' ? 'interrupted' : 'not finished'}: some answers are left ungraded; \`tokentape recompute RUN --grade\` grades them`,
        ];
  return [...open, ...(judge === undefined ? [] : judgeLines(judge))];
}

function judgeLines(judge: JudgeReport): string[] {
  const { judges, answers, judged, calls, failed_calls, reused } = judge;
  const names = judges.map(neutralise).join(', ');
  const parts = [
    `${formatCount(judged)} of ${counted(answers, 'answer')} judged`,
    counted(calls, 'call'),
    ...(failed_calls > 0 ? [`${formatCount(failed_calls)} of them failed`] : []),
    ...(reused > 0 ? [`${counted(reused, 'verdict')} taken from earlier calls`] : []),
    costOf(judge),
  ];
  return [
    `${names === '' ? 'Judge' : names}: ${parts.join(', ')}`,
    ...contradictionLine(judge),
    ...agreementLine(judge),
    ...judge.warnings.map((warning) => neutralise(warning)),
  ];
}

function costOf({ cost_usd, calls_of_unknown_cost }: JudgeReport): string {
  if (cost_usd === null) {
    const isBilled = calls_of_unknown_cost > 0;
    return isBilled ? 'cost n/a, for want of a price or a count of tokens' : 'no cost';
  }
  const least = calls_of_unknown_cost > 0 ? 'at least ' : '';
  return `cost ${least}${formatUsd(cost_usd)}, which is in no model's`;
}

function contradictionLine({ contradictions, contradiction_share }: JudgeReport): string[] {
  if (contradictions === 0 || contradiction_share === null) return [];
  return [
    `With its options in the other order it contradicted itself on ${counted(contradictions, 'answer')} (${formatPercent(contradiction_share)} %), which are ungraded`,
  ];
}

function agreementLine({ agreement }: JudgeReport): string[] {
  if (agreement === null) {
    return ['No labelled examples tell how far it agrees with people: give some in the suite'];
  }
  const { examples, agreement: share, kappa } = agreement;
  if (share.value === null)
    return [`None of ${counted(examples, 'labelled example')} has a verdict`];
  const interval =
    share.low === null || share.high === null
      ? ''
      : ` [${Math.floor(100 * share.low)}–${Math.ceil(100 * share.high)}]`;
  const beyond = kappa === null ? '' : `, κ ${formatFigure(kappa)}`;
  return [
    `Agrees with people on ${formatPercent(share.value)} %${interval} of ${counted(share.n, 'labelled example')}${beyond}`,
  ];
}
