import type { PairKeys } from '../metrics/pair-keys.ts';
import type { RowSamples } from '../metrics/row-samples.ts';

/** For each request of the base, where its partner stands among those of the other; −1 without one. */
export type Partners = Int32Array;

/** As few of the smaller side's requests may have a partner for the two to be compared in pairs. */
const LEAST_SHARE = 0.5;

/**
 * Which request of one row was sent the same prompt as which of another: the two of a pair where
 * they were sent as pairs, else those of the same case, repeat and turn.
 * @param samePrompts whether a case of one is the same case of the other
 * @returns `null` where the two cannot be paired, or hardly
 */
export function partnersOf(
  base: RowSamples,
  other: RowSamples,
  samePrompts: boolean,
): Partners | null {
  const bySending = base.keys.sentInPairs && other.keys.sentInPairs;
  if (!bySending && !samePrompts) return null;
  const partners = match(base.keys, other.keys, bySending);
  const met = partners.reduce((count, index) => count + (index < 0 ? 0 : 1), 0);
  const smaller = Math.min(base.keys.count, other.keys.count);
  return met > 0 && met >= LEAST_SHARE * smaller ? partners : null;
}

function match(base: PairKeys, other: PairKeys, bySending: boolean): Partners {
  const positions = new Map<number, number>();
  const ofOther = other.entries(bySending);
  for (let index = 0; index < ofOther.length; index++) {
    const key = ofOther[index] as number;
    if (!positions.has(key)) positions.set(key, index);
  }
  const ofBase = base.entries(bySending, other);
  const partners = new Int32Array(ofBase.length);
  for (let index = 0; index < ofBase.length; index++) {
    const key = ofBase[index] as number;
    partners[index] = positions.get(key) ?? -1;
    // Each is the partner of one only.
    positions.delete(key);
  }
  return partners;
}
