import type { Random } from '../../random.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { quantile } from '../../stats/quantile.ts';
import { mirrored, shiftShares, signedRankPower } from '../../stats/signed-rank-power.ts';
import { leastWhere, meanOf, type Needed, neededOf, type Plausible } from './needed.ts';
import { type FailRule, type MetricNoise, powerOverLooks } from './rule.ts';
import { plausibleScales } from './scale.ts';

/** On fewer, nobody can say how large the noise is. */
export const LEAST_DIFFERENCES = 12;

const RESAMPLES = 200;
/** No check sees less than the first, and none is needed to see more than the second. */
const SHIFTS = { least: 1e-4, most: 5 };

/** The noise of differences of pairs, for verdicts by the signed-rank test. */
export class ShiftNoise implements MetricNoise {
  readonly #symmetric: Float64Array;
  readonly #smoothing: { sd: number; shrink: number };
  /** Standard deviation of a normal noise that would hide a shift as well; natural logarithms. */
  readonly scale: number;
  /** Its plausible values, as factors; of 30 pairs they reach to ±25 %. */
  readonly scales: Plausible<number>;

  /**
   * @param centred differences of pairs around 0, at least `LEAST_DIFFERENCES`; ±Infinity for a
   *   timeout in one arm
   * @param random draws the resamples that tell how well the scale is known
   */
  constructor(centred: Float64Array, random: Random) {
    this.#symmetric = mirrored(centred);
    const sizes = centred.map(Math.abs).sort();
    // Where half of the differences are equal, a larger one is the next best to go by.
    const probe = quantile(sizes, 0.5) || quantile(sizes.filter(Number.isFinite), 0.9) || 0;
    this.scale = scaleOf(this.#symmetric, probe);
    this.#smoothing = smoothingOf(this.#symmetric);
    this.scales = plausibleScales(this.scale === 0 ? 0 : scaleError(centred, probe, random));
  }

  /**
   * A difference as another pair would show it: one of those seen, or its mirror image, and a little
   * beside it, for the same value hardly comes twice.
   */
  draw(random: Random): number {
    const seen = this.#symmetric[random.integer(0, this.#symmetric.length - 1)] as number;
    return (seen + this.#smoothing.sd * random.normal()) * this.#smoothing.shrink;
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

  /** Power by the number of pairs, at a noise `factor` times as large as the sample's. */
  #power(shift: number, rule: FailRule, factor: number): (pairs: number) => number {
    const sharesOf = (distance: number) => shiftShares(this.#symmetric, distance / factor);
    const [past, pastLeast] = [sharesOf(shift), sharesOf(shift - rule.least)];
    const below = sharesOf(rule.pass.below - shift);
    return powerOverLooks(
      rule,
      (pairs) =>
        Math.min(signedRankPower(past, pairs, rule.alpha), signedRankPower(pastLeast, pairs, 0.5)),
      (pairs) => signedRankPower(below, pairs, rule.pass.alpha),
    );
  }
}

/**
 * How far beside it: Silverman's rule for n draws. What that adds to the spread is taken back by
 * `shrink`.
 */
function smoothingOf(symmetric: Float64Array): { sd: number; shrink: number } {
  const finite = symmetric.filter(Number.isFinite);
  const spread = ((quantile(finite, 0.75) ?? 0) - (quantile(finite, 0.25) ?? 0)) / 1.349;
  const variance = finite.reduce((sum, x) => sum + x * x, 0) / Math.max(1, finite.length);
  const sd = 0.9 * Math.min(spread, Math.sqrt(variance)) * (symmetric.length / 2) ** -0.2;
  return { sd, shrink: sd === 0 ? 1 : 1 / Math.sqrt(1 + (sd * sd) / variance) };
}

/** By the share of sums of two that a shift of `probe` brings above 0. */
function scaleOf(symmetric: Float64Array, probe: number): number {
  if (probe === 0) return 0;
  const { two } = shiftShares(symmetric, probe);
  return two >= 1 ? 0 : (Math.SQRT2 * probe) / normalQuantile(two);
}

/** Standard error of the logarithm of the scale, by resampling. */
function scaleError(centred: Float64Array, probe: number, random: Random): number {
  const last = centred.length - 1;
  const logs: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const drawn = centred.map(() => centred[random.integer(0, last)] as number);
    const scale = scaleOf(mirrored(drawn), probe);
    if (scale > 0) logs.push(Math.log(scale));
  }
  const mean = meanOf(logs, (log) => log);
  return Math.sqrt(meanOf(logs, (log) => (log - mean) ** 2));
}
