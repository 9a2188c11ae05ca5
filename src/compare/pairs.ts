import type { PairKeys } from '../metrics/pair-keys.ts';

/** For each request of the base, where its partner stands among those of the other; −1 without one. */
export type Partners = Int32Array;

/** Those of a row's requests, and those of its graded cases; `null` where there are no pairs. */
export interface RowPartners {
  requests: Partners | null;
  grades: Partners | null;
}

/** As few of the smaller side's requests may have a partner for the two to be compared in pairs. */
const LEAST_SHARE = 0.5;

/** What two rows have in common. */
export interface Kinship {
  /** Both are of one run, so that a pair of one is the same pair of the other. */
  sameRun: boolean;
  /** A case of one is the same case of the other. */
  samePrompts: boolean;
}

/**
 * Which request of one row, or which of its graded cases, was sent the same prompt as which of another: the two of a pair where
 * they were sent as pairs of one run, else those of the same case, repeat and turn.
 * @returns `null` where the two cannot be paired, or hardly
 */
export function partnersOf(
  base: { keys: PairKeys },
  other: { keys: PairKeys },
  { sameRun, samePrompts }: Kinship,
): Partners | null {
  const bySending = sameRun && base.keys.sentInPairs && other.keys.sentInPairs;
  if (!bySending && !samePrompts) return null;
  const partners = base.keys.partnersAmong(other.keys, bySending);
  const met = partners.reduce((count, index) => count + (index < 0 ? 0 : 1), 0);
  const smaller = Math.min(base.keys.count, other.keys.count);
  return met > 0 && met >= LEAST_SHARE * smaller ? partners : null;
}
