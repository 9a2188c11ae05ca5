import type { RowEvidence } from '../../metrics/evidence.ts';
import { observe } from '../observe.ts';
import { judgeEstimate, type Threshold } from '../thresholds.ts';
import type { Reading } from './reading.ts';

/** Cost is counted, not estimated, so it is judged as it stands. */
export function readCostLimit(threshold: Threshold, evidence: RowEvidence): Reading {
  const value = observe(evidence, threshold.observed);
  const verdict = judgeEstimate(value, threshold);
  return {
    verdict,
    value,
    low: value.value,
    high: value.value,
    past: null,
    cutOff: false,
    samples: value.n,
    effectiveSamples: value.n,
    missing: verdict === 'inconclusive' ? null : 0,
    hindrance:
      value.value === null
        ? {
            why: 'the cost is not known',
            remedy: 'give the model its price in the config',
          }
        : null,
  };
}
