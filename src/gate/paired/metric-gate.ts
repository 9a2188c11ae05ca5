import { counted } from '../../report/numbers.ts';
import { type GatedMetric, isGradeMetric } from '../metric.ts';
import type { GateSettings } from '../settings.ts';
import type { Finding } from '../types.ts';
import { changeOf, shiftLimits } from './change.ts';
import { type Evidence, evidenceOf, type Look, leastPairs } from './evidence.ts';
import { ungradedWhy, watchedWhy } from './graded-words.ts';
import { isMost, type Levels, type Shift, verdictOf } from './judge.ts';
import { Looks, looksOf } from './looks.ts';
import type { Pair } from './pair.ts';
import { moreToDecide, tooFewToPass, whereToLook, whyOf } from './words.ts';

export { leastPairs } from './evidence.ts';

/** A finding without who was compared. */
export type PairedFinding = Omit<
  Finding,
  'form' | 'target' | 'model' | 'label' | 'suite' | 'against'
>;

/** One metric of one comparison, looked at as its pairs come in, until it is decided. */
export class MetricGate {
  readonly #metric: GatedMetric;
  readonly #look: Look;
  readonly #alpha: number;
  readonly #looks: Looks;
  readonly #firstLook: number;
  readonly #watched: boolean;
  #finding: PairedFinding | undefined;
  #decided = false;

  /**
   * @param watched whether it may fail the check, and holds nothing up where it does not: what is left
   *   open is then said for information
   */
  constructor(metric: GatedMetric, settings: GateSettings, tests: number, watched = false) {
    const looks = looksOf(metric, settings);
    this.#metric = metric;
    this.#look = {
      levels: levelsOf(metric, settings, tests),
      limits: shiftLimits(metric, settings),
    };
    this.#alpha = settings.alpha;
    this.#looks = new Looks(looks);
    this.#firstLook = looks[0] ?? 0;
    this.#watched = watched;
  }

  /** True once it passed or failed, or no look is left. */
  get decided(): boolean {
    return this.#decided;
  }

  /**
   * @param pairs all there are so far
   * @param last no more will come
   * @returns as of the last look; before the first, what there is, with no verdict drawn from it
   */
  look(pairs: readonly Pair[], last: boolean): PairedFinding {
    if (this.#finding !== undefined && this.#decided) return this.#finding;
    const looks = this.#looks.take(pairs.length, last);
    if (looks || this.#looks.taken === 0 || this.#finding === undefined) {
      const evidence = evidenceOf(pairs, this.#metric, looks ? this.#look : null);
      this.#finding = this.#findingOn(evidence);
    }
    const { verdict, advisory } = this.#finding;
    const isAbsent = advisory && !this.#watched;
    this.#decided = verdict !== 'inconclusive' || isAbsent || this.#looks.over;
    return this.#finding;
  }

  #findingOn(evidence: Evidence): PairedFinding {
    const { shift, value, baseline } = evidence;
    const metric = this.#metric;
    const { limits } = this.#look;
    const verdict =
      shift === null ? 'inconclusive' : verdictOf(shift, limits, evidence, this.#looks.over);
    return {
      metric: metric.text,
      better: metric.better,
      verdict,
      advisory: this.#isAbsent(evidence) || (this.#watched && verdict === 'inconclusive'),
      value,
      baseline,
      change: shift === null ? null : changeOf(metric, shift, this.#alpha),
      limit: null,
      samples: { count: evidence.pairs, of: 'pairs' },
      looks: { taken: this.#looks.taken, planned: this.#looks.planned },
      why: this.#why(verdict, evidence) + this.#remark(evidence),
      next: this.#next(verdict, evidence),
    };
  }

  /** A metric that no reply can have is no reason to doubt the others; but a few replies may be chance. */
  #isAbsent({ absent, sent }: Evidence): boolean {
    return absent && this.#looks.taken > 0 && sent >= leastPairs(this.#metric);
  }

  #why(verdict: Finding['verdict'], evidence: Evidence): string {
    const { shift, pairs, lots } = evidence;
    const isLeftOpen = this.#watched && verdict === 'inconclusive';
    if (isLeftOpen && shift !== null && isGradeMetric(this.#metric)) {
      return watchedWhy(this.#metric, shift, this.#look.limits);
    }
    if (shift !== null && verdict === 'inconclusive' && !isMost(evidence)) {
      return tooFewToPass(evidence);
    }
    if (shift !== null) return whyOf(this.#metric, verdict, shift, this.#look.limits);
    if (this.#isAbsent(evidence)) return 'no reply of either arm has this metric';
    if (this.#looks.taken === 0) {
      return `not looked at before there are ${counted(this.#firstLook, 'pair')}`;
    }
    const least = leastPairs(this.#metric);
    if (evidence.graded !== undefined && pairs < least) return ungradedWhy(evidence.graded).why;
    const lot = evidence.graded === undefined ? 'conversation' : 'case';
    const there = pairs < least ? counted(pairs, 'pair') : counted(lots, lot);
    return `only ${there} to judge by, where ${least} are the least`;
  }

  #remark(evidence: Evidence): string {
    return this.#looks.taken === 0 || this.#isAbsent(evidence) ? '' : evidence.remark;
  }

  #next(verdict: Finding['verdict'], evidence: Evidence): string | null {
    const { shift, pairs, sent, graded } = evidence;
    if (this.#watched && shift !== null && verdict === 'inconclusive') return null;
    if (verdict === 'pass' || this.#isAbsent(evidence)) return null;
    if (verdict === 'fail') return whereToLook(this.#metric);
    const tooFewCount = 'see why so few of the pairs count';
    if (shift !== null && !isMost(evidence)) return tooFewCount;
    if (shift !== null && graded !== undefined) return this.#moreCases(shift, evidence);
    if (shift !== null) return moreToDecide(shift, this.#look.limits, pairs);
    const least = leastPairs(this.#metric);
    const missing = Math.max(this.#firstLook, least) - sent;
    if (missing > 0) {
      const why = least > this.#firstLook ? `: a verdict takes ${least} at least` : '';
      return `send ${counted(missing, 'more pair')}${why}`;
    }
    if (graded !== undefined) {
      return pairs < least ? ungradedWhy(graded).next : `a verdict takes ${least} cases at least`;
    }
    return pairs < least
      ? tooFewCount
      : `send more conversations: a verdict takes ${least} at least`;
  }

  /** To a score a case counts once: where each was sent several times, it is cases that are missing. */
  #moreCases(shift: Shift, { pairs, lots }: Evidence): string {
    return moreToDecide(shift, this.#look.limits, lots, lots < pairs ? 'case' : 'pair');
  }
}

/** Each look of each test has its share of α for a fail; a pass shares it among its looks alone. */
export function levelsOf(metric: GatedMetric, settings: GateSettings, tests: number): Levels {
  const looks = looksOf(metric, settings).length;
  return { fail: settings.alpha / (looks * tests), pass: settings.alpha / looks };
}
