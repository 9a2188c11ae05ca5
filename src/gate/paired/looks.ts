import type { GatedMetric } from '../metric.ts';
import type { GateSettings } from '../settings.ts';

/** After how many pairs a metric is looked at: its median early and often, its tail late. */
export function looksOf(metric: GatedMetric, settings: GateSettings): number[] {
  return isTail(metric) ? settings.tailLooks : settings.looks;
}

export function isTail(metric: GatedMetric): boolean {
  return metric.kind === 'quantile' && metric.p !== 0.5;
}

/**
 * When to look at a sample that grows. Each look has its share of α, so there may be no more of them
 * than planned; one forced by the end of the budget takes the place of the next.
 */
export class Looks {
  readonly #planned: readonly number[];
  #taken = 0;
  #done = 0;
  #lookedAt = -1;

  /** @param planned pairs, ascending */
  constructor(planned: readonly number[]) {
    this.#planned = planned;
  }

  get taken(): number {
    return this.#taken;
  }

  get planned(): number {
    return this.#planned.length;
  }

  /** True once no look is left. */
  get over(): boolean {
    return this.#done >= this.#planned.length;
  }

  /**
   * Whether to look now. Looks that were passed over are not made up for, and what was looked at
   * already is not looked at again because it came to its end.
   */
  take(pairs: number, last: boolean): boolean {
    const due = this.#planned.filter((size) => size <= pairs).length;
    const takes = !this.over && (due > this.#done || (last && pairs !== this.#lookedAt));
    if (takes) {
      this.#taken++;
      this.#lookedAt = pairs;
    }
    this.#done = last ? this.#planned.length : Math.max(this.#done, due);
    return takes;
  }
}
