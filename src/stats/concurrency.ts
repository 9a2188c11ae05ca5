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

/** Of the usual number in flight, what still counts as full load. */
const FULL_SHARE = 0.8;

/**
 * From the first to the last start at which about as many intervals ran as usual, that is at least
 * 0.8 of the median over all starts. Before, a load builds up; behind it, it runs dry.
 * @returns in the unit of time given; `undefined` without intervals
 */
export function fullLoad(
  starts: ArrayLike<number>,
  ends: ArrayLike<number>,
): { from: number; to: number } | undefined {
  const ascendingStarts = Float64Array.from(starts).sort();
  const ascendingEnds = Float64Array.from(ends).sort();
  let ended = 0;
  const running = ascendingStarts.map((start, index) => {
    while ((ascendingEnds[ended] ?? Infinity) <= start) ended++;
    return index + 1 - ended;
  });
  const usual = running.slice().sort()[running.length >> 1] ?? 0;
  const isFull = (count: number) => count >= FULL_SHARE * usual;
  const from = ascendingStarts[running.findIndex(isFull)];
  const to = ascendingStarts[running.findLastIndex(isFull)];
  return from === undefined || to === undefined ? undefined : { from, to };
}
