import type { Slo } from '../config/types.ts';
import { LimitGate } from '../gate/limits/limit-gate.ts';
import type { GatedMetric, PairedMetric } from '../gate/metric.ts';
import { type Pair, PairedGate, type PairedRecord } from '../gate/paired/paired-gate.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { Finding } from '../gate/types.ts';
import { SAMPLED } from '../metrics/row-samples.ts';
import { Summariser } from '../metrics/summary.ts';
import type { PlannedRow } from '../metrics/types.ts';
import type { Comparison } from '../plan/pairs.ts';
import type { Arm } from '../plan/types.ts';
import { refusalIn } from '../run/skips.ts';
import type { Judge, JudgedUnit } from './sequential.ts';

/** What became of a row. */
export type FateOf = (
  row: Pick<PlannedRow, 'target' | 'model' | 'suite'>,
) => Pick<PlannedRow, 'not_subscribed' | 'skipped_reason'>;

/** A judge that says what it found. */
export interface FindingJudge extends Judge {
  /** As of its last look. */
  findings(fateOf: FateOf): readonly Finding[];
}

/** Which metrics of a comparison one judge judges, and when. */
export interface PairedCharge {
  metrics: readonly GatedMetric[];
  /** It may fail the check, and holds nothing up where it does not. */
  watched: boolean;
  /** Of grades that come when all is sent: there is one look, at the end. */
  deferred: boolean;
  /** Whether the answers of a unit are graded, by its place in plan order. */
  isGraded: (unit: number) => boolean;
}

/** Judges one comparison by its pairs. */
export class PairedJudge implements FindingJudge {
  readonly looks: readonly number[];
  readonly looksAlong: boolean;
  readonly #isGraded: (unit: number) => boolean;
  readonly #comparison: Comparison;
  #findings: readonly Finding[] = [];
  readonly #gate: PairedGate;
  readonly #of: Pick<Finding, 'form' | 'target' | 'model' | 'label' | 'suite' | 'against'>;

  /** @param tests findings of the whole check, over which its chance of a false fail is divided */
  constructor(
    comparison: Comparison,
    { metrics, watched, deferred, isGraded }: PairedCharge,
    settings: GateSettings,
    tests: number,
  ) {
    const { candidate, baseline, suite } = comparison;
    const looks = deferred ? settings.looks.slice(-1) : settings.looks;
    this.#gate = new PairedGate(metrics, { ...settings, looks }, tests, watched);
    this.looks = deferred ? [] : this.#gate.looks;
    this.looksAlong = watched;
    this.#isGraded = isGraded;
    this.#comparison = comparison;
    this.#of = { form: 'paired', ...candidate, suite, against: againstOf({ candidate, baseline }) };
  }

  get decided(): boolean {
    return this.#gate.decided;
  }

  look(units: readonly JudgedUnit[], last: boolean): void {
    const pairs = units.map((unit, index) => ({
      ...pairOf(unit),
      isGraded: this.#isGraded(index),
    }));
    const found = this.#gate.look(pairs, last);
    this.#findings = found.map((finding) => ({ ...this.#of, ...finding }));
  }

  /** Where an arm was refused, that is what left them open, and no number of pairs would help. */
  findings(fateOf: FateOf): readonly Finding[] {
    const { suite, ...arms } = this.#comparison;
    for (const { label, ...place } of [arms.candidate, arms.baseline]) {
      const refusal = refusalIn(fateOf({ ...place, suite }));
      if (refusal === null) continue;
      const why = `${label} could not be asked: ${refusal}`;
      const next = `see that the key opens ${label}, or name another model`;
      return this.#findings.map((finding) =>
        finding.verdict === 'inconclusive' ? { ...finding, why, next } : finding,
      );
    }
    return this.#findings;
  }
}

/** What stands in a pair for a turn that was never sent, because its conversation had broken off. */
const NEVER_RAN: PairedRecord = {
  outcome: 'dropped',
  flags: [],
  censored: [],
  case_id: '',
  ...(Object.fromEntries(SAMPLED.map((name) => [name, null])) as Record<PairedMetric, null>),
};

function pairOf(unit: JudgedUnit): Pair {
  const of = (wanted: Arm): PairedRecord => unit.find(({ arm }) => arm === wanted) ?? NEVER_RAN;
  return { candidate: of('candidate'), baseline: of('baseline') };
}

function againstOf({ candidate, baseline }: Pick<Comparison, 'candidate' | 'baseline'>): string {
  const elsewhere = candidate.target !== baseline.target;
  if (!elsewhere && candidate.model === baseline.model) return `${baseline.label} itself`;
  return elsewhere ? `${baseline.label} at ${baseline.target}` : baseline.label;
}

/** Judges one row by the limits that mean it. */
export class LimitJudge implements FindingJudge {
  readonly looks: readonly number[];
  readonly #row: PlannedRow;
  #findings: readonly Finding[] = [];
  readonly #gate: LimitGate;
  readonly #thresholds: readonly Threshold[];
  readonly #arm: Arm | null;
  readonly #slo: Slo;

  constructor(
    of: {
      row: PlannedRow;
      /** All of which mean the row. */
      thresholds: Threshold[];
      looks: readonly number[];
      slo: Slo;
      /** Whose requests count, where the row has both; `null`: all of them. */
      arm: Arm | null;
    },
    settings: GateSettings,
    tests: number,
  ) {
    this.#gate = new LimitGate(of.thresholds, settings, tests);
    this.looks = of.looks;
    this.#row = of.row;
    this.#thresholds = of.thresholds;
    this.#arm = of.arm;
    this.#slo = of.slo;
  }

  get decided(): boolean {
    return this.#gate.decided;
  }

  look(units: readonly JudgedUnit[], last: boolean): void {
    const summariser = new Summariser(this.#slo);
    for (const unit of units) {
      for (const record of unit) {
        if (this.#arm !== null && record.arm !== this.#arm) continue;
        summariser.add(record);
        if (record.grade !== undefined) summariser.addGrade(record.grade);
      }
    }
    const [evidence] = summariser.evidence([{ ...this.#row, planned: units.length }]);
    if (evidence !== undefined) this.#findings = this.#gate.look(evidence, last);
  }

  /** A model that the key does not open keeps no limit and breaks none, unless it is named. */
  findings(fateOf: FateOf): readonly Finding[] {
    if (!fateOf(this.#row).not_subscribed) return this.#findings;
    return this.#findings.filter((_, index) => this.#thresholds[index]?.scope.model !== undefined);
  }
}

/** Pairs after which a comparison is looked at; the last is how many there are at most. */
export function pairedLooks(settings: GateSettings): number[] {
  return new PairedGate(settings.metrics, settings, 1).looks;
}
