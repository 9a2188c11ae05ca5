import { BUDGET_SPENT, TIME_UP } from '../run/skips.ts';
import type { Manifest } from '../store/types.ts';
import { identityOf, unfitness } from './of-run.ts';

/**
 * Why a run cannot stand in a history; `null` where it can. Besides what no run may be, it must have
 * sent all of its plan, and no more: a check that stops at its verdict sends now more, now less, under
 * one plan, and so does a run whose budget ends it. A check against earlier runs sends the plain plan.
 */
export function historyUnfitness(manifest: Manifest): string | null {
  return unfitness(manifest) ?? variation(manifest) ?? cut(manifest);
}

function variation({ check }: Manifest): string | null {
  if (check === undefined) return null;
  return check.comparisons.length > 0
    ? 'it is a check of pairs, which sends as many as its verdict takes'
    : 'it is a check of limits, which sends as many requests as its verdict takes';
}

function cut(manifest: Manifest): string | null {
  const ends = isTimed(manifest) ? BUDGET_SPENT : [...BUDGET_SPENT, TIME_UP];
  for (const { label, suite, skipped_reason } of manifest.planned) {
    const reason = skipped_reason?.split('; ').find((one) => ends.includes(one));
    if (reason !== undefined) return `it was cut short: ${label}, ${suite}: ${reason}`;
  }
  return null;
}

/** Whether time is what the plan itself ends by. */
function isTimed(manifest: Manifest): boolean {
  const load = identityOf(manifest).plan?.load;
  return load === undefined || (load.duration_ms !== null && load.requests === null);
}
