import type { JsonObject, JsonValue } from '../json.ts';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a right answer looks like: a grader's name and what it needs. Several must all hold. */
export interface Expectation {
  type: string;
  value?: JsonValue;
  weight?: number;
  threshold?: number;
  [option: string]: JsonValue | undefined;
}

/** One thing that the user says, and what a right answer to it looks like. */
export interface Turn {
  text: string;
  /** Empty where the answer is not graded. */
  expect: Expectation[];
  /** A right answer, as a model might write it; `null` where it follows from `expect`, or is not known. */
  reference: string | null;
  /** A wrong answer likewise. */
  wrong: string | null;
}

/** One thing asked of a model: a single prompt, or a conversation of several turns. */
export interface Case {
  id: string;
  system: string | null;
  /** One entry for a single prompt. */
  turns: Turn[];
  /** Merged over the model's parameters, except where the model sets its own. */
  parameters: JsonObject;
  tags: string[];
}

/** A suite with its cases drawn: static ones, generated ones, imported ones. */
export interface Suite {
  name: string;
  description: string;
  /** Whether prompts get a nonce in front, so that no prompt cache flatters the figure. */
  nonce: boolean;
  cases: Case[];
  /** SHA-256 of the suite's definition (file and data), before drawing; hex. */
  hash: string;
  /** Which models it is meant for, by tag; absent for all. */
  audience?: Audience;
  /** Which of them are graded; absent for all. The others are asked, and timed. */
  graded?: Audience;
}

/** A model is addressed if it carries one of `tags` (any model if empty) and none of `notTags`. */
export interface Audience {
  tags: string[];
  notTags: string[];
}
