import { quantile } from './quantile.ts';
import { LEAST_FOR_INTERVAL } from './quantile-interval.ts';

/** What happened over stretches of time: tokens made, requests served. */
export interface Spells {
  /** One per spell, in any order, in milliseconds. */
  starts: ArrayLike<number>;
  /** Parallel to `starts`, none smaller than its start. */
  ends: ArrayLike<number>;
  /** Parallel to `starts`: what each came to; it counts as made evenly from start to end. */
  amounts: ArrayLike<number>;
}

/** In milliseconds; every spell lies within it. */
export interface Window {
  startMs: number;
  endMs: number;
}

/** Blocks that the window is cut into: the more the better, if they are long enough. */
const MANY_BLOCKS = 20;
const FEW_BLOCKS = 10;
const LEAST_SPELLS_PER_BLOCK = 10;
/** The correlation of neighbouring blocks from which longer ones are taken. */
const TOO_CORRELATED = 0.15;
/** That from which the last ones are taken for a first-order process, and the interval widened. */
const CORRELATED = 0.2;
const MOST_CORRELATION = 0.8;
const RESAMPLES = 500;

/**
 * 95 % interval for a rate over a window of time, by the studentised bootstrap over blocks of time,
 * so that bursts and slow spells count for what they are.
 * @param next uniform in [0, 1), seeded, so that the same spells give the same interval
 * @returns per second; `undefined` under 20 spells, and of a window without length
 * @see docs/metrics.md#intervals
 */
export function rateInterval(
  spells: Spells,
  window: Window,
  next: () => number,
): { low: number; high: number } | undefined {
  if (spells.starts.length < LEAST_FOR_INTERVAL || !(window.endMs > window.startMs)) {
    return undefined;
  }
  const blocks = longEnough(spells, window);
  const perSecond = (1000 * blocks.sums.length) / (window.endMs - window.startMs);
  if (blocks.error === 0) return { low: blocks.mean * perSecond, high: blocks.mean * perSecond };

  const errors = resampledErrors(blocks, next);
  const end = (p: number) =>
    (blocks.mean - (quantile(errors, p) as number) * blocks.error * widening(blocks)) * perSecond;
  return { low: Math.max(0, end(0.975)), high: end(0.025) };
}

/** Blocks of time that hold enough, and go each its own way, as far as a window has them. */
function longEnough(spells: Spells, window: Window): Blocks {
  const many = describe(inBlocks(spells, window, MANY_BLOCKS));
  const enough = spells.starts.length >= LEAST_SPELLS_PER_BLOCK * MANY_BLOCKS;
  return enough && many.correlation < TOO_CORRELATED
    ? many
    : describe(inBlocks(spells, window, FEW_BLOCKS));
}

/** Each block's amount. */
function inBlocks(
  { starts, ends, amounts }: Spells,
  { startMs, endMs }: Window,
  count: number,
): Float64Array {
  const sums = new Float64Array(count);
  const blockMs = (endMs - startMs) / count;
  const blockAt = (ms: number) => Math.min(count - 1, Math.floor((ms - startMs) / blockMs));
  for (let i = 0; i < starts.length; i++) {
    const [start, end, amount] = [starts[i] as number, ends[i] as number, amounts[i] as number];
    const [first, last] = [blockAt(start), blockAt(end)];
    for (let block = first; block <= last; block++) {
      const from = block === first ? start : startMs + block * blockMs;
      const to = block === last ? end : startMs + (block + 1) * blockMs;
      const part = end > start ? (to - from) / (end - start) : 1;
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
function resampledErrors({ sums, mean }: Blocks, next: () => number): Float64Array {
  const count = sums.length;
  const errors = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
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
