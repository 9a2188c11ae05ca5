import type { RowEvidence } from '../../metrics/evidence.ts';
import { isInScope } from '../judge-thresholds.ts';
import type { GateSettings } from '../settings.ts';
import type { Threshold } from '../thresholds.ts';
import type { Finding } from '../types.ts';
import { judgeLimit } from './judge-limit.ts';
import type { Levels } from './reading.ts';

/**
 * The limits on one row, judged while its sample grows, by as many looks as the settings have. What
 * is decided at one look stays so, except the cost, which grows with the sample: what it comes to in
 * the end is for the caller to judge.
 */
export class LimitGate {
  readonly #thresholds: readonly Threshold[];
  readonly #levels: Levels;
  readonly #looks: Finding['looks'];
  readonly #settled = new Map<Threshold, Finding>();
  #latest: Finding[] = [];
  #decided = false;

  /**
   * @param thresholds of which some may mean other rows
   * @param tests findings of the whole check, over which its chance of a false fail is divided
   */
  constructor(
    thresholds: readonly Threshold[],
    { alpha, looks }: Pick<GateSettings, 'alpha' | 'looks'>,
    tests: number,
  ) {
    this.#thresholds = thresholds;
    this.#looks = { taken: 0, planned: looks.length };
    this.#levels = { fail: alpha / (looks.length * tests), pass: alpha / looks.length };
  }

  /** Whether no further look would change a verdict, that on the cost apart. */
  get decided(): boolean {
    return this.#decided;
  }

  /**
   * Looks at what the row has so far. There are no more looks than the settings have: a later one
   * finds what the last of them found.
   * @param last no more will come of the row
   * @returns one finding for each threshold that names the row, in their order, also where nothing of it
   *   was sent
   */
  look(evidence: RowEvidence, last: boolean): Finding[] {
    const { taken, planned } = this.#looks;
    if (taken === planned) return this.#latest;
    const looks = { taken: taken + 1, planned };
    this.#looks.taken = looks.taken;
    const timeline = evidence.samples.timeline();
    const meant = this.#thresholds.filter((one) => isInScope(evidence.row, one));
    this.#latest = meant.map((threshold) => {
      const settled = this.#settled.get(threshold);
      if (settled !== undefined) return settled;
      const finding = judgeLimit(threshold, evidence, timeline, this.#levels, looks);
      const isOpen = isCost(threshold) || (finding.verdict === 'inconclusive' && !finding.advisory);
      if (!isOpen) this.#settled.set(threshold, finding);
      return finding;
    });
    const isOver = last || looks.taken === planned;
    this.#decided = isOver || meant.every((one) => isCost(one) || this.#settled.has(one));
    return this.#latest;
  }
}

function isCost({ observed }: Threshold): boolean {
  return observed.kind === 'cost';
}
