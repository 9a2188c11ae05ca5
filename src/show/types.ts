import type { OutcomeClass } from '../decode/types.ts';
import type { Mark } from '../score/types.ts';
import type { ChatMessage } from '../suite/types.ts';

/** What became of a case in one pass: graded, failed before it could be, or not to be graded. */
export type CaseMark = Mark | 'error' | 'not graded';

/** One turn, for a person to read. */
export interface ShownTurn {
  request_id: string;
  /** 0-based. */
  turn: number;
  /** What was sent in this turn; `null` where the run has no plan any more. */
  messages: ChatMessage[] | null;
  /** What would have been right; `null` where nothing was expected, or it is no text. */
  expected: string | null;
  mark: CaseMark;
  score: number | null;
  /** What was taken to be the answer; `null` where the whole text was looked at. */
  taken: string | null;
  /** Why it is wrong or ungraded, or what the request failed of. */
  reason: string | null;
  outcome: OutcomeClass;
  finish_reason: string | null;
  /** `null` where nothing came, or texts were not kept. */
  answer: string | null;
  tool_calls: string | null;
  reasoning: string | null;
  reasoning_tokens: number | null;
}

/** One model's answer to one case in one pass. */
export interface ShownCase {
  target: string;
  model: string;
  label: string;
  suite: string;
  case_id: string;
  repeat: number;
  arm: 'candidate' | 'baseline' | null;
  mark: CaseMark;
  turns: ShownTurn[];
}

/** What `show` found in a run. */
export interface ShownRun {
  schema_version: 1;
  run_id: string;
  simulated: boolean;
  /** Marks asked for; empty for all. */
  marks: CaseMark[];
  by: 'model' | 'case';
  /** What is counted: answers, or by case the cases. */
  matching: number;
  shown: number;
  /** Why there is nothing to show, or less than there was; `null` where there is all of it. */
  remark: string | null;
  cases: ShownCase[];
}

export interface ShowChoice {
  /** Empty for all. */
  marks: readonly CaseMark[];
  models: readonly string[];
  suites: readonly string[];
  targets: readonly string[];
  cases: readonly string[];
  by: 'model' | 'case';
  /** How many answers, or by case how many cases; `Infinity` for all. */
  limit: number;
}
