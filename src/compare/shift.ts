import type { Column } from '../metrics/column.ts';
import { QUANTILES } from '../metrics/estimates.ts';
import type { RowSamples } from '../metrics/row-samples.ts';
import type { Estimate, EstimateName } from '../metrics/types.ts';
import { pairedShareInterval, pairedShift } from '../stats/paired-shift.ts';
import { type Interval, LEAST_FOR_INTERVAL } from '../stats/quantile-interval.ts';
import { shiftBetween } from '../stats/shift.ts';
import { type Bounded, differenceInterval } from '../stats/square-and-add.ts';
import { isGrade, isShare } from './metrics.ts';
import { pairedGrades } from './paired-grades.ts';
import { pairedDifferences, pairedHits } from './paired-samples.ts';
import type { Partners, RowPartners } from './pairs.ts';
import type { SideRow } from './side-row.ts';
import type { Discordant, Shift } from './types.ts';
import { wordFor } from './word.ts';

/** A shift before it is put into words: of logarithms, or of shares. */
interface Found {
  value: number | undefined;
  interval: Interval | undefined;
  /** How many pairs, where it rests on pairs. */
  pairs?: number;
  discordant?: Discordant;
}

/**
 * By how much one row's metric lies above another's: medians by the median of all ratios between
 * their samples, pair by pair where there are pairs; other quantiles and rates by the ratio of the
 * two figures, shares by their difference, both with the interval that the two intervals add up to.
 * @param partners of the base's requests and graded cases among the other's
 * @returns `null` without an interval, which alone says whether a shift would be seen again
 * @see docs/compare.md#shift
 */
export function shiftOf(
  metric: EstimateName,
  base: SideRow,
  other: SideRow,
  partners: RowPartners,
): Shift | null {
  if (base.samples === null || other.samples === null) return null;
  const found = find(metric, base, other, partners);
  if (found?.interval === undefined) return null;
  const { low, high } = found.interval;
  if (low === -Infinity && high === Infinity) return null;
  const inUnit = isShare(metric) ? hundredths : percent;
  return {
    unit: isShare(metric) ? 'points' : 'percent',
    value: found.value === undefined ? null : inUnit(found.value),
    low: low === -Infinity ? null : inUnit(low),
    high: high === Infinity ? null : inUnit(high),
    paired: found.pairs !== undefined,
    pairs: found.pairs ?? null,
    ...(found.discordant && { discordant: found.discordant }),
    word: wordFor(metric, low === -Infinity ? low : inUnit(low), inUnit(high)),
  };
}

function find(
  metric: EstimateName,
  base: SideRow,
  other: SideRow,
  { requests: partners, grades }: RowPartners,
): Found | undefined {
  const quantile = QUANTILES[metric];
  if (quantile?.p === 0.5) {
    const column = (samples: RowSamples): Column => samples.columns[quantile.metric];
    return shiftOfMedians(column, base, other, partners);
  }
  const [from, to] = [base, other].map(({ row }) => row.estimates[metric]) as [Estimate, Estimate];
  if (metric === 'error_rate' && partners !== null) {
    const hits = pairedHits(base, other, partners);
    const difference = meanOf(hits.other) - meanOf(hits.base);
    const interval = pairedShareInterval(hits);
    return { value: difference, interval, pairs: hits.base.length };
  }
  if (isGrade(metric) && grades !== null) return pairedGrades(metric, base, other, grades);
  return isShare(metric)
    ? shiftOfFigures(bounded(from), bounded(to))
    : shiftOfFigures(logarithm(bounded(from)), logarithm(bounded(to)));
}

function shiftOfMedians(
  column: (samples: RowSamples) => Column,
  base: SideRow,
  other: SideRow,
  partners: Partners | null,
): Found | undefined {
  if (partners !== null) {
    const differences = pairedDifferences(base, other, partners, column);
    const shift = differences && pairedShift(differences);
    return shift && { ...shift, pairs: differences.lowest.length };
  }
  const [from, to] = [base.logarithms(column), other.logarithms(column)];
  if (from === undefined || to === undefined) return undefined;
  // Of so few, nobody can tell whether they depend on one another.
  if (Math.min(from.series.length, to.series.length) < LEAST_FOR_INTERVAL) return undefined;
  return shiftBetween(from, to);
}

function shiftOfFigures(base: Bounded | undefined, other: Bounded | undefined): Found | undefined {
  if (base === undefined || other === undefined) return undefined;
  return { value: other.value - base.value, interval: differenceInterval(base, other) };
}

/** `undefined` without an interval, and of a lower bound: how far it is from anything is not known. */
function bounded({ value, low, high, at_least }: Estimate): Bounded | undefined {
  if (value === null || low === null || at_least) return undefined;
  return { value, low, high: high ?? Infinity };
}

function logarithm(figure: Bounded | undefined): Bounded | undefined {
  if (figure === undefined || !(figure.value > 0)) return undefined;
  const { value, low, high } = figure;
  return { value: Math.log(value), low: Math.log(Math.max(0, low)), high: Math.log(high) };
}

function percent(logarithm: number): number {
  return 100 * Math.expm1(logarithm);
}

function hundredths(share: number): number {
  return 100 * share;
}

function meanOf(hits: Uint8Array): number {
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
}
