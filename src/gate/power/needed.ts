/** How many it takes. */
export interface Needed {
  /** With the certainty asked for, what is not known of the noise included; `null`: no number would do. */
  value: number | null;
  /** For the least and the most noise that the sample leaves plausible (95 %). */
  low: number | null;
  high: number | null;
}

/** What is not known exactly: equally probable values, and the ends of 95 % of them. */
export interface Plausible<T> {
  nodes: T[];
  /** The one that needs the fewest. */
  easiest: T;
  hardest: T;
}

/** Beyond this nobody sends. */
export const MOST_NEEDED = 1_000_000;

/** Levels at the middle of equal parts: their quantiles stand for a whole distribution. */
export const NODE_LEVELS: readonly number[] = Array.from({ length: 15 }, (_, i) => (i + 0.5) / 15);

/**
 * The number from which on a power, averaged over what is plausible, reaches `certainty`.
 * @param powerOf power by number, for one plausible value; does not fall with the number
 */
export function neededOf<T>(
  { nodes, easiest, hardest }: Plausible<T>,
  certainty: number,
  powerOf: (one: T) => (count: number) => number,
): Needed {
  const needed = (values: T[]) => {
    const powers = values.map(powerOf);
    return leastCount((count) => meanOf(powers, (power) => power(count)) >= certainty);
  };
  const value = needed(nodes);
  const high = needed([hardest]);
  return {
    value,
    low: needed([easiest]),
    // A certainty beyond the range's own asks for more than its end.
    high: value === null || high === null ? null : Math.max(high, value),
  };
}

export function meanOf<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

/** The least whole number for which it holds; `null` where it does not for any that can be sent. */
export function leastCount(holds: (count: number) => boolean): number | null {
  let above = 2;
  while (!holds(above)) {
    above *= 2;
    if (above > MOST_NEEDED) return null;
  }
  let below = above / 2;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The least value between two for which it holds, to a thousandth of itself; `null` for none. */
export function leastWhere(
  holds: (value: number) => boolean,
  { least, most }: { least: number; most: number },
): number | null {
  if (!holds(most)) return null;
  let [below, above] = [least, most];
  while (above / below > 1.001) {
    const middle = Math.sqrt(below * above);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
