import type { CheckResult, Finding } from '../../gate/types.ts';
import { jsonText } from '../../json.ts';
import { neutralise } from '../text.ts';
import { figuresOf, modelOf, simulatedSuffix } from './identity.ts';
import { metricNameOf } from './metric-name.ts';
import { samplesOf } from './words.ts';

/** One entry of the files that `github-action-benchmark` reads. */
interface Entry {
  name: string;
  unit: string;
  value: number;
  range?: string;
  extra: string;
}

/**
 * The figures of a check for `github-action-benchmark`, whose tools `customSmallerIsBetter` and
 * `customBiggerIsBetter` want a file each; it refuses an empty one.
 * @see https://github.com/benchmark-action/github-action-benchmark
 */
export function checkBenchmarkAction(result: CheckResult, better: Finding['better']): string {
  const entries = figuresOf(result)
    .filter((one) => one.better === better)
    .map((one) => entryOf(one, result));
  return `${jsonText(entries, 2)}\n`;
}

function entryOf(one: Finding, result: CheckResult): Entry {
  const { value, low, high } = one.value;
  const farther = low === null || high === null ? null : fartherEnd(value as number, low, high);
  return {
    name: `${modelOf(one)} ${neutralise(one.suite)}: ${neutralise(one.metric)}${simulatedSuffix(result)}`,
    unit: unitOf(one),
    value: value as number,
    ...(farther === null ? {} : { range: `± ${Number(farther.toPrecision(3))}` }),
    extra: `${samplesOf(one)}, run ${neutralise(result.run_id)}`,
  };
}

function fartherEnd(value: number, low: number, high: number): number {
  return Math.max(value - low, high - value);
}

/** A share stays a share, a price a price: `value` is not converted. */
function unitOf({ metric }: Finding): string {
  if (/^(error_rate|score|accuracy|\w+_share)/.test(metric)) return 'share';
  if (metric.startsWith('cost_usd')) return 'USD';
  const perSecond = /^(\w+?)s?_per_second/.exec(metric);
  if (perSecond !== null) return /tokens?$/.test(perSecond[1] ?? '') ? 'tok/s' : '1/s';
  return metricNameOf(metric).unit.trim();
}
