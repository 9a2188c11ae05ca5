import type { FindingVerdict } from '../types.ts';
import type { Needed } from './needed.ts';

/**
 * Where the noise of a pair was taken from. `pairs`: a run of pairs. `repeats`: two requests of a case
 * in a plain run. `neighbours`: two requests that followed one another, whose prompts differ.
 */
export type NoiseSource = 'pairs' | 'repeats' | 'neighbours';

/** How often a check comes to each verdict; shares of 1. */
export type Chances = Record<FindingVerdict, number>;

/** What a check does at its own looks, by running it on drawn pairs. */
export interface AtLooks extends Chances {
  /** Up to each look, how often it has come to a verdict; what is left goes on. */
  looks: { pairs: number; pass: number; fail: number }[];
  pairs_mean: number;
}

/** What it takes to see one change. */
export interface ChangePower {
  /** A ratio, 0.1 for 10 % more; of an error rate a difference, 0.1 for 10 points. */
  change: number;
  /**
   * Pairs, for a check whose last look is at them and which looks as often as the settings say. `null`:
   * the change is below what may fail, or more than a million pairs would be needed.
   */
  pairs: Needed;
  at_looks: AtLooks;
}

/** What is known of one metric of one comparison. */
export interface MetricPower {
  metric: string;
  /** What of the baseline's own the noise is to. */
  value: number | null;
  /** Why nothing can be said; then the rest is `null`. */
  unknown: string | null;
  noise: NoiseFigures | null;
  unchanged: AtLooks | null;
  changes: ChangePower[];
  /** The smallest change that is seen at the last look with the certainty asked for. */
  smallest_change: number | null;
  last_look: number;
}

/** `sd`: of ln of the ratio within a pair; of an error rate, the rate itself. With its 95 % range. */
export interface NoiseFigures {
  sd: number;
  low: number;
  high: number;
  /** Pairs, or requests of an error rate. */
  samples: number;
}

/** What so many pairs cost. */
export interface Spending {
  requests: number;
  /** `null` without a price. */
  cost_usd: number | null;
  duration_ms: number | null;
}

/** A model on a suite, against a baseline as fast as itself. */
export interface RowPower {
  target: string;
  model: string;
  label: string;
  suite: string;
  source: NoiseSource;
  /** The noise holds what differs between prompts, too: fewer pairs may be enough. */
  upper_bound: boolean;
  metrics: MetricPower[];
  /** Up to the look at which all metrics are decided, where nothing changed; and at most. */
  expected: Spending;
  most: Spending;
}

/** How many requests decide a limit. */
export interface LimitPower {
  threshold: string;
  target: string;
  model: string;
  label: string;
  suite: string;
  value: number | null;
  /** What it would be judged, given enough requests. */
  verdict: 'pass' | 'fail' | null;
  requests: Needed;
  /** How many requests the figures rest on. */
  samples: number;
  spending: Spending | null;
  unknown: string | null;
}

/** What the next run of a history is seen to be by. */
export interface HistoryPower {
  target: string;
  model: string;
  label: string;
  suite: string;
  metric: string;
  /** Earlier runs that have it. */
  runs: number;
  /** Run to run, of natural logarithms. */
  sd: number | null;
  /** `chance` that a run that much worse fails now; `runs` of a history that shows it with certainty. */
  changes: { change: number; chance: number; runs: number | null }[];
  smallest_change: number | null;
  unknown: string | null;
}

/** `tokentape power --json`. */
export interface PowerResult {
  schema_version: 1;
  run_id: string;
  simulated: boolean;
  certainty: number;
  alpha: number;
  /** Findings of the whole check. */
  tests: number;
  looks: number[];
  tail_looks: number[];
  seed: string;
  rows: RowPower[];
  limits: LimitPower[];
  history: HistoryPower[];
  /** Of the whole check: an unchanged one, and its spending. */
  whole: { unchanged: Chances; expected: Spending; most: Spending } | null;
  remarks: string[];
}
