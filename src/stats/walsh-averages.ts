/**
 * How many Walsh averages (xᵢ + xⱼ)/2, i ≤ j, are no larger than a limit: O(n) by two pointers, for
 * as i grows the last j falls.
 * @param sorted ascending, without NaN or infinities
 */
export function walshAtMost(sorted: Float64Array, limit: number): number {
  const sum = 2 * limit;
  let count = 0;
  let last = sorted.length - 1;
  for (let first = 0; first <= last; first++) {
    while (last >= first && (sorted[first] as number) + (sorted[last] as number) > sum) last--;
    count += last - first + 1;
  }
  return count;
}

/**
 * The k-th smallest Walsh average, without making them all: narrowed down by counting until few are
 * left between, then these alone are made and sorted. O(n·log n) in practice.
 * @param sorted ascending, without NaN or infinities
 * @param k from 1 to n(n + 1)/2
 * @param from no larger than what is sought
 * @param to no smaller
 */
export function kthWalsh(sorted: Float64Array, k: number, from: number, to: number): number {
  let low = from;
  let high = to;
  let belowLow = walshAtMost(sorted, low);
  if (belowLow >= k) return low;
  let belowHigh = walshAtMost(sorted, high);
  const few = 48;
  for (let step = 0; belowHigh - belowLow > few; step++) {
    const middle = low + (high - low) * weightAt(step, k, few / 3, belowLow, belowHigh);
    if (middle <= low || middle >= high) return high; // All between are equal.
    const below = walshAtMost(sorted, middle);
    if (below >= k) [high, belowHigh] = [middle, below];
    else [low, belowLow] = [middle, below];
  }
  const between = walshBetween(sorted, low, high, belowHigh - belowLow).sort();
  return between[k - belowLow - 1] as number;
}

/**
 * Where to count next: as the counts suggest, a little below k and a little above by turns, so that
 * both ends close in; every third time in the middle, which gets there whatever the counts are like.
 */
function weightAt(step: number, k: number, margin: number, belowLow: number, belowHigh: number) {
  if (step % 3 === 2) return 0.5;
  const target = step % 3 === 0 ? k - margin : k + margin;
  const weight = (target - belowLow) / (belowHigh - belowLow);
  return weight > 0 && weight < 1 ? weight : 0.5;
}

/** All `count` Walsh averages above `low` and up to `high`, in no order. */
function walshBetween(
  sorted: Float64Array,
  low: number,
  high: number,
  count: number,
): Float64Array {
  const found = new Float64Array(count);
  let at = 0;
  let last = sorted.length - 1;
  for (let first = 0; first <= last; first++) {
    while (last >= first && (sorted[first] as number) + (sorted[last] as number) > 2 * high) last--;
    for (let other = last; other >= first; other--) {
      const sum = (sorted[first] as number) + (sorted[other] as number);
      if (sum <= 2 * low) break;
      found[at++] = sum / 2;
    }
  }
  return found;
}
