import type { GatedMetric } from '../metric.ts';
import type { GateSettings } from '../settings.ts';
import { looksOf } from './looks.ts';
import { MetricGate, type PairedFinding } from './metric-gate.ts';
import type { Pair } from './pair.ts';

export type { PairedFinding } from './metric-gate.ts';
export type { Pair, PairedRecord } from './pair.ts';

/**
 * A candidate against a live baseline: each metric is looked at whenever enough pairs have come, and
 * decided as early as its bounds allow. What was decided stays so.
 * @see docs/gate.md
 */
export class PairedGate {
  /** Numbers of pairs at which to call `look`, ascending. */
  readonly looks: number[];
  readonly #gates: MetricGate[];

  /**
   * @param metrics what is judged, in the order of the findings
   * @param tests findings of the whole check, which share α among them; at least `metrics.length`
   * @param watched whether they may fail the check, and hold nothing up where they do not
   */
  constructor(
    metrics: readonly GatedMetric[],
    settings: GateSettings,
    tests: number,
    watched = false,
  ) {
    const sizes = new Set(metrics.flatMap((metric) => looksOf(metric, settings)));
    this.looks = [...sizes].sort((a, b) => a - b);
    this.#gates = metrics.map((metric) => new MetricGate(metric, settings, tests, watched));
  }

  /**
   * One finding for each metric; `inconclusive` where nothing is decided yet.
   * @param pairs all pairs so far, in the order they were sent
   * @param last the budget ended: no further look will come, so what is there is looked at once more
   */
  look(pairs: readonly Pair[], last: boolean): PairedFinding[] {
    return this.#gates.map((gate) => gate.look(pairs, last));
  }

  /** True once no metric needs more pairs. */
  get decided(): boolean {
    return this.#gates.every((gate) => gate.decided);
  }
}
