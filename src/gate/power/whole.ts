import { rounded } from './at-looks.ts';
import type { Chances, MetricPower } from './types.ts';

/*
 * Of several metrics together, as if they had nothing to do with one another. Those of one model do,
 * which makes a whole check pass more often than is said here, not less.
 */

/** An unchanged check: it passes where all do, and fails where any does. */
export function chancesOf(metrics: readonly MetricPower[]): Chances {
  let pass = 1;
  let noFail = 1;
  for (const { unchanged } of metrics) {
    pass *= unchanged?.pass ?? 0;
    noFail *= 1 - (unchanged?.fail ?? 0);
  }
  return {
    pass: rounded(pass),
    fail: rounded(1 - noFail),
    inconclusive: rounded(noFail - pass),
  };
}

/** Pairs that an unchanged comparison sends until its last metric is decided, on average. */
export function expectedPairs(metrics: readonly MetricPower[]): number {
  const sizes = metrics.flatMap(({ unchanged, last_look }) => [
    last_look,
    ...(unchanged?.looks ?? []).map(({ pairs }) => pairs),
  ]);
  let mean = 0;
  let before = 0;
  for (const size of [...new Set(sizes)].sort((a, b) => a - b)) {
    mean += (1 - decidedBy(before, metrics)) * (size - before);
    before = size;
  }
  return mean;
}

export function lastLook(metrics: readonly MetricPower[]): number {
  return Math.max(0, ...metrics.map(({ last_look }) => last_look));
}

/** The chance that every metric is decided, or has no look left, after so many pairs. */
function decidedBy(pairs: number, metrics: readonly MetricPower[]): number {
  return metrics.reduce((chance, { unchanged, last_look }) => {
    if (pairs >= last_look) return chance;
    const look = unchanged?.looks.filter((one) => one.pairs <= pairs).at(-1);
    return chance * (look === undefined ? 0 : look.pass + look.fail);
  }, 1);
}
