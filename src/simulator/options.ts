import type { FaultRule } from './faults.ts';
import type { ProfileChanges, ProfileName } from './profiles.ts';
import type { SimulatorStats } from './stats.ts';

/** Where none is given. */
export const DEFAULT_SEED = 'tokentape';

/** What is said: a text, or the call of a tool with its arguments as JSON. */
export type Said = string | { name: string; arguments: string };

/** What the simulator knows of one prompt. */
export interface KnownAnswer {
  right: Said;
  wrong: Said;
  /**
   * How models may dress it. By default it is worked towards and marked, as the prompt asks for;
   * a `number` is moreover written in the language's style, `json` put into a fence at times and
   * sentences around it; `exact` is left as it is.
   */
  form?: 'exact' | 'json' | 'number';
}

/**
 * What the simulator is to say to prompts it knows, by `promptKey(...user messages so far)`.
 * A right answer is given with the model's skill as its probability, else the wrong one.
 */
export type AnswerBook = Record<string, KnownAnswer>;

/** What `GET /v1/models` does; all three are seen in the wild. */
type ListingHabit = 'subscribed' | 'all' | 'missing';

/** How a simulated marketplace behaves; plain data, so that it can be sent to a thread. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** `127.0.0.1` by default. */
  host?: string;
  /** Models that each key opens; by default every key opens all, but there must be one. */
  keys?: Record<string, string[] | 'all'>;
  models?: ListingHabit;
  profile?: ProfileName;
  /** Speed and habits in place of the profile's; scales may be of one model. */
  changes?: ProfileChanges;
  /** Same seed, same answers to the same prompts, and the same faults in the same places. */
  seed?: string;
  faults?: FaultRule[];
  answerBook?: AnswerBook;
  /** Models that, asked to judge an answer, take the first option whatever it says. */
  positionBiasedJudges?: string[];
  /** Keeps a line for each completion in the stats. */
  logRequests?: boolean;
}

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:PORT/v1` */
  url: string;
  port: number;
  stats(): SimulatorStats;
  /** Cuts every connection and resolves when the port is free. */
  close(): Promise<void>;
}
