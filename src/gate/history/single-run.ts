import type { RowEvidence } from '../../metrics/evidence.ts';
import type { RowSamples, Sampled } from '../../metrics/row-samples.ts';
import type { Estimate } from '../../metrics/types.ts';
import { BOTH_TAILS } from '../../stats/quantile-interval.ts';
import { type Shift as SampleShift, type ShiftSample, shiftBetween } from '../../stats/shift.ts';
import { differenceInterval } from '../../stats/square-and-add.ts';
import type { GatedMetric } from '../metric.ts';
import type { Shift } from '../paired/judge.ts';
import { isTail } from '../paired/looks.ts';
import type { EarlierFigure } from './series.ts';

/** What may lie beyond each end: of an interval at 95 %, as those of the figures are. */
export const ADVICE_TAIL = BOTH_TAILS.low;

/**
 * How far a run lies from a single earlier one, with the interval that the requests of both leave
 * open at 95 %: of a median the shift between the samples, of other quantiles and of error rates what
 * the intervals of both figures come to. What runs differ by besides is not in it, so that nothing can
 * be concluded from it.
 * @returns above 0 being worse, on the log scale or in shares; without ends where there are none to give
 */
export function shiftFromOne(
  { samples }: RowEvidence,
  metric: GatedMetric,
  { value, earlier }: { value: Estimate; earlier: EarlierFigure },
): Shift | null {
  if (value.value === null) return null;
  if (metric.kind !== 'quantile') {
    const shift = fromEstimates(earlier.estimate, value, (share) => share);
    return metric.better === 'lower' ? shift : turned(shift);
  }
  const stored = isTail(metric) ? undefined : earlier.row.samples[metric.metric];
  const shift =
    stored === undefined
      ? undefined
      : shiftBetween(
          {
            series: Float64Array.from(stored.values, (each) => Math.log(each)),
            clusters: null,
            lowestBound: Math.log(stored.at_least_from ?? Infinity),
          },
          logSample(samples, metric.metric),
          ADVICE_TAIL,
        );
  const upwards =
    shift === undefined
      ? fromEstimates(earlier.estimate, value, Math.log)
      : ended(shift, Math.log(value.value / earlier.estimate.value));
  return metric.better === 'lower' ? upwards : turned(upwards);
}

function turned({ estimate, low, high }: Shift): Shift {
  return { estimate: -estimate, low: -high, high: -low };
}

function logSample(samples: RowSamples, metric: Sampled): ShiftSample {
  const column = samples.columns[metric];
  const { series, clusters } = samples.timeline().samplesOf(column);
  return {
    series: series.map((each) => Math.log(each)),
    clusters,
    lowestBound: Math.log(column.lowestBound),
  };
}

function ended({ value, interval }: SampleShift, otherwise: number): Shift {
  return {
    estimate: value ?? otherwise,
    low: interval?.low ?? -Infinity,
    high: interval?.high ?? Infinity,
  };
}

function fromEstimates(base: Estimate, other: Estimate, of: (value: number) => number): Shift {
  const bounded = ({ value, low, high }: Estimate) => ({
    value: of(value ?? Number.NaN),
    low: low === null ? -Infinity : of(low),
    high: high === null ? Infinity : of(high),
  });
  const [from, to] = [bounded(base), bounded(other)];
  return { estimate: to.value - from.value, ...differenceInterval(from, to) };
}
