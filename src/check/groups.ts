import type { Slo } from '../config/types.ts';
import { isInScope } from '../gate/judge-thresholds.ts';
import { countJudged, judgedMetrics } from '../gate/judged-metrics.ts';
import { namesNothing } from '../gate/limits/judge-limits.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { Finding } from '../gate/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { PlannedRow } from '../metrics/types.ts';
import { ownOf } from '../own.ts';
import type { Comparison } from '../plan/pairs.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { findingsApart, isJudgedAtLooks, isRateOfPairs } from './apart.ts';
import {
  type FateOf,
  type FindingJudge,
  LimitJudge,
  type PairedCharge,
  PairedJudge,
} from './judges.ts';
import type { SequentialGroup } from './sequential.ts';
import type { CheckDesign } from './stored.ts';

export interface CheckGroup extends SequentialGroup {
  judges: FindingJudge[];
}

/**
 * What a design makes of a plan: of each comparison its pairs, with the limits on its candidate, or of
 * each row its requests. A row that no limit means is in no group.
 * @param requests in plan order
 */
export function groupsOf(
  design: CheckDesign,
  requests: Iterable<PlannedRequest>,
  rows: readonly PlannedRow[],
  slo: Slo,
): CheckGroup[] {
  const measured = [...requests].filter(({ phase }) => phase === 'measure');
  return design.comparisons.length > 0
    ? pairedGroups(design, measured, rows, slo)
    : rowGroups(design, measured, rows, slo);
}

/** How many findings the check makes in all, whose chance of a false fail is shared. */
export function testsOf(
  { comparisons, thresholds, settings, graded }: CheckDesign,
  rows: readonly PlannedRow[],
): number {
  const limited = judgedRows(comparisons, rows);
  const judged = thresholds.filter((one) => !isRateOfPairs(comparisons, one));
  const limits = limited.flatMap((row) => judged.filter((one) => isInScope(row, one)));
  const compared = comparisons.map(({ suite }) =>
    countJudged(judgedMetrics(settings, ownOf(graded, suite) !== undefined)),
  );
  return compared.reduce((sum, count) => sum + count, 0) + limits.length;
}

/**
 * What the judges found, and of limits that no judge looks at, or that mean none of the rows.
 * @param rows with what became of them
 * @param evidence of the whole run
 */
export function findingsOf(
  groups: readonly CheckGroup[],
  design: CheckDesign,
  rows: readonly PlannedRow[],
  evidence: readonly RowEvidence[],
): Finding[] {
  const { comparisons, thresholds } = design;
  const byKey = new Map(rows.map((row) => [rowKey(row), row]));
  const fateOf: FateOf = (row) =>
    byKey.get(rowKey(row)) ?? { not_subscribed: false, skipped_reason: null };
  const found = groups.flatMap(({ judges }) => judges.flatMap((judge) => judge.findings(fateOf)));
  const judged = judgedRows(comparisons, rows);
  const idle = thresholds.filter((threshold) => !judged.some((row) => isInScope(row, threshold)));
  return [
    ...found,
    ...findingsApart(design, judged, evidence, testsOf(design, rows)),
    ...idle.map((threshold) => namesNothing(threshold, judged)),
  ];
}

/** Rows that were to be asked something; with a second arm, the limits are the candidate's to keep. */
export function judgedRows(comparisons: readonly Comparison[], rows: readonly PlannedRow[]) {
  if (comparisons.length === 0) return rows.filter(({ planned }) => planned > 0);
  const candidates = new Set(
    comparisons.map(({ candidate, suite }) => rowKey({ ...candidate, suite })),
  );
  return rows.filter((row) => candidates.has(rowKey(row)));
}

function pairedGroups(
  design: CheckDesign,
  measured: readonly PlannedRequest[],
  rows: readonly PlannedRow[],
  slo: Slo,
): CheckGroup[] {
  const { comparisons, settings, graded } = design;
  const tests = testsOf(design, rows);
  const pairs = pairsByComparison(measured);
  const expecting = expectingIn(measured);
  return comparisons.map((comparison) => {
    const { candidate, suite } = comparison;
    const units = pairs.get(comparisonKey(comparison)) ?? [];
    const row = rows.find((one) => rowKey(one) === rowKey({ ...candidate, suite }));
    const limits = limitsOf(design, row);
    const judges: FindingJudge[] = chargesOf(design, suite, units, expecting).map(
      (charge) => new PairedJudge(comparison, charge, settings, tests),
    );
    if (row !== undefined && limits.length > 0) {
      const of = { row, thresholds: limits, looks: settings.looks, slo, arm: 'candidate' as const };
      judges.push(new LimitJudge(of, settings, tests));
    }
    return {
      units,
      judges,
      ...(ownOf(graded, suite) === 'at_once' && { gradedAtOnce: expecting }),
    };
  });
}

/** What was measured is judged apart from grades, which hold nothing up or come when all is sent. */
function chargesOf(
  { settings, graded }: CheckDesign,
  suite: string,
  units: readonly (readonly string[])[],
  expecting: ReadonlySet<string>,
): PairedCharge[] {
  const { measured, asked, watched } = judgedMetrics(settings, ownOf(graded, suite) !== undefined);
  const isGraded = (unit: number) => units[unit]?.some((name) => expecting.has(name)) ?? false;
  const deferred = ownOf(graded, suite) === 'deferred';
  const charges = [
    { metrics: measured, watched: false, deferred: false, isGraded },
    { metrics: asked, watched: false, deferred, isGraded },
    { metrics: watched, watched: true, deferred, isGraded },
  ];
  return charges.filter(({ metrics }) => metrics.length > 0);
}

/** Requests of which an answer is expected that can be right or wrong. */
function expectingIn(requests: readonly PlannedRequest[]): Set<string> {
  return new Set(requests.flatMap(({ requestId, expect }) => (expect.length > 0 ? requestId : [])));
}

function rowGroups(
  design: CheckDesign,
  measured: readonly PlannedRequest[],
  rows: readonly PlannedRow[],
  slo: Slo,
): CheckGroup[] {
  const tests = testsOf(design, rows);
  const expecting = expectingIn(measured);
  const unitsByRow = new Map<string, string[][]>(rows.map((row) => [rowKey(row), []]));
  for (const request of measured) unitsByRow.get(rowKey(request))?.push([request.requestId]);
  return rows.flatMap((row) => {
    if (!design.thresholds.some((one) => isInScope(row, one))) return [];
    // Of a row with a limit on its cost alone there are none, and the first look ends it.
    const thresholds = limitsOf(design, row);
    const units = unitsByRow.get(rowKey(row)) ?? [];
    const looks = growingLooks(units.length, design.settings);
    const of = { row, thresholds, looks, slo, arm: null };
    const judges = [new LimitJudge(of, design.settings, tests)];
    const isAtOnce = ownOf(design.graded, row.suite) === 'at_once';
    return [{ units, judges, ...(isAtOnce && { gradedAtOnce: expecting }) }];
  });
}

/** Those judged while the sample grows. */
function limitsOf(design: CheckDesign, row: PlannedRow | undefined): Threshold[] {
  if (row === undefined) return [];
  return design.thresholds.filter(
    (one) => isInScope(row, one) && isJudgedAtLooks(design, one, row.suite),
  );
}

/** By how much the sample of a limit may grow, which takes as many looks. */
export function growthOf({ looks }: Pick<GateSettings, 'looks'>): number {
  return 2 ** (looks.length - 1);
}

/** What the run would have sent, then twice as much, and so on up to all that was planned. */
export function growingLooks(planned: number, settings: Pick<GateSettings, 'looks'>): number[] {
  const growth = growthOf(settings);
  return settings.looks.map((_, index) => Math.ceil((planned * 2 ** index) / growth));
}

/** Names of the two requests of each pair, in plan order, by the comparison they belong to. */
function pairsByComparison(measured: readonly PlannedRequest[]): Map<string, string[][]> {
  const byPair = new Map<string, PlannedRequest[]>();
  for (const request of measured) {
    if (request.pairId === null) continue;
    const pair = byPair.get(request.pairId);
    if (pair === undefined) byPair.set(request.pairId, [request]);
    else pair.push(request);
  }
  const byComparison = new Map<string, string[][]>();
  for (const pair of byPair.values()) {
    const [candidate, baseline] = (['candidate', 'baseline'] as const).map((arm) =>
      pair.find((request) => request.arm === arm),
    );
    if (candidate === undefined || baseline === undefined) continue;
    const key = comparisonKey({ suite: candidate.suite, candidate, baseline });
    const names = pair.map(({ requestId }) => requestId);
    const known = byComparison.get(key);
    if (known === undefined) byComparison.set(key, [names]);
    else known.push(names);
  }
  return byComparison;
}

interface ModelPlace {
  target: string;
  model: string;
}

function comparisonKey(of: { suite: string; candidate: ModelPlace; baseline: ModelPlace }): string {
  const { suite, candidate, baseline } = of;
  return [suite, candidate.target, candidate.model, baseline.target, baseline.model].join('\n');
}
