export interface Concurrency {
  /** Time-weighted, from the first start to the last end; `undefined` where that takes no time. */
  mean: number | undefined;
  max: number;
}

/**
 * How many of a set of half-open intervals [start, end) run at once.
 * @param starts one per interval, in any order and any unit of time
 * @param ends parallel to `starts`, each no smaller than its start
 * @returns `undefined` without intervals
 */
export function concurrency(
  starts: ArrayLike<number>,
  ends: ArrayLike<number>,
): Concurrency | undefined {
  if (starts.length === 0) return undefined;
  const ascendingStarts = Float64Array.from(starts).sort();
  const ascendingEnds = Float64Array.from(ends).sort();

  let busy = 0;
  let max = 1;
  let ended = 0;
  ascendingStarts.forEach((start, index) => {
    while ((ascendingEnds[ended] ?? Infinity) <= start) ended++;
    max = Math.max(max, index + 1 - ended);
    busy += (ascendingEnds[index] as number) - start;
  });

  const first = ascendingStarts[0] as number;
  const last = ascendingEnds[ascendingEnds.length - 1] as number;
  return { mean: last > first ? busy / (last - first) : undefined, max };
}
