import { differenceFrom } from './difference.ts';
import type { StoredBaseline } from './folder.ts';

export interface PruneWishes {
  /** So many of the newest stay. */
  keep?: number | undefined;
  /** Those that started before this instant go. */
  before?: Date | undefined;
  /** Those of another plan than the newest one's go. */
  otherPlans?: boolean | undefined;
}

/** What is to go and why; what several wishes name goes once. */
export function toPrune(
  stored: readonly StoredBaseline[],
  { keep, before, otherPlans }: PruneWishes,
): { stored: StoredBaseline; reason: string }[] {
  const newest = stored.at(-1)?.baseline;
  return stored.flatMap((each, index) => {
    const { baseline } = each;
    const difference = newest === undefined ? null : differenceFrom(newest, baseline);
    if (otherPlans && difference !== null) {
      return [{ stored: each, reason: `of another plan: ${difference}` }];
    }
    if (before !== undefined && new Date(baseline.started_at) < before) {
      return [{ stored: each, reason: `before ${before.toISOString().slice(0, 10)}` }];
    }
    const behind = stored.length - index;
    if (keep !== undefined && behind > keep) {
      return [{ stored: each, reason: `behind the newest ${keep}` }];
    }
    return [];
  });
}
