import type { Accounting, Estimate } from '../metrics/types.ts';

/** What models are weighed by; more than one, so that none need be best. */
export type Axis = 'quality' | 'speed' | 'cost';
export const AXES: readonly Axis[] = ['quality', 'speed', 'cost'];

/** A model as it is named. */
export interface ModelName {
  target: string;
  model: string;
  label: string;
}

/** That a model is at least as good on every axis, and surely better on one. */
export interface Dominance extends ModelName {
  /** How probable it is that it is at least as good on every axis together. */
  probability: number;
  /** How probable it is that it is better, axis by axis. */
  better: Partial<Record<Axis, number>>;
  /** Cases that both were asked, by which they are compared. */
  cases: number;
}

export interface FrontierModel extends ModelName {
  simulated: boolean;
  suites: string[];
  /** Distinct cases asked. */
  cases: number;
  requests: Accounting;
  error_rate: Estimate;
  ungraded_share: Estimate;
  quality: Estimate;
  /** The speed that is weighed, in the unit of its metric. */
  speed: Estimate;
  ttft_ms_p50: Estimate;
  decode_tokens_per_second_p50: Estimate;
  e2e_ms_p50: Estimate;
  cost_per_request_usd: Estimate;
  cost_per_1000_requests_usd: Estimate;
  /** `null` where it is n/a on an axis that others are weighed by. */
  on_frontier: boolean | null;
  /** Axes on which it has no figure. */
  lacking: Axis[];
  /** The surest first; empty on the frontier. */
  dominated_by: Dominance[];
}

/** Quality against speed against cost. */
export interface Frontier {
  schema_version: 1;
  runs: string[];
  simulated: boolean;
  suites: string[];
  quality: 'score' | 'accuracy';
  /** As it is written in a threshold, `e2e_ms:p(50)`. */
  speed: string;
  /** Axes on which any model has a figure: the others weigh nothing. */
  axes: Axis[];
  /** From which probability on a model is surely better on an axis. */
  sure_from: number;
  draws: number;
  /** The frontier first, by quality; then the others. */
  models: FrontierModel[];
  warnings: string[];
}
