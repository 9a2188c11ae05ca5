import { regularizedBeta } from './beta.ts';

export interface ChangePointOptions {
  /** Chance of a change where there is none, of one split: Student's t test, two-sided. */
  maxP: number;
  /** The smallest difference of means that is a change, in the series' unit. */
  leastChange: number;
  /** The spread of a single figure is at least this; above 0, so that equal figures have one too. */
  leastSd: number;
  /** Figures on either side of a change, at least. */
  leastRuns: number;
  /** Figures that are looked at together; above twice `leastRuns`. */
  window: number;
}

/** Where the level of a series changes. */
export interface ChangePoint {
  /** Of the first figure at the new level. */
  index: number;
  /** Of the stretches before and after, up to the next changes. */
  before: number;
  after: number;
  /** Of Student's t test between the two. */
  p: number;
}

/** Splits are kept for the second pass at a chance so many times as high. */
const WEAK = 10;

/**
 * Change points of the mean: E-divisive with a deterministic test. Windows that overlap by half are
 * split where the energy statistic of the two sides is largest, and their halves again, as long as
 * Student's t test tells the sides apart at a relaxed level. Then, from the weakest up, points that do
 * not hold at the level asked for, or are too small, are taken out, their neighbours being tested
 * anew each time. The same series gives the same points.
 * @param series in the order of time, finite
 * @returns ascending by index; none for fewer than twice `leastRuns` figures
 * @see Matteson and James (2014), https://arxiv.org/abs/1306.4933
 * @see Fleming et al. (2023), Hunter, https://arxiv.org/abs/2301.03034
 */
export function changePoints(
  series: readonly number[],
  options: ChangePointOptions,
): ChangePoint[] {
  return strongest(series, weakPoints(series, options), options);
}

/** Indices of splits that hold at the relaxed level. */
function weakPoints(series: readonly number[], options: ChangePointOptions): number[] {
  const found = new Set<number>();
  const step = Math.floor(options.window / 2);
  for (let from = 0; from < series.length; ) {
    const to = Math.min(from + options.window, series.length);
    const inside = splits(series, from, to, options);
    for (const index of inside) found.add(index);
    if (to === series.length) break;
    from = Math.max(from + step, ...inside);
  }
  return [...found].sort((a, b) => a - b);
}

function splits(
  series: readonly number[],
  from: number,
  to: number,
  options: ChangePointOptions,
): number[] {
  const at = bestSplit(series, from, to, options.leastRuns);
  if (at === undefined) return [];
  const { p } = compare(series, { from, at, to }, options.leastSd);
  if (p >= WEAK * options.maxP) return [];
  return [...splits(series, from, at, options), at, ...splits(series, at, to, options)];
}

/**
 * The split with the largest energy statistic. One at the least size of a side is none where a still
 * smaller side would be told apart better: that is a few figures of their own, not a level.
 */
function bestSplit(
  series: readonly number[],
  from: number,
  to: number,
  leastRuns: number,
): number | undefined {
  const energies = energiesOf(series, from, to);
  let best: number | undefined;
  for (let at = from + leastRuns; at <= to - leastRuns; at++) {
    const energy = energies[at - from] as number;
    const [before = -Infinity, after = -Infinity] = [
      energies[at - from - 1],
      energies[at - from + 1],
    ];
    if (before > energy || after > energy) continue;
    if (best === undefined || energy > (energies[best - from] as number)) best = at;
  }
  return best;
}

/**
 * Of every split: nm/(n + m) times twice the mean distance between the sides less the mean distances
 * within them, all sums moved along with the split. Entry i is of i figures on the left; entry 0 of none.
 */
function energiesOf(series: readonly number[], from: number, to: number): number[] {
  const energies = [-Infinity];
  let left = 0;
  let between = 0;
  let right = pairDistances(series, from, to);
  for (let at = from; at < to - 1; at++) {
    const toLeft = distances(series, at, from, at);
    const toRight = distances(series, at, at + 1, to);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    const n = at + 1 - from;
    const m = to - at - 1;
    const within = meanWithin(left, n) + meanWithin(right, m);
    energies.push(((n * m) / (n + m)) * ((2 * between) / (n * m) - within));
  }
  return energies;
}

/** Of the pairs of one side; a single figure has none. */
function meanWithin(sum: number, count: number): number {
  return count < 2 ? 0 : (2 * sum) / (count * (count - 1));
}

function pairDistances(series: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += distances(series, at, at + 1, to);
  return sum;
}

function distances(series: readonly number[], at: number, from: number, to: number): number {
  const own = series[at] as number;
  let sum = 0;
  for (let other = from; other < to; other++) sum += Math.abs(own - (series[other] as number));
  return sum;
}

function strongest(
  series: readonly number[],
  weak: readonly number[],
  options: ChangePointOptions,
): ChangePoint[] {
  const indices = [...weak];
  for (;;) {
    const points = indices.map((at, i) => {
      const from = indices[i - 1] ?? 0;
      const to = indices[i + 1] ?? series.length;
      return compare(series, { from, at, to }, options.leastSd);
    });
    const weakest = lowest(points, options);
    if (weakest === undefined) return points;
    indices.splice(points.indexOf(weakest), 1);
  }
}

/** What is least likely a change, else what is the smallest one. */
function lowest(
  points: readonly ChangePoint[],
  { maxP, leastChange }: ChangePointOptions,
): ChangePoint | undefined {
  const byChance = points.filter(({ p }) => p >= maxP).sort((a, b) => b.p - a.p);
  const bySize = points.filter((point) => sizeOf(point) < leastChange);
  return byChance[0] ?? bySize.sort((a, b) => sizeOf(a) - sizeOf(b))[0];
}

function sizeOf({ before, after }: ChangePoint): number {
  return Math.abs(after - before);
}

/** Student's t test of the figures on either side of a split. */
function compare(
  series: readonly number[],
  { from, at, to }: { from: number; at: number; to: number },
  leastSd: number,
): ChangePoint {
  const left = momentsOf(series, from, at);
  const right = momentsOf(series, at, to);
  const df = to - from - 2;
  const variance = Math.max((left.squares + right.squares) / df, leastSd ** 2);
  const t = (right.mean - left.mean) / Math.sqrt(variance * (1 / (at - from) + 1 / (to - at)));
  const p = regularizedBeta(df / (df + t * t), df / 2, 0.5);
  return { index: at, before: left.mean, after: right.mean, p };
}

function momentsOf(series: readonly number[], from: number, to: number) {
  let mean = 0;
  for (let i = from; i < to; i++) mean += (series[i] as number) / (to - from);
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((series[i] as number) - mean) ** 2;
  return { mean, squares };
}
