import { parseThreshold, type Threshold } from '../../../src/gate/thresholds.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { createRandom } from '../../../src/random.ts';
import { aFailure, aRecord } from '../../metrics/fixtures.ts';

export function limit(text: string): Threshold {
  const read = parseThreshold(text);
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

/** One after another, half a second each: the first tokens after these times, each of a case of its own. */
export function repliesAfter(ttftsMs: number[], changes: Partial<RequestRecord> = {}) {
  return ttftsMs.map((ttftMs, index) =>
    aRecord({
      ...placeOf(index),
      ttft_ms: ttftMs,
      ttft_from_schedule_ms: ttftMs,
      ...changes,
    }),
  );
}

/** 1, 2, …, n in an order of chance: the true p is about p·n. */
export function shuffled(count: number): number[] {
  const random = createRandom(`shuffled/${count}`);
  const values = Array.from({ length: count }, (_, index) => index + 1);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random.next() * (at + 1));
    [values[at], values[other]] = [values[other] as number, values[at] as number];
  }
  return values;
}

/** So many of them failed, evenly spread. */
export function withFailures(count: number, failures: number): RequestRecord[] {
  const every = Math.floor(count / failures);
  return repliesAfter(shuffled(count)).map((record, index) =>
    failures > 0 && index % every === 0 && index < every * failures
      ? aFailure({ ...placeOf(index) })
      : record,
  );
}

export function placeOf(index: number) {
  return {
    request_id: `r${index}`,
    case_id: `case-${index}`,
    scheduled_ms: 500 * index,
    started_ms: 500 * index,
    ended_ms: 500 * (index + 1),
  };
}
