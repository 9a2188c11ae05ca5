import type { GatedMetric } from './metric.ts';

/** What a change must come to; shares, so that 0.05 is 5 %. Of an error rate they are points. */
export interface ChangeLimits {
  /** No smaller estimate fails, however certain. */
  failFrom: number;
  /** It passes once the change is certainly below this. */
  passBelow: number;
}

/** How a check decides. */
export interface GateSettings {
  metrics: GatedMetric[];
  /** Chance that anything fails although nothing changed, of all that one check judges together. */
  alpha: number;
  /** Of medians. */
  median: ChangeLimits;
  /** Of all other quantiles. */
  tail: ChangeLimits;
  errorRate: ChangeLimits;
  /** Of scores, and of the share of answers that could not be graded; points. */
  score: ChangeLimits;
  /**
   * Whether the score of a graded suite is watched where it is not among the metrics: one that is surely
   * worse fails the check, and any other holds nothing up.
   */
  watchScore: boolean;
  /** Pairs after which medians and rates are looked at, ascending. */
  looks: number[];
  /** Pairs after which other quantiles are looked at. */
  tailLooks: number[];
  /** Runs of a history before its verdicts count. */
  leastRuns: number;
}

export const DEFAULT_METRICS: GatedMetric[] = [
  { kind: 'quantile', text: 'ttft_ms:p(50)', metric: 'ttft_ms', p: 0.5, better: 'lower' },
  { kind: 'quantile', text: 'tpot_ms:p(50)', metric: 'tpot_ms', p: 0.5, better: 'lower' },
  { kind: 'error_rate', text: 'error_rate', better: 'lower' },
];

/** Reached in simulation: docs/gate.md. */
export const DEFAULT_GATE: GateSettings = {
  metrics: DEFAULT_METRICS,
  alpha: 0.01,
  median: { failFrom: 0.05, passBelow: 0.1 },
  tail: { failFrom: 0.125, passBelow: 0.25 },
  errorRate: { failFrom: 0.01, passBelow: 0.1 },
  score: { failFrom: 0.05, passBelow: 0.1 },
  watchScore: true,
  looks: [100, 200, 400],
  tailLooks: [1000],
  leastRuns: 10,
};
