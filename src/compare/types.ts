import type { RowEvidence } from '../metrics/evidence.ts';
import type { Estimate, EstimateName } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';

/** A run to compare, or a part of one. */
export interface ComparedRun {
  /** Shown above its column: the run's folder. */
  name: string;
  manifest: Manifest;
  /** `samples` are `null` where only the summary of the run is left. */
  rows: ComparedRow[];
}
export type ComparedRow = Pick<RowEvidence, 'row'> & { samples: RowEvidence['samples'] | null };

/** What the sides of a comparison are. */
export type SideKind = 'run' | 'model' | 'target';
/** What names a row: the sides are one of these, the rows are told apart by the others. */
export type Field = SideKind | 'suite';

/** `other − base`, as seen; in the metric's unit. */
export interface Difference {
  absolute: number;
  /** Of the base; `null` where that is 0. */
  percent: number | null;
}

/** What a shift and its interval say. */
export type Word = 'faster' | 'slower' | 'better' | 'worse' | 'no difference' | 'undecided';

/** Of two sides' answers to the same cases: how often one alone was right, or ungraded. */
export interface Discordant {
  base_only: number;
  other_only: number;
  /** Exact, two-sided, by McNemar; a case counts once, however often it was sent. */
  p: number;
}

/** By how much a side lies above the base, with the 95 % interval. */
export interface Shift {
  /** `percent` of the base; of shares `points`, which are hundredths. */
  unit: 'percent' | 'points';
  /** `null` where requests that a limit ended leave it open. */
  value: number | null;
  /** `null` where nothing bounds that end. */
  low: number | null;
  high: number | null;
  /** Request by request, of two that were sent the same prompt. */
  paired: boolean;
  /** Pairs where it is paired, else `null`. */
  pairs: number | null;
  /** Of grades in pairs alone. */
  discordant?: Discordant;
  word: Word;
}

export interface MetricComparison {
  metric: EstimateName;
  /** One per side; `null` where it has no such row. */
  estimates: (Estimate | null)[];
  /** Beside the base, one per side; `null` for the base, and where there is none to give. */
  differences: (Difference | null)[];
  /** Likewise. */
  shifts: (Shift | null)[];
}

export interface ComparisonRow {
  /** `null` where the sides differ in it, which then is what is compared. */
  run: string | null;
  target: string | null;
  model: string | null;
  label: string | null;
  suite: string;
  metrics: MetricComparison[];
}

/** A side, as it is told of. */
export interface SideName {
  name: string;
  run_id: string;
  plan_hash: string;
  simulated: boolean;
  /** `null` where it has several. */
  target: string | null;
  /** By its label, likewise. */
  model: string | null;
}

export interface Comparison {
  schema_version: 1;
  /** The sides; the first is the base. */
  runs: SideName[];
  /** What they are. */
  sides: SideKind;
  rows: ComparisonRow[];
  /** Shifts with an interval: about one in twenty excludes 0 by chance where nothing differs. */
  comparisons: number;
  /** Why these figures may not bear a comparison. */
  warnings: string[];
}
