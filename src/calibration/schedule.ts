import { usageError } from '../errors.ts';
import type { Random } from '../random.ts';

/** How a ground truth streams; plain data, so that it can go into a request or to a process. */
export interface Schedule {
  /**
   * `paced`: one chunk at a time, evenly. `bursts`: the same rate, `burst` chunks in one write.
   * `flooded`: as fast as the socket takes them, `burst` chunks in one write.
   */
  pace: 'paced' | 'bursts' | 'flooded';
  /** Chunks a second of one stream; without meaning where it is flooded. */
  ratePerSecond: number;
  /** Chunks of one stream; of a range, each stream draws its own number. */
  chunks: number | readonly [low: number, high: number];
  /** Chunks to a write. */
  burst: number;
  /** Size of one event, line ends included; text fills it up. 0: as small as it can be. */
  chunkBytes: number;
}

export const DEFAULT_SCHEDULE: Schedule = {
  pace: 'paced',
  ratePerSecond: 50,
  chunks: 200,
  burst: 1,
  chunkBytes: 0,
};

const MAX_CHUNK_BYTES = 65_536;
const MAX_CHUNKS = 100_000_000;

/**
 * A schedule from what someone asks for; what is left out comes from `base`.
 * @throws TokentapeError (exit 2) that names the key
 */
export function readSchedule(asked: unknown, base: Schedule = DEFAULT_SCHEDULE): Schedule {
  if (asked === undefined || asked === null) return base;
  if (typeof asked !== 'object' || Array.isArray(asked)) {
    throw usageError('a ground truth schedule is an object', 'as {"ratePerSecond": 50}');
  }
  const schedule = { ...base, ...asked } as Schedule;
  const unknown = Object.keys(asked).find((key) => !(key in DEFAULT_SCHEDULE));
  if (unknown !== undefined) {
    const keys = Object.keys(DEFAULT_SCHEDULE).join(', ');
    throw usageError(`ground truth: unknown key ${unknown}`, `one of: ${keys}`);
  }
  if (!['paced', 'bursts', 'flooded'].includes(schedule.pace)) {
    throw usageError(`ground truth: pace ${schedule.pace}`, 'one of: paced, bursts, flooded');
  }
  const { ratePerSecond } = schedule;
  if (typeof ratePerSecond !== 'number' || !(ratePerSecond > 0 && ratePerSecond <= 1e6)) {
    throw usageError('ground truth: ratePerSecond', 'a number above 0, at most 1000000');
  }
  const [low, high] = rangeOf(schedule.chunks);
  if (!isCount(low, MAX_CHUNKS) || !isCount(high, MAX_CHUNKS) || low > high) {
    throw usageError('ground truth: chunks', 'a whole number above 0, or two: [150, 250]');
  }
  if (!isCount(schedule.burst, 1000)) {
    throw usageError('ground truth: burst', 'a whole number from 1 to 1000');
  }
  if (!isCount(schedule.chunkBytes + 1, MAX_CHUNK_BYTES)) {
    throw usageError('ground truth: chunkBytes', `a whole number below ${MAX_CHUNK_BYTES}`);
  }
  return schedule;
}

/** How many chunks the next stream gets. */
export function drawChunks({ chunks }: Schedule, random: Random): number {
  return random.integer(...rangeOf(chunks));
}

/** From one write of a stream to its next, in milliseconds. */
export function periodMs({ pace, ratePerSecond, burst }: Schedule): number {
  if (pace === 'flooded') return 0;
  return (1000 / ratePerSecond) * chunksPerWrite({ pace, burst });
}

export function chunksPerWrite({ pace, burst }: Pick<Schedule, 'pace' | 'burst'>): number {
  return pace === 'paced' ? 1 : burst;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The phase of the `index`-th of any number of streams, as a share of their period: multiples of
 * the golden ratio, whose first n are spread evenly for every n (no gap is three times another).
 */
export function phaseOf(index: number): number {
  return (index * GOLDEN) % 1;
}

/** The first instant of a phase from `nowMs` on. */
export function firstDueMs(nowMs: number, phase: number, period: number): number {
  if (period === 0) return nowMs;
  const offset = phase * period;
  return Math.ceil((nowMs - offset) / period) * period + offset;
}

function rangeOf(chunks: Schedule['chunks']): [number, number] {
  return typeof chunks === 'number' ? [chunks, chunks] : [chunks?.[0], chunks?.[1]];
}

function isCount(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
