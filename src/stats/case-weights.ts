/*
 * The Bayesian bootstrap over cases (Rubin 1981): instead of drawing whole cases with replacement,
 * each draw gives every case a weight from Exp(1), which is smoother and has a reading: the share of
 * draws in which something holds is how probable it is, given these cases and nothing else.
 */

/** Draws, made from a seed, so that the same cases give the same answer. */
export type Uniform = () => number;

/**
 * One draw: a weight for each case. Within a stratum they add up to its cases, so that no draw has
 * more of one suite than was asked.
 * @param strata parallel to `weights`: the stratum of each case, from 0 on
 * @param next uniform in [0, 1)
 */
export function drawWeights(weights: Float64Array, strata: Uint32Array, next: Uniform): void {
  let count = 0;
  for (let i = 0; i < strata.length; i++) count = Math.max(count, (strata[i] as number) + 1);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < weights.length; i++) {
    const weight = -Math.log(1 - next());
    const stratum = strata[i] as number;
    weights[i] = weight;
    sums[stratum] = (sums[stratum] as number) + weight;
    sizes[stratum] = (sizes[stratum] as number) + 1;
  }
  for (let i = 0; i < weights.length; i++) {
    const stratum = strata[i] as number;
    const sum = sums[stratum] as number;
    weights[i] = ((weights[i] as number) * (sizes[stratum] as number)) / (sum > 0 ? sum : 1);
  }
}

/**
 * A weight from Gamma(½, 1): what Jeffreys' prior gives a case that nobody asked. With one for right
 * and one for wrong, k of n right come to Beta(k + ½, n − k + ½), also where k is 0 or n, of which
 * weights alone would say that it could not have been otherwise.
 */
export function drawPriorWeight(next: Uniform): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return (normal * normal) / 2;
}

/**
 * Where a quantile lies once each sample counts as much as its case weighs: at the smallest value at or
 * below which a share p of the weight is.
 * @param cases the case of each sample, these being in ascending order: where its weight stands
 * @param p in (0, 1)
 * @param total what all of them weigh together
 * @returns its place among the samples, from 0 on; −1 of none, or without any weight
 */
export function weightedPlace(
  cases: Uint32Array,
  weights: Float64Array,
  p: number,
  total: number,
): number {
  if (!(total > 0)) return -1;
  const wanted = p * total;
  let reached = 0;
  for (let i = 0; i < cases.length; i++) {
    reached += weights[cases[i] as number] as number;
    if (reached >= wanted) return i;
  }
  return cases.length - 1;
}

/** What the samples of each case add up to, and what that is divided by. */
export interface CaseSums {
  /** Numbers of the cases; the sums are parallel. */
  cases: Uint32Array;
  top: Float64Array;
  bottom: Float64Array;
}

/** Both sums over all cases, each counting as much as it weighs. */
export function weightedSums(
  { cases, top, bottom }: CaseSums,
  weights: Float64Array,
): { top: number; bottom: number } {
  let sum = 0;
  let of = 0;
  for (let i = 0; i < cases.length; i++) {
    const weight = weights[cases[i] as number] as number;
    sum += weight * (top[i] as number);
    of += weight * (bottom[i] as number);
  }
  return { top: sum, bottom: of };
}
