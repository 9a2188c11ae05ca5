import type { Estimate } from '../../metrics/types.ts';
import { createRandom } from '../../random.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import { LEAST_FOR_INTERVAL } from '../../stats/quantile-interval.ts';
import type { GatedMetric } from '../metric.ts';
import type { ChangeLimits, GateSettings } from '../settings.ts';
import type { Finding } from '../types.ts';
import { armErrorRate, armQuantile } from './arm.ts';
import { changeOf, shiftLimits } from './change.ts';
import {
  errorRateShift,
  type Levels,
  medianShift,
  quantileShift,
  type Shift,
  verdictOf,
} from './judge.ts';
import { isTail, Looks, looksOf } from './looks.ts';
import { differencesOf, failuresOf, type Pair, type PairedSamples, samplesOf } from './pair.ts';
import { counted, failuresWords, moreToDecide, pairsWords, whereToLook, whyOf } from './words.ts';

/** A finding without who was compared. */
export type PairedFinding = Omit<
  Finding,
  'form' | 'target' | 'model' | 'label' | 'suite' | 'against'
>;

/** What the pairs at hand say of one metric. */
interface Evidence {
  /** Pairs that count. */
  pairs: number;
  /** `null` where they are too few. */
  shift: Shift | null;
  value: Estimate;
  baseline: Estimate;
  /** Of pairs left out and the like, to end the sentence with. */
  remark: string;
}

/** One metric of one comparison, looked at as its pairs come in, until it is decided. */
export class MetricGate {
  readonly #metric: GatedMetric;
  readonly #limits: ChangeLimits;
  readonly #levels: Levels;
  readonly #alpha: number;
  readonly #looks: Looks;
  readonly #firstLook: number;
  #finding: PairedFinding | undefined;
  #decided = false;

  constructor(metric: GatedMetric, settings: GateSettings, tests: number) {
    const looks = looksOf(metric, settings);
    this.#metric = metric;
    this.#limits = shiftLimits(metric, settings);
    this.#levels = levelsOf(metric, settings, tests);
    this.#alpha = settings.alpha;
    this.#looks = new Looks(looks);
    this.#firstLook = looks[0] ?? 0;
  }

  /** True once it passed or failed, or no look is left. */
  get decided(): boolean {
    return this.#decided;
  }

  /**
   * @param pairs all there are so far
   * @param last no more will come
   */
  look(pairs: readonly Pair[], last: boolean): PairedFinding {
    if (this.#finding !== undefined && this.#decided) return this.#finding;
    if (this.#looks.take(pairs.length, last)) this.#finding = this.#judge(pairs);
    this.#finding ??= this.#finish(evidenceWithout(pairs, this.#metric), null);
    this.#decided = this.#finding.verdict !== 'inconclusive' || this.#looks.over;
    return this.#finding;
  }

  #judge(pairs: readonly Pair[]): PairedFinding {
    const evidence = evidenceOf(pairs, this.#metric, this.#levels, this.#limits);
    return this.#finish(evidence, evidence.shift);
  }

  #finish(evidence: Evidence, shift: Shift | null): PairedFinding {
    const verdict = shift === null ? 'inconclusive' : verdictOf(shift, this.#limits);
    const metric = this.#metric;
    return {
      metric: metric.text,
      better: metric.better,
      verdict,
      advisory: false,
      value: evidence.value,
      baseline: evidence.baseline,
      change: shift === null ? null : changeOf(metric, shift, this.#alpha),
      limit: null,
      samples: { count: evidence.pairs, of: 'pairs' },
      looks: { taken: this.#looks.taken, planned: this.#looks.planned },
      why:
        (shift === null ? this.#whyNone(evidence) : whyOf(metric, verdict, shift, this.#limits)) +
        evidence.remark,
      next: this.#next(verdict, evidence, shift),
    };
  }

  #whyNone({ pairs }: Evidence): string {
    return this.#looks.taken === 0
      ? `not looked at before there are ${counted(this.#firstLook, 'pair')}`
      : `only ${counted(pairs, 'pair')} to judge by, where ${leastPairs(this.#metric)} are the least`;
  }

  #next(verdict: Finding['verdict'], { pairs }: Evidence, shift: Shift | null): string | null {
    if (verdict === 'pass') return null;
    if (verdict === 'fail') return whereToLook(this.#metric);
    if (shift !== null) return moreToDecide(shift, this.#limits, pairs);
    return `send ${counted(Math.max(1, this.#firstLook - pairs), 'more pair')}`;
  }
}

/** Each look of each test has its share of α for a fail; a pass shares it among its looks alone. */
export function levelsOf(metric: GatedMetric, settings: GateSettings, tests: number): Levels {
  const looks = looksOf(metric, settings).length;
  return { fail: settings.alpha / (looks * tests), pass: settings.alpha / looks };
}

/** Fewer decide nothing, though the tests would hold: the estimate that goes with them would not. */
export function leastPairs(metric: GatedMetric): number {
  const ofQuantile = metric.kind === 'quantile' ? minimumSamples(metric.p) : 0;
  return Math.max(LEAST_FOR_INTERVAL, ofQuantile);
}

function evidenceOf(
  pairs: readonly Pair[],
  metric: GatedMetric,
  levels: Levels,
  limits: ChangeLimits,
): Evidence {
  if (metric.kind === 'error_rate') {
    const failures = failuresOf(pairs);
    const enough = failures.pairs >= leastPairs(metric);
    return {
      pairs: failures.pairs,
      shift: enough ? errorRateShift(failures, levels) : null,
      value: armErrorRate(failures.candidate),
      baseline: armErrorRate(failures.baseline),
      remark: failuresWords(failures),
    };
  }
  const samples = samplesOf(pairs, metric);
  const enough = new Set(samples.lots).size >= leastPairs(metric);
  return {
    pairs: samples.candidate.length,
    shift: enough ? latencyShift(samples, metric, levels, limits) : null,
    ...armsOf(pairs, metric),
    remark: pairsWords(samples),
  };
}

function latencyShift(
  samples: PairedSamples,
  metric: Extract<GatedMetric, { kind: 'quantile' }>,
  levels: Levels,
  limits: ChangeLimits,
): Shift {
  if (!isTail(metric)) return medianShift(differencesOf(samples), levels);
  const p = metric.better === 'lower' ? metric.p : 1 - metric.p;
  // Seeded by what is judged: the same pairs give the same bounds.
  const { next } = createRandom(`swap/${metric.text}/${samples.candidate.length}`);
  return quantileShift(samples, p, levels, limits.passBelow, next);
}

/** Before the first look: what there is, with no verdict drawn from it. */
function evidenceWithout(pairs: readonly Pair[], metric: GatedMetric): Evidence {
  if (metric.kind === 'error_rate') {
    const { pairs: count, candidate, baseline } = failuresOf(pairs);
    const [value, other] = [armErrorRate(candidate), armErrorRate(baseline)];
    return { pairs: count, shift: null, value, baseline: other, remark: '' };
  }
  const count = samplesOf(pairs, metric).candidate.length;
  return { pairs: count, shift: null, ...armsOf(pairs, metric), remark: '' };
}

function armsOf(pairs: readonly Pair[], metric: Extract<GatedMetric, { kind: 'quantile' }>) {
  const candidates = pairs.map(({ candidate }) => candidate);
  const baselines = pairs.map(({ baseline }) => baseline);
  return { value: armQuantile(candidates, metric), baseline: armQuantile(baselines, metric) };
}
