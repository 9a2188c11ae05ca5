import type { Grade, GradedLabel, GraderResult } from '../../score/types.ts';
import {
  AMOUNT,
  COUNT,
  FLAG,
  type Kind,
  listOf,
  oneOf,
  optional,
  orNull,
  type Shape,
  shaped,
  TEXT,
} from './kind.ts';

const MARK = oneOf(['right', 'wrong', 'ungraded']);
const SCORE: Kind = {
  form: 'a number from 0 to 1',
  fits: (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1,
};
const LABEL = shaped<GradedLabel>({
  expected: TEXT,
  given: orNull(TEXT),
  category_named: optional(FLAG),
});
/** Members are results too, and of those nothing is counted. */
const RESULT = shaped<GraderResult>({
  type: TEXT,
  weight: AMOUNT,
  mark: MARK,
  score: orNull(SCORE),
  answer: orNull(TEXT),
  reason: orNull(TEXT),
  label: optional(LABEL),
  members: optional({ form: 'a list', fits: Array.isArray }),
});

/** A line of `grades.ndjson`. */
export const GRADE_SHAPE: Shape<Grade> = {
  request_id: TEXT,
  target: TEXT,
  model: TEXT,
  suite: TEXT,
  simulated: optional(FLAG),
  case_id: TEXT,
  repeat: COUNT,
  turn: COUNT,
  graded_turns: COUNT,
  conversation_id: optional(TEXT),
  pair_id: optional(TEXT),
  arm: optional(oneOf(['candidate', 'baseline'])),
  grade: MARK,
  score: orNull(SCORE),
  answer: orNull(TEXT),
  expected: orNull(TEXT),
  reason: orNull(TEXT),
  graders: listOf(RESULT),
  label: optional(LABEL),
};
