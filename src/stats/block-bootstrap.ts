import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';
import { BOTH_TAILS, LEAST_FOR_INTERVAL, type Tails } from './quantile-interval.ts';

/** What happened over stretches of time: tokens made, requests served. */
export interface Spells {
  /** One per spell, in any order, in milliseconds. */
  starts: ArrayLike<number>;
  /** Parallel to `starts`, none smaller than its start. */
  ends: ArrayLike<number>;
  /** Parallel to `starts`: what each came to; it counts as made evenly from start to end. */
  amounts: ArrayLike<number>;
}

/** In milliseconds. */
export interface Window {
  /** Every spell lies between these two. */
  startMs: number;
  endMs: number;
  /** And between these the load was what it usually was; see `fullLoad`. */
  fullFromMs: number;
  fullToMs: number;
}

/** Blocks that the time is cut into: the more the better, if they are long enough. */
const MANY_BLOCKS = 20;
const FEW_BLOCKS = 10;
const LEAST_SPELLS_PER_BLOCK = 10;
/** The correlation of neighbouring blocks from which longer ones are taken. */
const TOO_CORRELATED = 0.15;
/** That from which the last ones are taken for a first-order process, and the interval widened. */
const CORRELATED = 0.2;
const MOST_CORRELATION = 0.8;
const RESAMPLES = 500;
/** A tail is read off where so many resamples lie beyond it, at least. */
const LEAST_BEYOND = 12;
/** Tails that these are too few for have no end. */
const MOST_RESAMPLES = 200_000;
/** Thinner ones have no interval, whatever the number of samples. */
export const THINNEST_TAIL = LEAST_BEYOND / MOST_RESAMPLES;
/** Standard deviations that 95 % of a normal distribution lie within. */
const Z = 1.96;
/** A run that is mostly its own beginning and end shows no rate that could be told again. */
const LEAST_FULL = 0.5;

/**
 * Interval for a rate over a window of time, by the studentised bootstrap over blocks of time,
 * so that bursts and slow spells count for what they are. The blocks lie where the load was full:
 * that it runs dry at the end is no chance. How long that takes is, and adds its part.
 * @param next uniform in [0, 1), seeded, so that the same spells give the same interval
 * @param tails those of a 95 % interval, unless told otherwise
 * @returns per second, 0 and `Infinity` for ends left open; `undefined` under 20 spells that came to
 *   something, where the load was full for less than half of the window, and where one of the
 *   tails is so thin that 200,000 resamples do not show it; see `isShown`
 * @see docs/metrics.md#intervals
 */
export function rateInterval(
  spells: Spells,
  window: Window,
  next: () => number,
  tails: Tails = BOTH_TAILS,
): { low: number; high: number } | undefined {
  const windowMs = window.endMs - window.startMs;
  const fullMs = window.fullToMs - window.fullFromMs;
  if (productive(spells) < LEAST_FOR_INTERVAL || !(fullMs > LEAST_FULL * windowMs)) {
    return undefined;
  }
  const blocks = longEnough(spells, window);
  const total = sumOf(spells.amounts);
  const perSecond = (1000 * total) / windowMs;
  if (blocks.error === 0) return { low: perSecond, high: perSecond };

  const resamples = resamplesFor(tails);
  if (resamples > MOST_RESAMPLES) return undefined;
  const errors = resampledErrors(blocks, resamples, next);
  // Both relative: what the blocks' mean may be off by, and how much the last wait may differ.
  const ofBlocks = (blocks.error * widening(blocks)) / blocks.mean;
  const reach = (p: number, tail: number) =>
    Math.hypot((quantile(errors, p) as number) * ofBlocks, waitMs(spells, tail) / windowMs);
  const below = reach(1 - tails.low, tails.low);
  const above = reach(tails.high, tails.high);
  return {
    low: tails.low === 0 ? 0 : Math.max(0, perSecond * (1 - below)),
    high: tails.high === 0 ? Infinity : perSecond * (1 + above),
  };
}

/**
 * How much longer or shorter the last wait may be. Durations have a longer tail than a normal
 * distribution, which thin tails see: there the longest spell may be the last as well.
 */
function waitMs(spells: Spells, tail: number): number {
  const { mean, deviation, longest } = durationsOf(spells);
  if (tail >= BOTH_TAILS.low) return Z * deviation;
  return Math.max(-normalQuantile(tail) * deviation, longest - mean);
}

/** Whether resamples in reach show a tail; one that is left open needs none. */
export function isShown(tail: number): boolean {
  return resamplesFor({ low: tail, high: 0 }) <= MOST_RESAMPLES;
}

/** As many as a 95 % interval has, and more for thinner tails. */
function resamplesFor({ low, high }: Tails): number {
  const thinnest = Math.min(low || 1, high || 1);
  return Math.max(RESAMPLES, Math.ceil(LEAST_BEYOND / thinnest));
}

function productive({ amounts }: Spells): number {
  let count = 0;
  for (let i = 0; i < amounts.length; i++) if ((amounts[i] as number) > 0) count++;
  return count;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

/** How long spells take, in milliseconds, with the standard deviation. */
function durationsOf({ starts, ends }: Spells) {
  let sum = 0;
  let squares = 0;
  let longest = 0;
  for (let i = 0; i < starts.length; i++) {
    const lengthMs = (ends[i] as number) - (starts[i] as number);
    sum += lengthMs;
    squares += lengthMs * lengthMs;
    longest = Math.max(longest, lengthMs);
  }
  const mean = sum / starts.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / starts.length - mean ** 2)), longest };
}

/** Blocks of time that hold enough, and go each its own way, as far as a window has them. */
function longEnough(spells: Spells, window: Window): Blocks {
  const many = describe(inBlocks(spells, window, MANY_BLOCKS));
  const enough = spells.starts.length >= LEAST_SPELLS_PER_BLOCK * MANY_BLOCKS;
  return enough && many.correlation < TOO_CORRELATED
    ? many
    : describe(inBlocks(spells, window, FEW_BLOCKS));
}

/** Each block's amount; what was made outside of them is in none. */
function inBlocks(
  { starts, ends, amounts }: Spells,
  { fullFromMs, fullToMs }: Window,
  count: number,
): Float64Array {
  const sums = new Float64Array(count);
  const blockMs = (fullToMs - fullFromMs) / count;
  for (let i = 0; i < starts.length; i++) {
    const [start, end, amount] = [starts[i] as number, ends[i] as number, amounts[i] as number];
    const first = Math.max(0, Math.floor((start - fullFromMs) / blockMs));
    const last = Math.min(count - 1, Math.floor((end - fullFromMs) / blockMs));
    for (let block = first; block <= last; block++) {
      const from = Math.max(start, fullFromMs + block * blockMs);
      const to = Math.min(end, fullFromMs + (block + 1) * blockMs);
      const part = end > start ? Math.max(0, to - from) / (end - start) : 1;
      sums[block] = (sums[block] as number) + amount * part;
    }
  }
  return sums;
}

interface Blocks {
  sums: Float64Array;
  mean: number;
  /** Standard error of the mean, were the blocks independent. */
  error: number;
  /** Of neighbours; corrected for the mean's being theirs. */
  correlation: number;
}

function describe(sums: Float64Array): Blocks {
  const count = sums.length;
  const mean = sums.reduce((sum, each) => sum + each, 0) / count;
  const squares = sums.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  let products = 0;
  for (let i = 1; i < count; i++) {
    products += ((sums[i] as number) - mean) * ((sums[i - 1] as number) - mean);
  }
  return {
    sums,
    mean,
    error: Math.sqrt(squares / (count - 1) / count),
    correlation: squares === 0 ? 0 : products / squares + 1 / count,
  };
}

/** By how much the error of a first-order process of this correlation is larger. */
function widening({ correlation }: Blocks): number {
  if (correlation < CORRELATED) return 1;
  const rho = Math.min(MOST_CORRELATION, correlation);
  return Math.sqrt((1 + rho) / (1 - rho));
}

/** (mean of a resample − mean) / its own standard error, ascending. */
function resampledErrors(
  { sums, mean }: Blocks,
  resamples: number,
  next: () => number,
): Float64Array {
  const count = sums.length;
  const errors = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const deviation = (sums[Math.floor(next() * count)] as number) - mean;
      sum += deviation;
      squares += deviation * deviation;
    }
    const variance = (squares - (sum * sum) / count) / (count - 1) / count;
    // A resample of one and the same block has no error of its own, and says nothing.
    errors[resample] = variance > 1e-12 * mean * mean ? sum / count / Math.sqrt(variance) : 0;
  }
  return errors.sort();
}
