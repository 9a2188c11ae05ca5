import type { Slo } from '../config/types.ts';
import { createRandom } from '../random.ts';
import { rateInterval, type Spells } from '../stats/block-bootstrap.ts';
import { designEffect } from '../stats/design-effect.ts';
import { wilsonInterval } from '../stats/wilson.ts';
import type { Column } from './column.ts';
import { estimate } from './estimate.ts';
import type { RowSamples } from './row-samples.ts';
import type { Timeline } from './timeline.ts';
import type { Accounting, Estimate, EstimateName } from './types.ts';

/** The estimates of a row that are no quantile: shares of its requests, and rates over its window. */
export function ratesOf(
  samples: RowSamples,
  timeline: Timeline,
  requests: Accounting,
  slo: Slo,
): Partial<Record<EstimateName, Estimate>> {
  const { ok, failed, planned } = requests;
  const { failures, goods, tokens } = samples;
  const wantsGoodput = Object.values(slo).some((limit) => limit !== undefined);
  const good = wantsGoodput && samples.records > 0 ? samples.meetingSlo : null;
  const rate = (name: EstimateName, total: number | null, n: number, spells: () => Spells) =>
    rateEstimate(name, total, n, spells, timeline);
  return {
    error_rate: shareEstimate(failed, ok + failed, failures, timeline),
    output_tokens_per_second: bounded(
      rate('output_tokens_per_second', samples.outputTokens, samples.okWithTokens, () =>
        timeline.spellsOf(tokens),
      ),
      samples.okWithTokens < ok,
    ),
    requests_per_second: rate('requests_per_second', ok, ok, () =>
      timeline.spellsOf(failures, (failure) => 1 - failure),
    ),
    goodput_per_second: rate('goodput_per_second', good, good === null ? 0 : ok, () =>
      timeline.spellsOf(goods),
    ),
    goodput_share:
      good === null ? estimate(null, 0) : shareEstimate(good, planned, goods, timeline),
  };
}

/** Wilson's interval, on n over the design effect. */
function shareEstimate(hits: number, n: number, column: Column, timeline: Timeline): Estimate {
  if (n === 0) return estimate(null, 0);
  return estimate(hits / n, n, wilsonInterval(hits / n, effectiveHits(n, column, timeline)));
}

/** How many independent requests n are worth to the share of those that a column marks with 1. */
export function effectiveHits(n: number, column: Column, timeline: Timeline): number {
  const { series, clusters } = timeline.samplesOf(column);
  return n / designEffect(Uint8Array.from(series), clusters);
}

/** The same spells give the same interval: the generator starts from the estimate's name. */
function rateEstimate(
  name: EstimateName,
  total: number | null,
  n: number,
  spells: () => Spells,
  { window }: Timeline,
): Estimate {
  if (total === null || window === null || window.endMs === window.startMs) {
    return estimate(null, n);
  }
  const perSecond = (1000 * total) / (window.endMs - window.startMs);
  return estimate(perSecond, n, rateInterval(spells(), window, createRandom(name).next));
}

/** Replies whose tokens nobody counted add nothing to the sum, yet were sent. */
function bounded(rate: Estimate, isBound: boolean): Estimate {
  return isBound && rate.value !== null ? { ...rate, high: null, at_least: true } : rate;
}
