import type { Estimate, EstimateName } from '../metrics/types.ts';
import { COMPARED } from './metrics.ts';
import { partnersOf, type RowPartners } from './pairs.ts';
import { shiftOf } from './shift.ts';
import type { SideRow } from './side-row.ts';
import {
  type Entry,
  fieldOf,
  nameOfSide,
  type Side,
  sidesOf,
  usualSides,
  withBase,
} from './sides.ts';
import { type SortKey, sortComparison } from './sort.ts';
import type {
  ComparedRun,
  Comparison,
  ComparisonRow,
  Difference,
  Field,
  MetricComparison,
  SideKind,
} from './types.ts';
import { lacks, warningsOf } from './warnings.ts';

export interface CompareChoice {
  /** By default runs where there are several, else the models of the one, else its targets. */
  between?: SideKind | undefined;
  /** Name of the side that the others are held against; by default the first. */
  base?: string | undefined;
  /** Models in the order in which they are to stand. */
  models?: readonly string[] | undefined;
  metrics?: readonly EstimateName[] | undefined;
  sort?: SortKey | undefined;
}

/** Fields by which rows of two sides are the same row. */
const KEY_FIELDS: readonly Field[] = ['suite', 'run', 'model', 'target'];

/**
 * Runs, models or targets side by side, row by row: those of the same suite, model, target and run.
 * Where every side has one of these, and not all the same, they may differ, and are what is
 * compared. What only one side has is not compared, and told of in the warnings.
 * @param runs at least one
 * @throws TokentapeError (exit 2) for a base that is none
 */
export function compareRuns(runs: ComparedRun[], choice: CompareChoice = {}): Comparison {
  const kind = choice.between ?? usualSides(runs);
  const sides = withBase(sidesOf(runs, kind, choice.models), choice.base);
  // Two suites are two questions, whoever answers.
  const fields = KEY_FIELDS.filter((field) => field === 'suite' || !differ(sides, field));
  const keyOf = (entry: Entry) => fields.map((field) => fieldOf(entry, field)).join('\0');
  const byKey = sides.map(({ entries }) => new Map(entries.map((entry) => [keyOf(entry), entry])));
  const keys = [...new Set(byKey.flatMap((entries) => [...entries.keys()]))];
  const shared = keys.filter((key) => byKey.filter((entries) => entries.has(key)).length > 1);
  const rows = shared.map((key) =>
    compareRow(
      byKey.map((entries) => entries.get(key)),
      fields,
      metricsOf(choice, runs),
    ),
  );
  const shifts = rows.flatMap(({ metrics }) => metrics.flatMap((metric) => metric.shifts));
  const comparison: Comparison = {
    schema_version: 1,
    runs: sides.map(nameOfSide),
    sides: kind,
    rows,
    comparisons: shifts.filter((shift) => shift !== null).length,
    warnings: [...warningsOf(sides), ...lacks(sides, byKey)],
  };
  return choice.sort === undefined ? comparison : sortComparison(comparison, choice.sort);
}

/** One that is sorted by is among them; the score is where any answer was graded. */
function metricsOf({ metrics, sort }: CompareChoice, runs: ComparedRun[]): EstimateName[] {
  const isGraded = runs.some(({ rows }) => rows.some(({ row }) => row.grades !== undefined));
  metrics ??= isGraded ? [...COMPARED, 'score'] : COMPARED;
  return [...new Set([...metrics, ...(sort === undefined ? [] : [sort.metric])])];
}

/** Whether each side has one value of a field, and not all the same. */
function differ(sides: Side[], field: Field): boolean {
  const values = sides.map(({ entries }) => new Set(entries.map((entry) => fieldOf(entry, field))));
  return (
    values.every(({ size }) => size <= 1) && new Set(values.flatMap((each) => [...each])).size > 1
  );
}

function compareRow(
  entries: (Entry | undefined)[],
  fields: readonly Field[],
  metrics: readonly EstimateName[],
): ComparisonRow {
  const any = entries.find((entry) => entry !== undefined) as Entry;
  const sides = entries.map((entry) => entry?.side);
  const [base, ...others] = sides;
  const partners = [NO_PARTNERS, ...others.map((other) => partnersBetween(base, other))];
  const named = (field: Field) => (fields.includes(field) ? fieldOf(any, field) : null);
  return {
    run: named('run'),
    target: named('target'),
    model: named('model'),
    label: fields.includes('model') ? any.side.row.label : null,
    suite: any.side.row.suite,
    metrics: metrics.map((metric) => compareMetric(metric, sides, partners)),
  };
}

const NO_PARTNERS: RowPartners = { requests: null, grades: null };

function partnersBetween(base: SideRow | undefined, other: SideRow | undefined): RowPartners {
  if (!base?.samples || !other?.samples) return NO_PARTNERS;
  const kinship = {
    sameRun: base.runId === other.runId,
    samePrompts: base.promptsHash === other.promptsHash,
  };
  return {
    requests: partnersOf(base.samples, other.samples, kinship),
    grades: partnersOf(base.samples.grades, other.samples.grades, kinship),
  };
}

function compareMetric(
  metric: EstimateName,
  sides: (SideRow | undefined)[],
  partners: RowPartners[],
): MetricComparison {
  const [base] = sides;
  const estimates = sides.map((side) => side?.row.estimates[metric] ?? null);
  return {
    metric,
    estimates,
    differences: estimates.map((estimate, index) =>
      index === 0 ? null : differenceOf(estimates[0] ?? null, estimate),
    ),
    shifts: sides.map((side, index) =>
      index === 0 || base === undefined || side === undefined
        ? null
        : shiftOf(metric, base, side, partners[index] ?? NO_PARTNERS),
    ),
  };
}

/** None beside a lower bound: how far it is from anything is not known. */
function differenceOf(base: Estimate | null, other: Estimate | null): Difference | null {
  if (base === null || other === null || base.value === null || other.value === null) return null;
  if (base.at_least || other.at_least) return null;
  const absolute = other.value - base.value;
  return { absolute, percent: base.value === 0 ? null : (100 * absolute) / base.value };
}
