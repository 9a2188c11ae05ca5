import { type CaseGrade, Conversations } from '../../metrics/conversation-grades.ts';
import { caseMeans } from '../../stats/paired-scores.ts';
import type { GradeName } from '../observed.ts';
import type { Pair, PairedRecord } from './pair.ts';

type Arm = 'candidate' | 'baseline';
const ARMS = ['candidate', 'baseline'] as const;

/** What pairs say of their grades; a pair is one case in one pass, a conversation's turns together. */
export interface GradedPairs {
  /** All that were sent. */
  sent: number;
  /** One entry for each pair that counts, parallel to one another; 0 to 1. */
  candidate: Float64Array;
  baseline: Float64Array;
  /** Which case each pair is of: a number from 0 on. */
  cases: Uint32Array;
  /**
   * How much worse the candidate is, one entry for each case, however often it was sent: the mean of its
   * pairs, in [−1, 1].
   */
  differences: Float64Array;
  /** Pairs left out because of an ungraded side: the candidate's alone, the baseline's alone, both. */
  ungraded: { candidate: number; baseline: number; both: number };
  /** Pairs left out because a side has no grade: it failed, or never ran. */
  unanswered: number;
  /** Whether any request was answered at all, with a grade or without. */
  isAnswered: boolean;
  /** What was said most often of ungraded answers; `null` where there are none. */
  reason: string | null;
}

/**
 * Takes from pairs what they say of a grade. A score takes pairs of which both sides are right or wrong;
 * the share of ungraded answers takes all that were answered.
 */
export function gradedPairsOf(pairs: readonly Pair[], name: GradeName): GradedPairs {
  const all = [...byCaseAndPass(pairs).values()];
  const reasons = new Map<string, number>();
  const ungraded = { candidate: 0, baseline: 0, both: 0 };
  let unanswered = 0;
  const counted: { caseId: string; candidate: number; baseline: number }[] = [];
  const marks = all.flatMap(({ candidate, baseline }) => [candidate?.grade, baseline?.grade]);
  const isAnyGraded = marks.includes('right') || marks.includes('wrong');
  for (const { candidate, baseline } of all) {
    for (const side of [candidate, baseline]) {
      if (side?.grade !== 'ungraded') continue;
      const reason = side.reason ?? 'no reason given';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (candidate === undefined || baseline === undefined) {
      unanswered++;
      continue;
    }
    // Where not one answer was graded, the graders say nothing of either arm.
    const of = (grade: CaseGrade) => (isAnyGraded ? figureOf(grade, name) : null);
    const [one, other] = [of(candidate), of(baseline)];
    if (one !== null && other !== null) {
      counted.push({ caseId: candidate.first.case_id, candidate: one, baseline: other });
    } else if (one === null && other === null) ungraded.both++;
    else ungraded[one === null ? 'candidate' : 'baseline']++;
  }
  const numbers = new Map<string, number>();
  for (const { caseId } of counted) {
    if (!numbers.has(caseId)) numbers.set(caseId, numbers.size);
  }
  const cases = Uint32Array.from(counted, ({ caseId }) => numbers.get(caseId) as number);
  const [ofCandidate, ofBaseline] = ARMS.map((arm) =>
    Float64Array.from(counted, (one) => one[arm]),
  );
  const [candidate, baseline] = [ofCandidate as Float64Array, ofBaseline as Float64Array];
  const [worse, than] = name === 'ungraded_share' ? [candidate, baseline] : [baseline, candidate];
  return {
    sent: all.length,
    candidate,
    baseline,
    cases,
    differences: caseMeans(
      worse.map((value, index) => value - (than[index] as number)),
      cases,
    ),
    ungraded,
    unanswered,
    isAnswered: pairs.some((pair) => ARMS.some((arm) => pair[arm].outcome === 'ok')),
    reason: commonest(reasons),
  };
}

/** Both sides of each, as far as they are graded in full. */
function byCaseAndPass(pairs: readonly Pair[]): Map<string, Partial<Record<Arm, CaseGrade>>> {
  const conversations = { candidate: new Conversations(), baseline: new Conversations() };
  const all = new Map<string, Partial<Record<Arm, CaseGrade>>>();
  for (const [index, pair] of pairs.entries()) {
    if (pair.isGraded === false) continue;
    const key = keyOf(pair) ?? `never ran ${index}`;
    const sides = all.get(key) ?? {};
    all.set(key, sides);
    for (const arm of ARMS) {
      const { grade } = pair[arm];
      const ended = grade === undefined ? null : conversations[arm].caseOf(grade);
      if (ended !== null) sides[arm] = ended;
    }
  }
  return all;
}

/** What stands for a turn that was never sent has no name. */
function keyOf({ candidate, baseline }: Pair): string | null {
  const { case_id, repeat = 0 }: PairedRecord = candidate.case_id === '' ? baseline : candidate;
  return case_id === '' ? null : `${case_id}\n${repeat}`;
}

function figureOf({ grade, score }: CaseGrade, name: GradeName): number | null {
  if (name === 'ungraded_share') return Number(grade === 'ungraded');
  if (grade === 'ungraded') return null;
  return name === 'score' ? score : Number(grade === 'right');
}

function commonest(reasons: ReadonlyMap<string, number>): string | null {
  const [first] = [...reasons].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
