import type { CheckResult, Finding } from '../../gate/types.ts';
import { jsonText } from '../../json.ts';
import { neutralise, truncate } from '../text.ts';
import { figuresOf, modelOf, simulatedSuffix } from './identity.ts';

interface Metric {
  value: number;
  lower_value?: number;
  upper_value?: number;
}

/** Bencher's longest names. */
const NAME_COLUMNS = 1024;
const MEASURE_COLUMNS = 64;

/**
 * The figures of a check in Bencher's metric format: a benchmark per model and suite, a measure per
 * metric in its own unit (`ttft-ms-p50`; Bencher's own `latency` would be nanoseconds), with the ends
 * of its 95 % interval.
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
export function checkBencher(result: CheckResult): string {
  const benchmarks: Record<string, Record<string, Metric>> = {};
  for (const one of figuresOf(result)) {
    const name = `${modelOf(one)} ${neutralise(one.suite)}${simulatedSuffix(result)}`;
    const benchmark = truncate(name, NAME_COLUMNS);
    benchmarks[benchmark] = { ...benchmarks[benchmark], [measureOf(one)]: metricOf(one) };
  }
  return `${jsonText(benchmarks, 2)}\n`;
}

function measureOf({ metric }: Finding): string {
  const words = metric.toLowerCase().match(/[a-z0-9]+(?:\.\d+)?/g) ?? [];
  return words
    .join('-')
    .replace(/-p-(\d)/, '-p$1')
    .replaceAll('.', '-')
    .slice(0, MEASURE_COLUMNS);
}

function metricOf({ value: { value, low, high } }: Finding): Metric {
  return {
    value: value as number,
    ...(low === null ? {} : { lower_value: low }),
    ...(high === null ? {} : { upper_value: high }),
  };
}
