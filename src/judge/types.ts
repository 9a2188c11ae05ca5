import type { Model, Target } from '../config/types.ts';
import type { OutcomeClass } from '../decode/types.ts';
import type { Estimate } from '../metrics/types.ts';

/** A model that judges, and how it is reached. */
export interface JudgeModel {
  /** TARGET/MODEL. */
  name: string;
  target: Target;
  model: Model;
}

/** What an expectation's `judge` stands for, or why it stands for nothing. */
export type JudgeLookup = (name: string) => JudgeModel | { problem: string };

/** In which order the options stand: the best under A, or the worst. */
export type OptionOrder = 'best_first' | 'worst_first';

/** One line of `judge.ndjson`: one attempt at asking a judge, paid for or not. */
export interface JudgeCall {
  /** Whose answer was judged; `null` for a labelled example. */
  request_id: string | null;
  /** TARGET/MODEL. */
  judge: string;
  /** SHA-256 of the rubric. */
  rubric_hash: string;
  /** SHA-256 of all that a verdict rests on: rubric, question, answer, reference, judge, the form of the question. */
  verdict_hash: string;
  order: OptionOrder;
  /** 2 where the judge was asked again, as its first verdict could not be read. */
  asked: 1 | 2;
  /** 1-based; above 1, it is a retry. */
  attempt: number;
  outcome: OutcomeClass;
  http_status: number | null;
  /** What went wrong, as the server or the system says it; `null` where the judge answered. */
  failure: string | null;
  /** 0 to 1, as the option it chose says; `null` where none could be read. */
  verdict: number | null;
  /** The letter it chose. */
  letter: string | null;
  /** The end of what it said. */
  reply: string | null;
  finish_reason: string | null;
  prompt_tokens: number | null;
  output_tokens: number | null;
  cost_usd: number | null;
  /** Wall clock, UTC. */
  started_at: string;
  ms: number;
}

/** How far a judge's verdicts are those of the people who labelled the examples. */
export interface JudgeAgreement {
  /** TARGET/MODEL; `null` over all. */
  judge: string | null;
  /** The rubric's beginning; `null` over all. */
  rubric: string | null;
  examples: number;
  /** Examples without a verdict: no answer, none that can be read, or a contradiction. */
  undecided: number;
  right_as_right: number;
  right_as_wrong: number;
  wrong_as_wrong: number;
  wrong_as_right: number;
  /** Share of the decided ones on which both say the same. */
  agreement: Estimate;
  /** Cohen's κ; `null` where chance alone would have them agree on all. */
  kappa: number | null;
}

/** How judging went: what the grades of judges rest on, and what they cost. */
export interface JudgeReport {
  /** TARGET/MODEL of each that was asked. */
  judges: string[];
  /** Answers handed to a judge, labelled examples apart. */
  answers: number;
  /** Of these, those with a verdict. */
  judged: number;
  /** Verdicts on answers and examples taken from earlier calls, without a request. */
  reused: number;
  /** Attempts, labelled examples and repeated questions included. */
  calls: number;
  failed_calls: number;
  retries: number;
  /** Questions asked a second time, as the verdict could not be read. */
  asked_again: number;
  unanswered: number;
  unreadable: number;
  /** Answers on which the judge said one thing in one order of the options and another in the other. */
  contradictions: number;
  /** Of the answers with both verdicts; `null` without any. */
  contradiction_share: number | null;
  /** Of the contradictions, those in which it took the upper options both times. */
  upper_option_contradictions: number;
  prompt_tokens: number;
  output_tokens: number;
  /** Of the calls whose cost is known; `null` where none is. */
  cost_usd: number | null;
  /** Calls whose answer was begun, so that they may be billed, and of whose cost nothing is known. */
  calls_of_unknown_cost: number;
  ms_p50: number | null;
  ms_total: number;
  /** Over all labelled examples; `null` without any. */
  agreement: JudgeAgreement | null;
  by_rubric: JudgeAgreement[];
  /** What a reader of the scores has to know, as sentences without a full stop. */
  warnings: string[];
}
