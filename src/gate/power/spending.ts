import type { RequestRecord } from '../../metrics/types.ts';
import type { Spending } from './types.ts';

/** What requests of a row cost, and how long they take. */
export interface Rates {
  /** `null` where not one request has a cost. */
  costUsd: number | null;
  /** Of a slot, from the start of a request to its end. */
  durationMs: number;
  concurrency: number;
}

/** By the requests of an earlier run, those that failed included, for they will fail again. */
export function ratesOf(requests: readonly RequestRecord[], concurrency: number): Rates {
  const costs = requests.flatMap(({ cost_usd }) => cost_usd ?? []);
  const durations = requests.map(({ started_ms, ended_ms }) => ended_ms - started_ms);
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  return {
    costUsd: costs.length === 0 ? null : mean(costs),
    durationMs: mean(durations),
    concurrency,
  };
}

export function spendingOf(
  requests: number,
  { costUsd, durationMs, concurrency }: Rates,
): Spending {
  const count = Math.ceil(requests);
  return {
    requests: count,
    cost_usd: costUsd === null ? null : count * costUsd,
    duration_ms: (count * durationMs) / Math.min(concurrency, Math.max(1, count)),
  };
}

/** One lane's spendings come one after another; lanes run side by side, or not. */
export interface LaneSpending {
  lane: string;
  spending: Spending;
}

/** @param sideBySide whether lanes run at the same time */
export function togetherOf(all: readonly LaneSpending[], sideBySide: boolean): Spending {
  const sums = new Map<string, number>();
  for (const { lane, spending } of all) {
    const key = sideBySide ? lane : '';
    sums.set(key, (sums.get(key) ?? 0) + (spending.duration_ms ?? 0));
  }
  const costs = all.map(({ spending }) => spending.cost_usd);
  return {
    requests: all.reduce((sum, { spending }) => sum + spending.requests, 0),
    cost_usd: costs.includes(null)
      ? null
      : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    duration_ms: Math.max(0, ...sums.values()),
  };
}
