import type { StoredSamples } from './types.ts';

/**
 * As many of the values as are wanted, in the order they stand: the middles of equal slices by rank.
 * They lie closer together than the whole, by half a slice at either end, so a quantile of it is read
 * at its rank in the whole (`quantileOfThinned`), not at that in what was kept.
 */
export function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const byRank = values.map((_, index) => index).sort((a, b) => order(values, a, b));
  const kept = new Set(
    Array.from({ length: most }, (_, i) => byRank[rankOf(i, most, values.length)]),
  );
  return values.filter((_, index) => kept.has(index));
}

function order(values: readonly number[], a: number, b: number): number {
  return (values[a] as number) - (values[b] as number) || a - b;
}

/** The rank in the whole, from 0 on, of the i-th smallest that is kept of it. */
function rankOf(i: number, kept: number, whole: number): number {
  return Math.floor(((i + 0.5) * whole) / kept);
}

/**
 * The quantile that the whole sample had, of type 7 as all are: at the rank (n − 1)·p, linear between
 * the kept values around it.
 * @param p in (0, 1)
 */
export function quantileOfThinned({ of, values }: StoredSamples, p: number): number {
  const sorted = Float64Array.from(values).sort();
  const kept = sorted.length;
  const whole = Math.max(of, kept);
  const wanted = (whole - 1) * p;
  let above = 1;
  while (above < kept - 1 && rankOf(above, kept, whole) < wanted) above++;
  if (kept === 1) return sorted[0] as number;
  const [low, high] = [rankOf(above - 1, kept, whole), rankOf(above, kept, whole)];
  const weight = Math.min(1, Math.max(0, (wanted - low) / (high - low)));
  const [from, to] = [sorted[above - 1] as number, sorted[above] as number];
  return from + weight * (to - from);
}
