import { type Clusters, designEffect } from './design-effect.ts';
import { neighbourEffect } from './neighbour-effect.ts';
import { type CensoredQuantile, censoredQuantile } from './quantile.ts';
import { BOTH_TAILS, type Interval, quantileInterval, type Tails } from './quantile-interval.ts';

/** Up to here the hits alone are too few to go by. */
const FEW_SAMPLES = 200;

/** A sample in the order of time, with what its quantiles and their intervals are taken from. */
export class OrderedSample {
  readonly #series: Float64Array;
  readonly #clusters: Clusters;
  readonly #lowestBound: number;
  readonly #sorted: Float64Array;
  /** Design effects at the quantiles that were asked for. */
  readonly #effects = new Map<number, number>();
  #neighbourEffect: number | undefined;

  /**
   * @param series in the order of time, without NaN; a censored sample stands at its bound
   * @param clusters parallel to it: which samples are of one case
   * @param lowestBound the smallest bound of a censored sample; `Infinity` without one
   */
  constructor(series: Float64Array, clusters: Clusters, lowestBound = Infinity) {
    this.#series = series;
    this.#clusters = clusters;
    this.#lowestBound = lowestBound;
    this.#sorted = series.slice().sort();
  }

  quantile(p: number): CensoredQuantile | undefined {
    return censoredQuantile(this.#sorted, p, this.#lowestBound);
  }

  /** The quantile's interval, of 95 % unless told otherwise; `undefined` of too few samples. */
  interval(p: number, tails: Tails = BOTH_TAILS): Interval | undefined {
    return quantileInterval(this.#sorted, p, this.effectiveN(p), this.#lowestBound, tails);
  }

  get size(): number {
    return this.#series.length;
  }

  /**
   * How many samples are past a limit: no fewer than `atLeast` and no more than `atMost`, for what
   * stands at a bound may in truth be larger.
   * @param isPast whether a value is
   * @param grows true where larger values are past it, false where smaller ones are
   */
  countPast(
    isPast: (value: number) => boolean,
    grows: boolean,
  ): { atLeast: number; atMost: number } {
    let past = 0;
    let unsure = 0;
    for (const value of this.#sorted) {
      const is = isPast(value);
      if (is) past++;
      if (is !== grows && value >= this.#lowestBound) unsure++;
    }
    return grows
      ? { atLeast: past, atMost: past + unsure }
      : { atLeast: past - unsure, atMost: past };
  }

  /**
   * How many independent samples these are worth to the quantile at p. A tail alone shows too few
   * hits to tell how they depend on one another, so the middle speaks for it too: in a Gaussian
   * process the effect beyond 1 falls from the median outwards about as (4·p·(1 − p))^⅓.
   */
  effectiveN(p: number): number {
    const fromMiddle = 1 + Math.cbrt(4 * p * (1 - p)) * (this.#effectAt(0.5) - 1);
    return this.#series.length / Math.max(this.#effectAt(p), fromMiddle, this.#fewSamplesEffect());
  }

  #fewSamplesEffect(): number {
    if (this.#series.length >= FEW_SAMPLES) return 1;
    this.#neighbourEffect ??= neighbourEffect(this.#series, this.#sorted);
    return this.#neighbourEffect;
  }

  #effectAt(p: number): number {
    const known = this.#effects.get(p);
    if (known !== undefined) return known;
    const effect = this.#findEffectAt(p);
    this.#effects.set(p, effect);
    return effect;
  }

  #findEffectAt(p: number): number {
    const limit = this.#sorted[Math.ceil(this.#sorted.length * p) - 1] ?? Number.NaN;
    const hits = new Uint8Array(this.#series.length);
    for (let i = 0; i < hits.length; i++) hits[i] = (this.#series[i] as number) <= limit ? 1 : 0;
    return designEffect(hits, this.#clusters);
  }
}
