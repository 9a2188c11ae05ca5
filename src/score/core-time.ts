import { ThreadClock } from '../thread-times.ts';

/** Attempts, each given twice the wall time of the one before, of which none got a core for long. */
const ATTEMPTS_MAX = 5;
/** Of the limit on a core, what an attempt must have had to count. */
const SHARE_NEEDED = 0.9;

let clock: ThreadClock | null | undefined;

/**
 * Tries anew what ran into a limit of wall time while others had the core: on a busy machine a thread
 * may wait for longer than an honest pattern takes. Each attempt has twice the wall time of the one
 * before: 31 times the limit in all, where nine tenths of the limit are not to be had on a core. Where the system does not tell, the first attempt
 * counts.
 * @param attempt given its wall time: its result, and whether that was up
 */
export function onCore<T>(
  limitMs: number,
  attempt: (wallMs: number) => { result: T; timeUp: boolean },
): T {
  clock ??= ThreadClock.open();
  for (let attempts = 1; ; attempts++) {
    const before = clock?.read()?.cpuMs;
    const { result, timeUp } = attempt(limitMs * 2 ** (attempts - 1));
    const after = clock?.read()?.cpuMs;
    if (!timeUp || attempts === ATTEMPTS_MAX) return result;
    if (before === undefined || after === undefined) return result;
    if (after - before >= limitMs * SHARE_NEEDED) return result;
  }
}
