import type { RequestRecord } from '../../metrics/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import type { Grade, Graded, GraderResult, Judgement } from '../../score/types.ts';
import type { Redactor } from '../../secrets.ts';
import type { Expectation } from '../../suite/types.ts';

const LONGEST_EXPECTED_CHARS = 200;

/** How what is written of a grade is kept clear of what must not be. */
export interface GradeWriting {
  redactor: Redactor;
  /** Without it nothing is written that quotes the answer. */
  keepText: boolean;
}

/** The line of `grades.ndjson` for what the graders found of one reply. */
export function gradeLine(
  planned: PlannedRequest,
  record: RequestRecord,
  graded: Graded,
  { redactor, keepText }: GradeWriting,
): Grade {
  const text = (from: string | null) => (from === null ? null : redactor.text(from));
  const written = <J extends Judgement>(judgement: J): J => ({
    ...judgement,
    score: judgement.score === null ? null : Math.round(judgement.score * 1e6) / 1e6,
    answer: keepText ? text(judgement.answer) : null,
    reason: text(keepText ? judgement.reason : unquotedReason(judgement)),
  });
  const result = (one: GraderResult): GraderResult => ({
    ...written(one),
    ...(one.members && { members: one.members.map(result) }),
  });
  const { mark, score, answer, reason } = written(graded);
  const label = labelIn(graded.graders);
  return {
    request_id: record.request_id,
    target: record.target,
    model: record.model,
    suite: record.suite,
    ...(record.simulated && { simulated: true as const }),
    case_id: record.case_id,
    repeat: record.repeat,
    turn: record.turn,
    graded_turns: planned.gradedTurns,
    ...(planned.gradedTurns > 1 && { conversation_id: planned.conversationId }),
    ...(record.pair_id !== undefined && { pair_id: record.pair_id }),
    ...(record.arm !== undefined && { arm: record.arm }),
    grade: mark,
    score,
    answer,
    expected: text(expectedText(planned)),
    reason,
    graders: graded.graders.map(({ label: _, ...one }) => result(one)),
    ...(label && { label }),
  };
}

/** Why an answer is ungraded, without what may be quoted behind a colon; why it is wrong always may be. */
function unquotedReason({ mark, reason }: Judgement): string | null {
  return mark === 'ungraded' && reason !== null ? (reason.split(':', 1)[0] ?? null) : null;
}

function labelIn(graders: readonly GraderResult[]): Grade['label'] {
  return graders.find(({ type, label }) => type === 'label' && label !== undefined)?.label;
}

/** A right answer, shortened: the suite's own, else the value that an answer is held against. */
function expectedText({ expect, reference }: PlannedRequest): string | null {
  const text = reference ?? expect.map(valueText).find((value) => value !== null) ?? null;
  if (text === null || text.length <= LONGEST_EXPECTED_CHARS) return text;
  return `${text.slice(0, LONGEST_EXPECTED_CHARS).trimEnd()}…`;
}

/** Of graders whose value is a rubric, a script or tests, it is no answer. */
const VALUE_IS_NO_ANSWER = /^not-|^(?:model-graded|javascript|code|rule|regex|assert-set)$/;

function valueText({ type, value }: Expectation): string | null {
  if (VALUE_IS_NO_ANSWER.test(type)) return null;
  const values = Array.isArray(value) ? value : [value];
  const isText = values.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
  return isText && values.length > 0 ? values.map(String).join(', ') : null;
}
