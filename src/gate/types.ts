import type { Estimate } from '../metrics/types.ts';

/** Of one finding. What is inconclusive never counts as a pass. */
export type FindingVerdict = 'pass' | 'fail' | 'inconclusive';
/** Of a whole check: `invalid` where the run itself cannot be trusted. */
export type Verdict = FindingVerdict | 'invalid';

/** What a figure was held against: a limit, a second arm sent at the same time, or earlier runs. */
export type CheckForm = 'threshold' | 'paired' | 'history';

/** How far what was judged is from what it was held against. */
export interface Change {
  /** `ratio`: of the baseline, 0.118 for 11.8 % more; `difference`: of two shares, 0.02 for 2 points. */
  scale: 'ratio' | 'difference';
  /** `null` where nothing bounds it, or it is not known. */
  estimate: number | null;
  /**
   * The bounds that the verdict rests on, in the metric's own direction: a model that makes fewer
   * tokens a second has changes below 0. `null` where there is none to give.
   */
  low: number | null;
  high: number | null;
  /** Of the interval between them, over all looks, at least; 0 to 1. */
  confidence: number;
}

/** One metric of one model and suite, judged. Plain data: it is written as it stands. */
export interface Finding {
  form: CheckForm;
  target: string;
  model: string;
  /** The model's alias, else its name. */
  label: string;
  suite: string;
  /** As it is written in a threshold: `ttft_ms:p(50)`, `error_rate`, `cost_usd`. */
  metric: string;
  better: 'lower' | 'higher';
  verdict: FindingVerdict;
  /** Said for information: too few runs, or none that bounds the spread, stand behind it. */
  advisory: boolean;
  /** `< 800`, `DeepSeek-R1 at production`, `12 runs`: for a reader, not neutralised. */
  against: string;
  /** Of what is judged; with its 95 % interval where there is one. */
  value: Estimate;
  /** Of what it was held against; `null` for a limit. */
  baseline: Estimate | null;
  /** `null` for a limit. */
  change: Change | null;
  /** In the metric's unit; `null` where it was held against measured figures. */
  limit: number | null;
  /** What the verdict rests on. */
  samples: { count: number; of: 'requests' | 'pairs' | 'runs' };
  /** How often the sample was looked at, of how often at most. */
  looks: { taken: number; planned: number };
  /** Why this verdict, as one sentence without a full stop. */
  why: string;
  /** What to do next, likewise; `null` where there is nothing to do. */
  next: string | null;
}

/** `check.json`: what a check found, and on what. */
export interface CheckResult {
  schema_version: 1;
  verdict: Verdict;
  run_id: string;
  simulated: boolean;
  /** Why the run cannot be trusted; empty where it can. */
  invalid_reasons: string[];
  /** What a reader should know besides: a client that was warned of, a budget that ended the check. */
  remarks: string[];
  findings: Finding[];
  /** Measured requests of the check, warm-up apart. */
  requests: { planned: number; sent: number; ok: number };
  cost_usd: number | null;
  duration_ms: number | null;
  /** Chance of a false fail, of all findings together. */
  alpha: number;
}
