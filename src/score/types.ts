import type { DecodedReply } from '../decode/types.ts';
import type { ChatMessage, Expectation } from '../suite/types.ts';

/** What became of an answer. Unparseable is not wrong: nobody can say what was meant. */
export type Mark = 'right' | 'wrong' | 'ungraded';

/** All that graders see of one reply. Plain data; figures are those of its record. */
export interface Answered {
  /** Whose reply it is, for what is written of grading it; absent where no request was sent. */
  requestId?: string;
  text: string;
  reasoning: string;
  toolCalls: DecodedReply['toolCalls'];
  /** `length`: cut off, so what stands at its end is no final answer. */
  finishReason: string | null;
  /** What was asked, the last message being the user's; a judge is shown it. */
  messages: readonly ChatMessage[];
  /** A right answer of the suite's own, where it has one. */
  reference: string | null;
  ttftMs: number | null;
  e2eMs: number | null;
  costUsd: number | null;
}

/** What one grader found. */
export interface Judgement {
  mark: Mark;
  /** 0 to 1; graders of all or nothing say 0 or 1. `null` where ungraded. */
  score: number | null;
  /** What was taken to be the answer, shortened; `null` where the whole text was looked at. */
  answer: string | null;
  /** Why it is wrong or ungraded, as a phrase without a full stop; `null` where it is right. */
  reason: string | null;
  /** Of classifiers; absent elsewhere. */
  label?: GradedLabel;
}

/** What a classifier was to say, and what it said: `safe` or `unsafe`. */
export interface GradedLabel {
  expected: string;
  /** `null` where none could be read. */
  given: string | null;
  /** Whether the hazard category was named; absent where none is expected, or nothing was found. */
  category_named?: boolean;
}

/** Grades at once and without side effects; a regular expression of the user's runs under a time limit. */
export type Grader = (
  answered: Answered,
  expectation: Expectation,
  limits: GraderLimits,
) => Judgement;

export interface GraderLimits {
  /** For one regular expression of the user's. */
  regexMs: number;
}

/** What takes a process of its own or a request: done when nothing is measured any more. */
export type DeferredKind = 'code' | 'javascript' | 'model-graded';

export interface DeferredGrader {
  /** Never rejects: what cannot be graded is `ungraded`, with the reason. */
  grade(answered: Answered, expectation: Expectation, signal: AbortSignal): Promise<Judgement>;
}

/** One expectation's part in a grade. */
export interface GraderResult extends Judgement {
  /** As in the suite, with its `not-`. */
  type: string;
  weight: number;
  /** Of an `assert-set`: what its own expectations said. */
  members?: GraderResult[];
}

/** All expectations of one answer together. */
export interface Graded extends Judgement {
  graders: GraderResult[];
}

/** One line of `grades.ndjson`: it stands alone, as a record does. */
export interface Grade {
  request_id: string;
  target: string;
  model: string;
  suite: string;
  /** Where the embedded simulator answered: no one's evidence. Absent elsewhere. */
  simulated?: true;
  case_id: string;
  /** 0-based pass over the case. */
  repeat: number;
  turn: number;
  /** Turns of its case that are graded: the case is right where all of them are. */
  graded_turns: number;
  /** Shared by the turns of one conversation; absent where one turn is graded. */
  conversation_id?: string;
  /** As in the record, where the request is one of a pair. */
  pair_id?: string;
  arm?: 'candidate' | 'baseline';
  grade: Mark;
  score: number | null;
  answer: string | null;
  /** What would have been right, shortened; `null` where that is no text. */
  expected: string | null;
  reason: string | null;
  graders: GraderResult[];
  /** Of classifiers: the label expected, and the one given; absent elsewhere. */
  label?: GradedLabel;
}
