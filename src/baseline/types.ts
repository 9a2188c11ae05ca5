import type { Sampled } from '../metrics/row-samples.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { PlanParts } from '../plan/hash.ts';
import type { Manifest } from '../store/types.ts';

/** What has to be equal for the figures of two runs to be those of one history. */
export interface HistoryIdentity {
  simulated: boolean;
  plan_hash: string;
  /** What the hash covers; `null` of a run that did not keep it. */
  plan: PlanParts | null;
  /** Of the formulas behind the figures. */
  metrics_version: number;
  /** Of the graders behind its scores; absent where no answer was graded. */
  graders_version?: number;
}

/** A run as a history keeps it: no prompt, no answer, no address, small enough to commit. */
export interface Baseline extends HistoryIdentity {
  schema_version: 1;
  run_id: string;
  /** UTC. */
  started_at: string;
  git: Manifest['git'];
  validity: { verdict: Manifest['validity']['verdict']; reasons: string[] };
  /** Of tokentape. */
  version: string;
  rows: BaselineRow[];
}

export interface BaselineRow
  extends Pick<
    SummaryRow,
    | 'target'
    | 'model'
    | 'label'
    | 'suite'
    | 'simulated'
    | 'requests'
    | 'estimates'
    | 'prompt_tokens'
    | 'output_tokens'
    | 'token_source'
    | 'cost_usd'
  > {
  samples: Partial<Record<Sampled, StoredSamples>>;
}

/** Samples of one metric of a row. */
export interface StoredSamples {
  /** How many there were, of which `values` are some, taken evenly by rank. */
  of: number;
  /** The smallest bound of a censored sample, which stands at its bound; `null` without one. */
  at_least_from: number | null;
  /** In the order of time. */
  values: number[];
}

/** A run that is not of a history, and why. */
export interface PassedOver {
  /** The run's id, or the file. */
  name: string;
  reason: string;
}
