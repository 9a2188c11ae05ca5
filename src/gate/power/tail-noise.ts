import type { Random } from '../../random.ts';
import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import { quantile } from '../../stats/quantile.ts';
import { leastWhere, meanOf, type Needed, neededOf, type Plausible } from './needed.ts';
import { type FailRule, type MetricNoise, type PassRule, powerOverLooks } from './rule.ts';
import { plausibleScales } from './scale.ts';

/** Samples of each arm that have to lie beyond the quantile before its noise can be told. */
const LEAST_BEYOND = 5;
const RESAMPLES = 400;
const SHIFTS = { least: 1e-4, most: 5 };

/** Logarithms of what both arms of the pairs measured; parallel. */
export interface ArmLogs {
  candidate: Float64Array;
  baseline: Float64Array;
}

/** How many pairs it takes before the noise of a quantile can be told. */
export function leastPairsOf(p: number): number {
  return Math.ceil(LEAST_BEYOND / Math.min(p, 1 - p));
}

/** The noise of the difference of two quantiles, from resampled pairs. */
export class TailNoise implements MetricNoise {
  /** Standard deviation of the difference over one pair: over n it is √n times smaller. */
  readonly scale: number;
  readonly scales: Plausible<number>;

  constructor(logs: ArmLogs, p: number, random: Random) {
    const pairs = logs.candidate.length;
    this.scale = Math.sqrt(pairs) * resampledSd(logs, p, random);
    // A quantile rests on the few samples around it, and so does what is known of its noise.
    this.scales = plausibleScales(1 / Math.sqrt(6 * Math.sqrt(pairs * p * (1 - p))));
  }

  pairsNeeded(shift: number, rule: FailRule, certainty: number): Needed {
    if (shift <= rule.least) return { value: null, low: null, high: null };
    return neededOf(this.scales, certainty, (factor) => this.#power(shift, rule, factor));
  }

  smallestChange(pairs: number, rule: FailRule, certainty: number): number | null {
    const shown = (shift: number) =>
      meanOf(this.scales.nodes, (factor) => this.#power(shift, rule, factor)(pairs)) >= certainty;
    return leastWhere(shown, SHIFTS);
  }

  /** The chance of a pass where the candidate is worse by `shift`. */
  passPower(pairs: number, shift: number, { alpha, below }: PassRule): number {
    const bound = normalQuantile(1 - alpha);
    return meanOf(this.scales.nodes, (factor) => {
      const sd = (this.scale * factor) / Math.sqrt(pairs);
      return sd === 0 ? Number(shift < below) : normalCdf((below - shift) / sd - bound);
    });
  }

  /** The chance that a look fails. */
  failPower(pairs: number, shift: number, rule: FailRule): number {
    return meanOf(this.scales.nodes, (factor) =>
      this.#fails(shift, rule, this.scale * factor)(pairs),
    );
  }

  #power(shift: number, rule: FailRule, factor: number): (pairs: number) => number {
    const sd = this.scale * factor;
    const passBound = normalQuantile(1 - rule.pass.alpha);
    return powerOverLooks(rule, this.#fails(shift, rule, sd), (pairs) =>
      sd === 0
        ? Number(shift < rule.pass.below)
        : normalCdf(((rule.pass.below - shift) * Math.sqrt(pairs)) / sd - passBound),
    );
  }

  #fails(shift: number, { alpha, least }: FailRule, sd: number): (pairs: number) => number {
    const bound = normalQuantile(1 - alpha);
    if (sd === 0) return () => Number(shift > 0 && shift >= least);
    return (pairs) => {
      const root = Math.sqrt(pairs) / sd;
      return normalCdf(Math.min(shift * root - bound, (shift - least) * root));
    };
  }
}

function resampledSd({ candidate, baseline }: ArmLogs, p: number, random: Random): number {
  const last = candidate.length - 1;
  const drawnCandidate = new Float64Array(candidate.length);
  const drawnBaseline = new Float64Array(candidate.length);
  const differences = Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i <= last; i++) {
      const from = random.integer(0, last);
      drawnCandidate[i] = candidate[from] as number;
      drawnBaseline[i] = baseline[from] as number;
    }
    const above = quantile(drawnCandidate.sort(), p) ?? 0;
    return above - (quantile(drawnBaseline.sort(), p) ?? 0);
  }).filter(Number.isFinite);
  const mean = meanOf(differences, (one) => one);
  return Math.sqrt(meanOf(differences, (one) => (one - mean) ** 2));
}
