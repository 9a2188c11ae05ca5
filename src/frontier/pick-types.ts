import type { Estimate } from '../metrics/types.ts';
import type { NeedJudgement } from './needs.ts';
import type { ModelName } from './types.ts';

/** One of the models that could be picked. */
export interface PickedModel extends ModelName {
  simulated: boolean;
  cases: number;
  /** Those of which it has a grade. */
  graded_cases: number;
  /** Of what it was asked and any model has a grade for, the share of which it has none. */
  without_grade: number;
  /** Failures among the requests that came to an end. */
  error_rate: Estimate;
  objective: Estimate;
  needs: NeedJudgement[];
  /** By the figures as seen; `unknown` where one of them is n/a. */
  meets: 'yes' | 'no' | 'unknown';
  /** How probable it is that it is the best of those that meet the needs. */
  best: number;
}

/** The next best, and by how much it loses. */
export interface RunnerUp extends ModelName {
  /** Of the pick's figure, 0.2 for 20 % more; of shares in points of 1. `null` where there is none. */
  loses_by: { scale: 'ratio' | 'difference'; estimate: number; low: number; high: number } | null;
  /** How probable it is that the pick is better by what is minimised or maximised. */
  behind: number;
}

export interface Pick {
  schema_version: 1;
  runs: string[];
  simulated: boolean;
  suites: string[];
  objective: string;
  direction: 'minimise' | 'maximise';
  needs: string[];
  /** `sure`: picked, and as sure as was asked for; `unsure`: picked; `none`: no model meets the needs;
   * `unknown`: nobody can say whether any does. */
  verdict: 'sure' | 'unsure' | 'none' | 'unknown';
  /** Why it is unsure whatever its probability is; `null` where nothing forbids to be sure. */
  reservation: string | null;
  confidence: number;
  picked: ModelName | null;
  /** How probable it is that it is the best of those that meet the needs. */
  probability: number | null;
  runner_up: RunnerUp | null;
  /** Cases of each model that would probably make it sure; `null` where none in reach would, or it is. */
  cases_needed: number | null;
  draws: number;
  /** Those that could be picked, the best first. */
  models: PickedModel[];
  /** Those that could not, and why. */
  left_out: (ModelName & { why: string })[];
  warnings: string[];
}
