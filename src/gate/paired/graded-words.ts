import { counted } from '../../report/numbers.ts';
import { mcnemarP } from '../../stats/mcnemar.ts';
import { scoreDifferences } from '../../stats/paired-scores.ts';
import type { GradeMetric } from '../metric.ts';
import type { ChangeLimits } from '../settings.ts';
import type { GradedPairs } from './graded.ts';
import type { Shift } from './judge.ts';
import { shiftWords } from './words.ts';

/** What the exact test counts, over how many cases, and which pairs are in no count. */
export function gradedRemark(metric: GradeMetric, graded: GradedPairs): string {
  // Where nothing is compared, the reason is what was left out.
  if (graded.candidate.length === 0) return '';
  return `${differingWords(metric, graded)}${leftOutWords(metric, graded)}`;
}

function differingWords({ text }: GradeMetric, graded: GradedPairs): string {
  const { candidate, baseline, differences } = graded;
  const ahead = (one: Float64Array, other: Float64Array) =>
    one.reduce((count, value, index) => count + Number(value > (other[index] as number)), 0);
  const [candidateOnly, baselineOnly] = [ahead(candidate, baseline), ahead(baseline, candidate)];
  const { lost, gained, size } = scoreDifferences(differences);
  const scale = size === 0 ? 1 : size;
  const p = mcnemarP(lost / scale, gained / scale).toPrecision(2);
  const repeated = differences.length < candidate.length;
  const of = repeated
    ? ` of ${counted(differences.length, 'case')}, each of which counts once`
    : '';
  const what = {
    score: 'better in the baseline',
    accuracy: 'right in the baseline alone',
    ungraded_share: 'ungraded in the candidate alone',
  }[text];
  const [worse, better] =
    text === 'ungraded_share' ? [candidateOnly, baselineOnly] : [baselineOnly, candidateOnly];
  const there = text === 'ungraded_share' ? 'baseline' : 'candidate';
  return `; ${counted(worse, 'pair')} ${what}, ${better} in the ${there}${of} (McNemar p = ${p})`;
}

function leftOutWords({ text }: GradeMetric, graded: GradedPairs): string {
  const { ungraded, unanswered } = graded;
  const reasons: (readonly [number, string])[] = [
    ...(text === 'ungraded_share'
      ? []
      : ([
          [ungraded.candidate, 'ungraded in the candidate'],
          [ungraded.baseline, 'ungraded in the baseline'],
          [ungraded.both, 'ungraded in both'],
        ] as const)),
    [unanswered, 'not answered in full by both'],
  ];
  const given = reasons.filter(([count]) => count > 0);
  const total = given.reduce((sum, [count]) => sum + count, 0);
  if (total === 0) return '';
  return `; ${counted(total, 'pair')} left out (${given.map((each) => each.join(' ')).join(', ')})`;
}

/** Of a metric that is watched, and was not found to be worse: what the pairs may hide. */
export function watchedWhy(metric: GradeMetric, shift: Shift, limits: ChangeLimits): string {
  const words = (value: number) => shiftWords(metric, value);
  const enough = words(limits.failFrom).replace('.0 ', ' ');
  const found =
    shift.low > 0 ? `certainly worse, though by less than ${enough}` : 'not certainly worse';
  return `${words(shift.estimate)}, ${found}; it may be ${words(shift.high)}, and these pairs could not tell`;
}

/** Why there is no figure, and what to do: no answer, or next to none, was graded on both sides. */
export function ungradedWhy({
  candidate,
  sent,
  ungraded,
  unanswered,
  isAnswered,
  reason,
}: GradedPairs): {
  why: string;
  next: string;
} {
  const none = candidate.length === 0 ? 'no pair' : `only ${counted(candidate.length, 'pair')}`;
  const be = candidate.length > 1 ? 'were' : 'was';
  const why = `${none} of ${sent.toLocaleString('en-US')} sent ${be} graded on both sides`;
  const { candidate: one, baseline: other, both } = ungraded;
  if (one + other + both > 0 && reason !== null) {
    return { why: `${why}: ${reason}`, next: remedyFor(reason) };
  }
  return unanswered === sent && isAnswered
    ? { why: `${why}: no answer has a grade`, next: 'see that grading is on (grading.enabled)' }
    : { why, next: 'see what came of the requests' };
}

/** A grader that was not let run says in brackets which flag lets it. */
export function remedyFor(reason: string): string {
  const [, flag] = /\((--[\w-]+)\)/.exec(reason) ?? [];
  if (flag !== undefined) return `send it again with ${flag}`;
  if (/cut off/i.test(reason)) return 'give the models more max_tokens';
  return 'read the answers that could not be graded: tokentape show RUN --ungraded';
}
