import type { Slo } from '../config/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { Summariser } from '../metrics/summary.ts';
import type { PlannedRow, RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import type { Manifest } from '../store/types.ts';

/** A model to choose, with all that it was asked in the suites and runs chosen, taken together. */
export interface Candidate {
  target: string;
  model: string;
  label: string;
  simulated: boolean;
  /** Suites of which it was sent anything, in the order of the runs. */
  suites: string[];
  /** One row over all of them. */
  evidence: RowEvidence;
}

/** Rows to take in; an empty list means all. */
export interface Wanted {
  suites: readonly string[];
  models: readonly string[];
  targets: readonly string[];
}

/** Between two runs laid end to end: they were not under way together. */
const BETWEEN_RUNS_MS = 1000;
const NO_SUITE = 'all';

/** Records and grades of one run or several, pooled by target and model. */
export class Pool {
  readonly #wanted: Wanted;
  readonly #summariser: Summariser;
  readonly #plans = new Map<string, PlannedRow>();
  readonly #suites = new Map<string, Set<string>>();
  readonly #simulated = new Set<string>();
  #run = -1;
  #drawings = new Map<string, string>();
  #offsetMs = 0;
  #endMs = 0;

  /** @param slo objectives behind goodput */
  constructor(wanted: Wanted, slo: Slo) {
    this.#wanted = wanted;
    this.#summariser = new Summariser(slo);
  }

  /** What is added from here on is of this run. */
  begin(manifest: Pick<Manifest, 'planned' | 'suites' | 'seed'>): void {
    this.#run += 1;
    this.#offsetMs = this.#run === 0 ? 0 : this.#endMs + BETWEEN_RUNS_MS;
    this.#drawings = new Map(
      manifest.suites.map(({ name, hash }) => [name, `${name} ${hash} ${manifest.seed}`]),
    );
    const labels = new Map(manifest.planned.map((row) => [row.model, row.label]));
    for (const row of manifest.planned) if (this.#isWanted(row, row.label)) this.#plan(row);
    this.#labels = labels;
  }

  #labels = new Map<string, string>();

  add(record: RequestRecord): void {
    if (record.phase !== 'measure') return;
    if (!this.#isWanted(record, this.#labels.get(record.model))) return;
    const key = keyOf(record);
    if (record.simulated) this.#simulated.add(key);
    const suites = this.#suites.get(key) ?? new Set();
    this.#suites.set(key, suites.add(record.suite));
    const { scheduled_ms, started_ms, ended_ms, repeat } = record;
    this.#endMs = Math.max(this.#endMs, ended_ms + this.#offsetMs);
    this.#summariser.add({
      ...record,
      suite: NO_SUITE,
      case_id: this.#caseName(record),
      repeat: repeat,
      scheduled_ms: scheduled_ms + this.#offsetMs,
      started_ms: started_ms + this.#offsetMs,
      ended_ms: ended_ms + this.#offsetMs,
    });
  }

  /** After the record that it grades. */
  addGrade(grade: Grade): void {
    if (!this.#isWanted(grade, this.#labels.get(grade.model))) return;
    const { conversation_id, case_id, repeat } = grade;
    this.#summariser.addGrade({
      ...grade,
      suite: NO_SUITE,
      case_id: this.#caseName(grade),
      conversation_id: `${this.#run} ${grade.suite} ${conversation_id ?? `${case_id} ${repeat}`}`,
    });
  }

  /** Those of which anything was sent, in the order of the plans. */
  candidates(): Candidate[] {
    const plans = [...this.#plans.values()];
    return this.#summariser.evidence(plans).flatMap((evidence): Candidate[] => {
      const { target, model, label } = evidence.row;
      const suites = this.#suites.get(keyOf(evidence.row));
      if (suites === undefined) return [];
      const simulated = this.#simulated.has(keyOf(evidence.row));
      return [{ target, model, label, simulated, suites: [...suites], evidence }];
    });
  }

  #plan(row: PlannedRow): void {
    const known = this.#plans.get(keyOf(row));
    this.#plans.set(keyOf(row), {
      ...row,
      suite: NO_SUITE,
      planned: (known?.planned ?? 0) + row.planned,
      skipped_reason: known?.skipped_reason ?? row.skipped_reason,
      not_subscribed: (known?.not_subscribed ?? true) && row.not_subscribed,
    });
  }

  /** Cases of one name are one case where their suite and the seed they were drawn from are the same. */
  #caseName({ suite, case_id }: Pick<RequestRecord, 'suite' | 'case_id'>): string {
    return `${this.#drawings.get(suite) ?? suite}\n${case_id}`;
  }

  #isWanted(
    { suite, model, target }: Pick<RequestRecord, 'suite' | 'model' | 'target'>,
    label: string | undefined,
  ): boolean {
    const { suites, models, targets } = this.#wanted;
    return (
      (suites.length === 0 || suites.includes(suite)) &&
      (targets.length === 0 || targets.includes(target)) &&
      (models.length === 0 || models.includes(model) || models.includes(label ?? model))
    );
  }
}

/** What the drawing in a case's name is, apart from the case: equal ones make one stratum. */
export function drawingOf(caseName: string): string {
  return caseName.slice(0, caseName.indexOf('\n'));
}

function keyOf({ target, model }: Pick<PlannedRow, 'target' | 'model'>): string {
  return `${target}\n${model}`;
}
