import { Column } from '../../metrics/column.ts';
import { estimate } from '../../metrics/estimate.ts';
import { quantileEstimate } from '../../metrics/estimates.ts';
import { meanEstimate } from '../../metrics/mean-estimate.ts';
import { leftOutOf } from '../../metrics/row-samples.ts';
import type { Estimate } from '../../metrics/types.ts';
import { designEffect } from '../../stats/design-effect.ts';
import { OrderedSample } from '../../stats/ordered-sample.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import type { GatedMetric, PairedMetric } from '../metric.ts';
import type { PairedRecord } from './pair.ts';

/**
 * A quantile of one arm with its 95 % interval, by the rules of a summary row: a record that timed
 * out counts at its bound, and all of the arm's records do, also where the other of the pair failed.
 * @param records in the order of their pairs
 */
export function armQuantile(
  records: readonly PairedRecord[],
  { metric, p }: Extract<GatedMetric, { kind: 'quantile' }>,
): Estimate {
  const column = new Column();
  const cases: number[] = [];
  const caseNumbers = new Map<string, number>();
  for (const record of records) {
    const value = record[metric];
    const counts = value !== null && (isPlain(record, metric) || isBound(record, metric));
    if (!counts) continue;
    if (record.outcome === 'ok') column.push(value);
    else column.pushBound(value);
    if (!caseNumbers.has(record.case_id)) caseNumbers.set(record.case_id, caseNumbers.size);
    cases.push(caseNumbers.get(record.case_id) as number);
  }
  const clusters = caseNumbers.size < cases.length ? Uint32Array.from(cases) : null;
  const sample = new OrderedSample(column.entries(), clusters, column.lowestBound);
  return quantileEstimate(sample, p, column.count);
}

function isPlain(record: PairedRecord, metric: PairedMetric): boolean {
  return record.outcome === 'ok' && !leftOutOf(record).includes(metric);
}

function isBound(record: PairedRecord, metric: PairedMetric): boolean {
  return record.outcome !== 'ok' && record.censored.includes(metric);
}

/** The share of one arm's requests that failed, of the pairs that count, with Wilson's interval. */
export function armErrorRate(failed: Uint8Array): Estimate {
  if (failed.length === 0) return estimate(null, 0);
  const share = failed.reduce((sum, one) => sum + one, 0) / failed.length;
  const effectiveN = failed.length / designEffect(failed, null);
  return estimate(share, failed.length, wilsonInterval(share, effectiveN));
}

/** The mean score of one arm, of the pairs that count, with its 95 % interval. */
export function armGrade(values: Float64Array, cases: Uint32Array): Estimate {
  return meanEstimate(values, Float64Array.from(cases));
}
