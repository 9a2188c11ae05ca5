import type { Slo } from '../config/types.ts';
import { LimitGate } from '../gate/limits/limit-gate.ts';
import { type Pair, PairedGate } from '../gate/paired/paired-gate.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { Finding } from '../gate/types.ts';
import { Summariser } from '../metrics/summary.ts';
import type { PlannedRow } from '../metrics/types.ts';
import type { Comparison } from '../plan/pairs.ts';
import type { Arm } from '../plan/types.ts';
import type { Judge, JudgedUnit } from './sequential.ts';

/** A judge that says what it found. */
export interface FindingJudge extends Judge {
  /** As of its last look. */
  readonly findings: readonly Finding[];
}

/** Judges one comparison by its pairs. */
export class PairedJudge implements FindingJudge {
  readonly looks: readonly number[];
  findings: readonly Finding[] = [];
  readonly #gate: PairedGate;
  readonly #of: Pick<Finding, 'form' | 'target' | 'model' | 'label' | 'suite' | 'against'>;

  /** @param tests findings of the whole check, over which its chance of a false fail is divided */
  constructor(comparison: Comparison, settings: GateSettings, tests: number) {
    const { candidate, baseline, suite } = comparison;
    this.#gate = new PairedGate(settings.metrics, settings, tests);
    this.looks = this.#gate.looks;
    this.#of = { form: 'paired', ...candidate, suite, against: againstOf({ candidate, baseline }) };
  }

  get decided(): boolean {
    return this.#gate.decided;
  }

  look(units: readonly JudgedUnit[], last: boolean): void {
    const pairs = units.flatMap((unit) => pairOf(unit) ?? []);
    this.findings = this.#gate.look(pairs, last).map((found) => ({ ...this.#of, ...found }));
  }
}

/** A pair of which one arm was never sent is none. */
function pairOf(unit: JudgedUnit): Pair | undefined {
  const candidate = unit.find(({ arm }) => arm === 'candidate');
  const baseline = unit.find(({ arm }) => arm === 'baseline');
  return candidate && baseline && { candidate, baseline };
}

function againstOf({ candidate, baseline }: Pick<Comparison, 'candidate' | 'baseline'>): string {
  const elsewhere = candidate.target !== baseline.target;
  if (!elsewhere && candidate.model === baseline.model) return `${baseline.label} itself`;
  return elsewhere ? `${baseline.label} at ${baseline.target}` : baseline.label;
}

/** Judges one row by the limits that mean it. */
export class LimitJudge implements FindingJudge {
  readonly looks: readonly number[];
  findings: readonly Finding[] = [];
  readonly #gate: LimitGate;
  readonly #row: PlannedRow;
  readonly #arm: Arm | null;
  readonly #slo: Slo;

  constructor(
    of: {
      row: PlannedRow;
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
        if (this.#arm === null || record.arm === this.#arm) summariser.add(record);
      }
    }
    const [evidence] = summariser.evidence([{ ...this.#row, planned: units.length }]);
    if (evidence !== undefined) this.findings = this.#gate.look(evidence, last);
  }
}
