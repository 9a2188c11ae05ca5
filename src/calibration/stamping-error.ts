import type { Tape } from '../capture/tape.ts';
import { quantile } from '../stats/quantile.ts';
import { STAMP_DIGITS } from './stamp.ts';

/** How wrong a client's stamps are: its stamp of a chunk less the instant the chunk was sent at. */
export interface StampingError {
  /** Chunks that carried an instant. */
  chunks: number;
  /** Tapes that had any. */
  streams: number;
  /** `undefined` without chunks. Below 0 the two clocks are not the same. */
  minMs: number | undefined;
  p50Ms: number | undefined;
  p99Ms: number | undefined;
  p999Ms: number | undefined;
  maxMs: number | undefined;
}

/** The stamped chunks of one tape, in order. */
export interface ChunkErrors {
  /** When the client says the chunk came, from the tape's origin. */
  arrivedMs: Float64Array;
  /** Arrival less the sender's own instant. */
  errorMs: Float64Array;
}

const CONTENT = Buffer.from('"delta":{"content":"');
const EVENT_END = Buffer.from('\n\n');
const ZERO = '0'.charCodeAt(0);
const NS_DIGITS = 9;

/**
 * Error of each chunk of a ground truth's tape. A chunk's arrival is that of the read that brought
 * the last byte of its event; a chunk whose event never ended has none.
 */
export function chunkErrors(tape: Tape): ChunkErrors {
  const body = Buffer.from(tape.body.buffer, tape.body.byteOffset, tape.body.byteLength);
  const originNs = BigInt(tape.originNs);
  const originSeconds = Number(originNs / 1_000_000_000n);
  const originRestNs = Number(originNs % 1_000_000_000n);
  const arrivedMs: number[] = [];
  const errorMs: number[] = [];
  let read = 0;
  let readEnd = tape.arrivalBytes[0] ?? 0;
  for (let at = body.indexOf(CONTENT); at !== -1; at = body.indexOf(CONTENT, at)) {
    at += CONTENT.length;
    const end = body.indexOf(EVENT_END, at);
    if (end === -1) break;
    const seconds = readDigits(body, at, STAMP_DIGITS - NS_DIGITS);
    const ns = readDigits(body, at + STAMP_DIGITS - NS_DIGITS, NS_DIGITS);
    // The chunk that names the role is empty.
    if (seconds === undefined || ns === undefined) continue;
    while (readEnd < end + EVENT_END.length && read + 1 < tape.arrivalBytes.length) {
      read += 1;
      readEnd += tape.arrivalBytes[read] ?? 0;
    }
    const cameMs = tape.arrivalsMs[read] ?? Number.NaN;
    const sentMs = (seconds - originSeconds) * 1000 + (ns - originRestNs) / 1e6;
    arrivedMs.push(cameMs);
    errorMs.push(cameMs - sentMs);
    at = end;
  }
  return { arrivedMs: Float64Array.from(arrivedMs), errorMs: Float64Array.from(errorMs) };
}

/** Stamping error over all chunks of all tapes; tapes of anything else than a ground truth have none. */
export function stampingError(tapes: Iterable<Tape>): StampingError {
  const errors: Float64Array[] = [];
  for (const tape of tapes) {
    const { errorMs } = chunkErrors(tape);
    if (errorMs.length > 0) errors.push(errorMs);
  }
  return summariseErrors(errors);
}

/** As `stampingError`, of errors taken from tapes one by one. */
export function summariseErrors(errors: readonly Float64Array[]): StampingError {
  const chunks = errors.reduce((sum, { length }) => sum + length, 0);
  const sorted = new Float64Array(chunks);
  let filled = 0;
  for (const some of errors) {
    sorted.set(some, filled);
    filled += some.length;
  }
  sorted.sort();
  return {
    chunks,
    streams: errors.length,
    minMs: sorted[0],
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    p999Ms: quantile(sorted, 0.999),
    maxMs: sorted.at(-1),
  };
}

/** A number of so many digits; `undefined` where anything else stands. */
function readDigits(bytes: Uint8Array, at: number, digits: number): number | undefined {
  let value = 0;
  for (let place = at; place < at + digits; place++) {
    const digit = (bytes[place] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
